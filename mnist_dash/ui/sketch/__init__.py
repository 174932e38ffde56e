"""The room of the page Sketch; Home shows its canvas too."""
