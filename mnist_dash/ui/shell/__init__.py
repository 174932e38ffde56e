"""What stands around every page: its frame, its theme, and what sessions and the server remember."""
