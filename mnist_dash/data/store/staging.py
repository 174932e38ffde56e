"""What somebody is about to import: read and shown before it is named, in a folder that is thrown away or renamed.

Each staging is a folder under `home/incoming`, named by a token that nobody can guess, with the set as `cache`
writes it and `understood.json` beside it. It appears whole or not at all, and a day later it is gone.
"""

import json
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.io.importing import ImportReport, read_dataset
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.orientation import Ask, Orientation, Suspicion
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import cache, named_sets
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from mnist_dash.users import LOCAL, User

STALE = 24 * 60 * 60
"""Seconds after which a staging is thrown away at the next one."""
TOKEN = re.compile(r"[0-9a-f]{32}")
READ = 0.95
"""The share of the work that is done when everything is read; writing it is the rest."""
TOLD = "understood.json"


def stage(
    settings: Settings,
    paths: Sequence[Path],
    options: ReadingOptions | None = None,
    progress: Progress = silent,
    ask: Ask | None = None,
) -> str:
    """Read digits from files or a folder and keep them aside; the token names them. Raises DataError, SettingsError.

    `ask` is a model that judges how the digits lie.

    Whatever goes wrong, and what `progress` raises, leaves nothing behind.
    """
    token = secrets.token_hex(16)
    folder = _home(settings) / token
    with cache.make_writable(settings, folder.parent):
        clear_stale(folder.parent)
        with cache.replace_folder(folder) as (complete, scratch):
            understood = read_dataset(paths, options, within(progress, 0, READ), scratch, ask)
            progress("Keeping the images", READ)
            cache.write(complete, named_sets.compute_checksums(understood.dataset))
            (complete / TOLD).write_text(_to_json(understood), "utf-8")
    progress("Ready", 1.0)
    return token


def open_staged(settings: Settings, token: str) -> ImportReport:
    """What was understood of a staging, its arrays memory-mapped; raises DataError where it is gone."""
    folder = _folder(settings, token)
    dataset = cache.load(folder)
    try:
        told = json.loads((folder / TOLD).read_text("utf-8"))
    except (OSError, ValueError):
        told = None
    if dataset is None or told is None:
        raise DataError("What was read is not there any more; it is kept for a day. Import the files again.")
    return _from_json(dataset, told)


def accept(settings: Settings, token: str, name: str, user: User = LOCAL) -> Dataset:
    """Make a staging a data set of that user's with a name, all at once.

    Raises NotAllowedError, and DataError where the name is not allowed or taken.
    """
    open_staged(settings, token)
    return named_sets.take_over(settings, name, _folder(settings, token), user)


def discard(settings: Settings, token: str) -> None:
    """Throw a staging away; one that is gone already is no error."""
    folder = _folder(settings, token)
    with cache.make_writable(settings, folder.parent), suppress(FileNotFoundError):
        cache.remove(folder)


def _folder(settings: Settings, token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise DataError(f"{token[:40]!r} names nothing that was read; allowed is what `import --stage` printed.")
    return _home(settings) / token


def _home(settings: Settings) -> Path:
    return settings.home / "incoming"


def clear_stale(folder: Path) -> None:
    """Throw away what was brought there and nobody came back for, and what killed processes left."""
    for left in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > STALE:
                cache.remove(left)


def _to_json(understood: ImportReport) -> str:
    told = {name: getattr(understood, name) for name in ImportReport.__dataclass_fields__ if name != "dataset"}
    told["suspicion"] = understood.suspicion and asdict(understood.suspicion)
    return json.dumps(told, indent=1)


def _from_json(dataset: Dataset, told: dict[str, object]) -> ImportReport:
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    kinds = {"polarity": Polarity, "fit": Fit, "orientation": Orientation}
    words = {name: kind(str(told[name])) for name, kind in kinds.items() if name in told}
    known = {**told, **lists, **words, "suspicion": _read_suspicion(told.get("suspicion"))}
    return ImportReport(dataset=dataset, **known)  # type: ignore[arg-type]


def _read_suspicion(told: object) -> Suspicion | None:
    if not isinstance(told, dict):
        return None
    return Suspicion(Orientation(told["orientation"]), float(told["as_they_lie"]), float(told["upright"]))
