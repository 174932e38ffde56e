"""The whole home as one file, written while runs are at work, and brought back into an empty home."""
