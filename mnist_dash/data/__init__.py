"""Images and labels, wherever they come from."""
