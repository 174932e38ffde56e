"""Digits that people wrote and labelled themselves."""
