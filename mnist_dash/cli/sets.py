"""A data set that a command is asked to use by its name; whoever names a file instead is told how it becomes a set."""

import re
from pathlib import Path

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import Progress
from mnist_dash.data.store import catalog
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings


def open_named_set(settings: Settings, name: str | None, progress: Progress) -> Dataset:
    """The set of that name, the usual one without; raises DataError, for a file or folder with the way to import it."""
    if name and name not in catalog.names(settings) and _is_there(name):
        kind = "folder" if Path(name).is_dir() else "file"
        raise DataError(
            f"{name} is a {kind}; --data takes the name of a set. Run `mnist-dash import {_quoted(name)} --name "
            f"{_suggest_name(name)}` first, then this with `--data {_suggest_name(name)}`."
        )
    return catalog.open_dataset(settings, name, progress)


def find_named_set(settings: Settings, name: str) -> Dataset | None:
    """The set of that name; None where there is none, or it cannot be opened here."""
    if name not in catalog.names(settings):
        return None
    try:
        return catalog.open_dataset(settings, name)
    except DataError:
        return None


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _quoted(name: str) -> str:
    """A path as a shell takes it."""
    return f'"{name}"' if " " in name else name


def _suggest_name(name: str) -> str:
    stem = Path(name).name.partition(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:40] or "mine"
