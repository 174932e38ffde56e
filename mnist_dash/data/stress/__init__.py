"""What can be done to digits by degrees, from not at all to beyond recognition, to see when models fail."""
