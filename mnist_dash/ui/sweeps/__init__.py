"""The page Sweeps: a form for a new one, and one as it is searched."""
