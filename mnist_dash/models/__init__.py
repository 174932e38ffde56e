"""Trained models that answer."""
