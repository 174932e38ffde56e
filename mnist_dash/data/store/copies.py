"""How a home's folders of named sets stand to the database that machines share, where there is one.

A folder with a mark is a copy, and goes when its set was deleted or made anew elsewhere; what has none, or is unknown
there, was brought while nothing was shared or the database was away: it is put there, under another name where its own
is taken by other images, and never lost. Without a shared database every folder is a set, and nothing else is asked.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.data.checksums import checksums, digest_of
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import cache
from mnist_dash.errors import UnreachableError
from mnist_dash.settings import Settings


@dataclass(frozen=True, slots=True)
class NamedSet:
    """What is known of a set that nobody has opened: its digest, and whose it is.

    The digest is empty where the set is in this home alone; account and name of the owner, where it is nobody's who
    signs in. One that is not here has to be fetched before it is opened.
    """

    version: str
    owner: tuple[str, str]
    is_here: bool


def describe_sets(settings: Settings, folders: Sequence[Path]) -> dict[str, NamedSet]:
    """What is known of each set, by its name, for one look into the database; where that is away, of those here."""
    here = {folder.name: folder for folder in folders}
    versions, owners, marks = _look(settings, folders)
    return {
        name: NamedSet(
            version, owners[name] if name in owners else owner_of(here[name]), not version or marks.get(name) == version
        )
        for name, version in versions.items()
    }


def list_versions(settings: Settings, folders: Sequence[Path]) -> dict[str, str]:
    """The digest of each set by its name; empty where it is in this home alone.

    Where the database is away, the sets of this home.
    """
    return _look(settings, folders)[0]


def owner_of(folder: Path) -> tuple[str, str]:
    """Whose the set in a folder is, as it says itself: account and name."""
    return cache.recall(folder, "account"), cache.recall(folder, "owner")


def is_current(settings: Settings, folder: Path) -> bool:
    """Whether nothing has to be fetched to open the set that is called as a folder; raises UnreachableError."""
    if not settings.shares_database:
        return True
    from mnist_dash.store.shared_sets import list_shared, read_mark

    return list_shared(settings).there.get(folder.name) in (None, read_mark(folder))


def are_settled(settings: Settings, folders: Sequence[Path]) -> bool:
    """Whether every folder is the copy of a set that is there; raises UnreachableError."""
    if not settings.shares_database:
        return True
    from mnist_dash.store.shared_sets import list_shared, read_mark

    there = list_shared(settings).there if folders else {}
    return all(there.get(folder.name) == (read_mark(folder) or "") for folder in folders)


def settle(settings: Settings, folders: Sequence[Path], suggest_name: Callable[[str], str]) -> None:
    """Remove the copies of what is gone, and give what would stand in the way of another set a free name.

    The caller holds the lock of all sets; where the database is away nothing is done. Raises OSError.
    """
    if not settings.shares_database:
        return
    from mnist_dash.store.shared_sets import list_shared, read_mark, write_mark

    try:
        known = list_shared(settings, [folder.name for folder in folders])
    except UnreachableError:
        return
    for folder in folders:
        mark, wanted = read_mark(folder), known.there.get(folder.name)
        if known.is_gone(folder.name, mark):
            cache.remove(folder.rename(folder.with_name(f"{folder.name}{cache.PART}")))
        elif wanted not in (None, mark):
            found = cache.load(folder)
            if found is not None and digest_of(found) == wanted:
                write_mark(folder, wanted)
            else:
                free = suggest_name(folder.name)
                folder.rename(folder.with_name(free))
                logging.getLogger(__name__).warning(
                    "Another machine has a data set %r with other images; this machine's is called %r from now on.",
                    *(folder.name, free),
                )


def share(settings: Settings, name: str, folder: Path) -> bool:
    """Put a set into the database, if it is shared; false where another set there has that name.

    Where it is away the set stays in this home alone, and is put there later. The caller holds the lock of all sets.
    Raises StoreError, DataError where the set is damaged, and OSError.
    """
    if not settings.shares_database:
        return True
    from mnist_dash.store.shared_sets import put

    try:
        return put(settings, name, folder, digest_of(cache.read_back(folder)), owner_of(folder))
    except UnreachableError:
        logging.getLogger(__name__).warning(
            "The data set %r stands on this machine alone until the database can be reached again.", name
        )
        return True


def remove_shared(settings: Settings, name: str) -> None:
    """Remove a set for all machines, if the database is shared; raises StoreError."""
    if settings.shares_database:
        from mnist_dash.store.shared_sets import remove

        remove(settings, name)


def is_whole(dataset: Dataset | None) -> bool:
    """Whether a set that was read is what it was when it was written."""
    return dataset is not None and checksums(dataset.train, dataset.test) == dict(dataset.sha256)


def _look(
    settings: Settings, folders: Sequence[Path]
) -> tuple[dict[str, str], Mapping[str, tuple[str, str]], Mapping[str, str | None]]:
    """By name: the digest of each set, whose those are that the database has, and of which set a folder is a copy."""
    if not settings.shares_database:
        return {folder.name: "" for folder in folders}, {}, {}
    from mnist_dash.store.shared_sets import list_shared, read_mark

    marks = {folder.name: read_mark(folder) for folder in folders}
    try:
        known = list_shared(settings, marks)
    except UnreachableError:
        return {name: mark or "" for name, mark in marks.items()}, {}, marks
    own = {name: "" for name, mark in marks.items() if name not in known.there and not known.is_gone(name, mark)}
    return known.there | own, known.owners, marks
