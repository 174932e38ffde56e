"""What may befall the picture of a digit, as the corruptions of MNIST-C."""
