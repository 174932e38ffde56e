"""The room of the page Runs."""
