"""What a backup holds: a ZIP with `backup.json`, which names every file with its length and checksum, and the files.

In it is what people made and what took long: the database (runs with their figures and models, own digits, models by
others, votes), data sets with a name, logs, and what was found once. Left out is what comes again: the cache of
downloaded and generated digits, imports that nobody has named yet, locks, and pictures for browsers.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from mnist_dash.data.store import named_sets
from mnist_dash.data.store.results import ResultKind
from mnist_dash.errors import BackupError
from mnist_dash.own_digits.sets import list_sets
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import DATABASE, Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database

FORM = 1
"""Of the file; counts up where an earlier program could not read it."""
RECORD = "backup.json"
FOLDERS = ("sets", "logs", *ResultKind)
"""The folders of a home whose files travel."""
TRAVELS = re.compile(
    rf"{re.escape(DATABASE)}|sets/{named_sets.NAME.pattern}/[a-z_]+\.(npy|json)|logs/[a-z0-9-]+\.log"
    rf"|({'|'.join(ResultKind)})/[\w-]+\.npz",
    re.ASCII,
)
"""The names of files that travel, from the home; no other is ever written or taken."""
_LARGEST_RECORD, _MOST_FILES = 50_000_000, 200_000
_PART = 1 << 20
TAKEN = "Taken is what `backup` wrote, whole."


@dataclass(frozen=True, slots=True)
class File:
    """How long a file is, in bytes, and its checksum."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a backup says of itself: versions of the program and of the tables, when it was taken, and its files."""

    program: str
    schema: int
    created: float
    files: Mapping[str, File]

    @property
    def bytes(self) -> int:
        """Of all files as they are in a home."""
        return sum(file.bytes for file in self.files.values())

    def to_json(self) -> str:
        """As it stands in the archive."""
        return json.dumps({"form": FORM, **asdict(self)}, indent=1)


@dataclass(frozen=True, slots=True)
class Contents:
    """How much of what people look for is in a home; `active` runs have not ended."""

    runs: int
    active: int
    own_digits: int
    sets: int

    def describe(self) -> str:
        """In words."""
        active = f" ({self.active:,} not ended)" if self.active else ""
        digits, sets = _count(self.own_digits, "own digit"), _count(self.sets, "data set")
        return f"{_count(self.runs, 'run')}{active}, {digits}, {sets} of your own"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def count_contents(settings: Settings, database: Database) -> Contents:
    """What is in a home and its open database; whatever cannot be read as a run raises."""
    runs = runs_of(database)
    return Contents(
        runs=len(runs),
        active=sum(run.state.active for run in runs),
        own_digits=sum(own.digits for own in list_sets(database)),
        sets=len(named_sets.names(settings)),
    )


def list_files(home: Path) -> Iterator[str]:
    """The files of a home that travel beside the database, by their names from the home, in order."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            name = path.relative_to(home).as_posix()
            if TRAVELS.fullmatch(name) and path.is_file() and not path.is_symlink():
                yield name


def copy_file(source: IO[bytes], target: IO[bytes], tell: Callable[[int], None]) -> File:
    """Copy all that is left of a file, and measure it; `tell` hears of each part how many bytes it has."""
    digest, length = hashlib.sha256(), 0
    while part := source.read(_PART):
        target.write(part)
        digest.update(part)
        length += len(part)
        tell(len(part))
    return File(length, digest.hexdigest())


def read_record(archive: ZipFile) -> Record:
    """What the archive says of itself, once it is known that it says it of all its files, and nothing is too new.

    Raises BackupError; nothing but the record is read.
    """
    names = archive.namelist()
    if RECORD not in names or archive.getinfo(RECORD).file_size > _LARGEST_RECORD or len(names) > _MOST_FILES:
        # Where a backup is cut, the last ZIP in it may be that of a model in its database.
        raise BackupError(f"This is no backup of MNIST Dash, or one that is cut short. {TAKEN}")
    told = json.loads(archive.read(RECORD))
    newer = told["form"] > FORM and f"of form {told['form']}, and this program reads form {FORM}"
    newer = newer or (
        told["schema"] > tables.VERSION
        and f"of schema version {told['schema']}, and this program knows versions up to {tables.VERSION}"
    )
    if newer:
        raise BackupError(f"The backup is {newer}: version {str(told['program'])[:20]} of MNIST Dash wrote it. Update.")
    files = {str(name): File(**file) for name, file in told["files"].items()}
    record = Record(str(told["program"]), told["schema"], told["created"], files)
    _check_files(archive, record)
    return record


def _check_files(archive: ZipFile, record: Record) -> None:
    foreign = next((name for name in record.files if not TRAVELS.fullmatch(name)), None)
    if foreign is not None:
        raise BackupError(f"The backup holds {foreign[:80]!r}, which is no file of a home. {TAKEN}")
    there = sorted((member.filename, member.file_size) for member in archive.infolist() if member.filename != RECORD)
    if DATABASE not in record.files or there != sorted((name, file.bytes) for name, file in record.files.items()):
        raise BackupError(f"The backup is damaged: it does not hold what it says. {TAKEN}")
