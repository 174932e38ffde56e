"""What a person has done in the lessons so far: answers given and runs that counted, as short text for a browser."""

import json
from collections.abc import Mapping

Progress = Mapping[str, float]
"""The answer to each step by its name, `lesson/step`: a number, the place of a choice, or the number of a run."""

LONGEST_TEXT = 10_000
_LARGEST = 1e9


def name_step(lesson: str, step: str) -> str:
    """What a step is called in a progress."""
    return f"{lesson}/{step}"


def to_text(progress: Progress) -> str:
    """A progress as text that `from_text` reads."""
    return json.dumps(dict(progress), separators=(",", ":"))


def from_text(text: object) -> Progress | None:
    """The progress of which `to_text` wrote; None for any other text: nobody can mend what a browser has kept."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return None
    try:
        told = json.loads(text)
    except (RecursionError, ValueError):
        return None
    if not isinstance(told, dict):
        return None
    return {name: value for name, value in told.items() if _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
