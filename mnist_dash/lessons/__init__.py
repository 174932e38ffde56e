"""Short lessons on the real pages: what each asks of a person, and how it is seen that it was done."""
