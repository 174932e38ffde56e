"""Digits that nobody wrote: drawn from hand-made shapes by imaginary writers."""
