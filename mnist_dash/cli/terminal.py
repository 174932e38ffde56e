"""What a terminal, or the program that started this one, is told while something slow is done."""

import json
import sys
import time

from mnist_dash.data.progress import Progress, estimate_left
from mnist_dash.escaping import printable
from mnist_dash.words import duration

OFTEN = 0.2
"""Seconds between two lines for another program."""


def say(*lines: str, error: bool = False) -> None:
    """Lines on stdout, or on stderr; what came from people in them can move no cursor and change no colour."""
    for line in lines:
        print(printable(line), file=sys.stderr if error else sys.stdout)


def show_progress(text: str, share: float) -> None:
    """One line on stderr that is written over until the work is done; nothing where nobody is at the terminal."""
    if sys.stderr.isatty():
        print(f"\r{printable(text)} {share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)


def show_time_left() -> Progress:
    """Progress as `show_progress` shows it, and how long it may still take: for what takes minutes."""
    started, widest = time.monotonic(), 0

    def show(text: str, share: float) -> None:
        nonlocal widest
        left = estimate_left(time.monotonic() - started, share)
        line = text if left is None else f"{text}, {duration(left)} left"
        # What was longer a moment ago would show behind it.
        widest = max(widest, len(line))
        show_progress(line.ljust(widest), share)

    return show


def print_progress_lines() -> Progress:
    """Progress as JSON on stdout, an object a line, for the program that started this one."""
    told = float("-inf")

    def line(text: str, share: float) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= OFTEN or share >= 1:
            told = now
            print(json.dumps({"share": round(share, 4), "text": text}), flush=True)

    return line


def print_result(**values: object) -> None:
    """The last line for the program that started this one: what came of it."""
    print(json.dumps({"result": values}), flush=True)
