"""What a terminal shows while something slow is done; nothing where nobody is at the terminal."""

import sys


def progress(text: str, share: float) -> None:
    """One line on stderr that is written over until the work is done."""
    if sys.stderr.isatty():
        print(f"\r{text} {share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
