"""Reports to take home: what runs have shown, in a file that needs no program but a browser."""
