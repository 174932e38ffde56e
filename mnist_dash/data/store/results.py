"""What takes long to find and was found once, kept as files in the home under the key of all that decides it."""

from enum import StrEnum
from pathlib import Path

from mnist_dash.settings import Settings

MOST = 500
"""Results of a kind that are kept; the oldest go first."""


class ResultKind(StrEnum):
    """What a result is, which is also its folder in the home."""

    MAP = "maps"
    ANSWERS = "answers"
    ROBUSTNESS = "robustness"
    FAVOURITES = "favourites"
    NUDGES = "nudges"
    LEARNING_CURVES = "learning-curves"
    FORMS = "forms"


def find_result_file(settings: Settings, kind: ResultKind, key: str) -> Path:
    """Where the result with that key is kept, in a folder that is there; raises SettingsError where it cannot be made.

    To be asked before one is made: the oldest ones leave room for it.
    """
    folder = settings.prepare().home / kind
    folder.mkdir(exist_ok=True)
    path = folder / f"{key}.npz"
    if not path.exists():
        _make_room(folder)
    return path


def read_result(path: Path) -> bytes | None:
    """The content of that file; None where there is none, or it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _make_room(folder: Path) -> None:
    kept = sorted((file for file in folder.glob("*.npz")), key=_age)
    for file in kept[: max(0, len(kept) - MOST + 1)]:
        file.unlink(missing_ok=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process has made room at the same moment
        return 0.0
