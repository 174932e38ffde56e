"""What the method `reader` learns from: digits of MNIST, redrawn, generated and written by people with pens."""
