"""MNIST Dash: a laboratory for handwritten digits in the browser."""

VERSION = "0.1.0"
"""That of the program, as in pyproject.toml."""
