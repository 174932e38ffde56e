"""The room of the page Data sets, and its views."""

from enum import StrEnum


class View(StrEnum):
    """What the page shows."""

    SETS = "sets"
    GENERATE = "generate"


VIEWS = {View.SETS: "Your sets", View.GENERATE: "Generate"}
