"""What pictures of digits suffer in the world, in mild doses, for networks to learn to look past."""
