"""MNIST Dash: a laboratory for handwritten digits in the browser."""
