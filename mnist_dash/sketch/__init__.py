"""From ink of any size and place to the 28×28 images that MNIST is made of."""
