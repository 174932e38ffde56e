"""What the page Methods shows: every method and every claim, as it was measured here."""
