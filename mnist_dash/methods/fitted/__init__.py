"""Methods that are no networks, a file each: what they are called, what can be set, how they learn and answer."""
