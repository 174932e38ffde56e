"""Sweeps: a search for good hyperparameters, each trial of which is an ordinary run."""
