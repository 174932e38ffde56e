"""What can be trained: the networks, their hyperparameters and where they come from."""
