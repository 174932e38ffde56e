"""Data sets that people named: imported, or made from others by dropping or relabelling images.

Each is a folder under `home/sets`, named as the set is and written as `cache` writes. One lock guards the making,
taking in and removing of all of them; what a killed process left aside is removed the next time. A set is of whoever
made it, which stands in its description, and is read by everybody. What makes or removes one raises NotAllowedError
where whoever asks may not. Where machines share the database it has the sets too, and these folders are copies
(`copies`); all raises UnreachableError then where it is away, and only what lists sets tells those of this home.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mnist_dash.data.checksums import OFFICIAL, checksums
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.progress import Progress, silent
from mnist_dash.data.store import cache, copies
from mnist_dash.data.store.copies import NamedSet
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from mnist_dash.users import LOCAL, User, check_may_change, check_may_train

LONGEST = 40
NAME = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST - 1}}}")
OPTDIGITS = "optdigits"
TAKEN = (MNIST, "generated", OPTDIGITS)
"""The names of the sets that are always there."""
DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
"""Names that Windows keeps for devices."""
ALLOWED = "1 to 40 of a–z, 0–9, - and _, starting with a letter or digit"
GONE = ".gone"
"""How the name ends of a folder that is being removed."""


def names(settings: Settings) -> tuple[str, ...]:
    """The sets that there are, in order of the alphabet."""
    return tuple(sorted(list_versions(settings)))


def list_versions(settings: Settings) -> dict[str, str]:
    """The digest of each set by its name; empty where it is in this home alone."""
    return copies.list_versions(settings, _folders(settings))


def describe_sets(settings: Settings) -> dict[str, NamedSet]:
    """What is known of each set without opening it, by its name."""
    return copies.describe_sets(settings, _folders(settings))


def is_here(settings: Settings, name: str) -> bool:
    """Whether there is such a set, and it can be opened without being fetched."""
    found = describe_sets(settings).get(name)
    return found is not None and found.is_here


def check_name(settings: Settings, name: str) -> None:
    """Refuse a name that is not allowed or taken; raises DataError with one that is neither."""
    check_free(name, {*TAKEN, *names(settings)}, "data set")


def check_free(name: str, taken: Collection[str], what: str) -> None:
    """Refuse a name of a `what` that is not allowed or is one of those `taken`; raises DataError with a free one."""
    came = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    if not NAME.fullmatch(name) or name in DEVICES:
        raise DataError(f"The name {came!r} cannot be used; allowed are {ALLOWED}. Try {_suggest(name, taken)!r}.")
    if name in taken:
        raise DataError(
            f"There is already a {what} {name!r}; every name is given once. Delete that set, or try "
            f"{_suggest(name, taken)!r}."
        )


def open_set(settings: Settings, name: str, progress: Progress = silent) -> Dataset:
    """The set with that name, memory-mapped read-only; raises DataError where it is missing or damaged."""
    bring_here(settings, name, progress)
    return _open(settings, name)


def _open(settings: Settings, name: str) -> Dataset:
    if name not in names(settings):
        raise DataError(f"There is no data set {name[:200]!r} in {_home(settings)}. Choose another, or import it.")
    found = cache.load(folder_of(settings, name))
    if found is None:
        raise DataError(f"The data set {name!r} is damaged. Delete it and import it again.")
    # The folder's name is the set's: a set that was read before it was named takes it by being renamed.
    return replace(found, name=name)


def owner_of(settings: Settings, name: str) -> tuple[str, str]:
    """Whose a set is: their account, and what they are called; both are empty where it is nobody's who signs in."""
    found = describe_sets(settings).get(name)
    return found.owner if found else ("", "")


def save(settings: Settings, name: str, dataset: Dataset, user: User = LOCAL) -> Dataset:
    """Keep a set of that user's under a new name and open it; its checksums are computed anew.

    Raises DataError or SettingsError.
    """
    check_may_train(user)
    check_name(settings, name)
    with lock_sets(settings):
        check_name(settings, name)
        with cache.replace_folder(folder_of(settings, name)) as (folder, _scratch):
            cache.write(folder, compute_checksums(replace(dataset, name=name)))
            cache.note(folder, account=user.account, owner=user.name)
            _share(settings, name, folder)
    return _open(settings, name)


def take_over(settings: Settings, name: str, folder: Path, user: User = LOCAL) -> Dataset:
    """Make a whole folder beside the sets one of that user's, by renaming it; raises DataError or SettingsError."""
    check_may_train(user)
    check_name(settings, name)
    with lock_sets(settings):
        check_name(settings, name)
        cache.note(folder, account=user.account, owner=user.name)
        _share(settings, name, folder)
        folder.rename(folder_of(settings, name))
    return _open(settings, name)


def check_may_delete(settings: Settings, name: str, user: User) -> None:
    """Refuse a set that is not there, with DataError, and one that is somebody else's."""
    check_may_train(user)
    if name not in names(settings):
        raise DataError(f"There is no data set {name[:200]!r} to delete; there are {_listed(settings)}.")
    check_may_change(user, f"The data set {name}", *owner_of(settings, name))


def delete(settings: Settings, name: str, user: User = LOCAL) -> None:
    """Remove a set: at once for everyone who looks for it, while those who have it open keep it. Raises DataError."""
    with lock_sets(settings):
        check_may_delete(settings, name, user)
        copies.remove_shared(settings, name)
        folder = folder_of(settings, name)
        if folder.exists():
            cache.remove(folder.rename(folder.with_name(f"{name}{GONE}")))


def bring_here(settings: Settings, name: str, progress: Progress = silent) -> None:
    """Fetch a set that another machine has brought under this name; one process does it, and others wait.

    Raises DataError where it is damaged there, or does not fit on the disk here; nothing is left of it then.
    """
    folder = folder_of(settings, name)
    if copies.is_current(settings, folder):
        return
    from mnist_dash.store import shared_sets  # with the database, which a home of its own needs not

    locks, incoming = settings.home / "locks", settings.home / "incoming"
    with cache.make_writable(settings, locks), cache.lock_folder(locks / f"fetch-{name}", progress):
        with lock_sets(settings):
            if copies.is_current(settings, folder):
                return
        aside = incoming / f"fetch-{name}"
        with cache.make_writable(settings, incoming), cache.replace_folder(aside) as (complete, _scratch):
            shared_sets.fetch(settings, name, complete, progress)
        with lock_sets(settings):
            if folder.exists():  # made here while the database was away for a moment
                folder.rename(folder_of(settings, suggest_name(settings, name)))
            aside.rename(folder)


def share_own(settings: Settings) -> None:
    """Put what this home alone has into the database that machines share, and remove what was deleted there.

    What is damaged stays as it is. Raises DataError, SettingsError and StoreError.
    """
    if copies.are_settled(settings, _folders(settings)):
        return
    with lock_sets(settings):
        for name, version in list_versions(settings).items():
            folder = folder_of(settings, name)
            if not version and copies.is_whole(cache.load(folder)):
                copies.share(settings, name, folder)


def folder_of(settings: Settings, name: str) -> Path:
    """Where the set with this name is, or would be."""
    return _home(settings) / name


def compute_checksums(dataset: Dataset) -> Dataset:
    """The set with the checksums of its arrays as they are, which say whether it is MNIST itself."""
    sha256 = checksums(dataset.train, dataset.test)
    return replace(dataset, sha256=sha256, official=sha256 == OFFICIAL)


@contextmanager
def lock_sets(settings: Settings) -> Iterator[None]:
    """The folder of sets, for this process alone, and without what killed ones left."""
    folder = _home(settings)
    with cache.make_writable(settings, folder), hold_sets(settings):
        for left in folder.iterdir():
            if left.name.endswith((cache.PART, GONE)):
                cache.remove(left)
        copies.settle(settings, _folders(settings), lambda name: suggest_name(settings, name))
        yield


@contextmanager
def hold_sets(settings: Settings) -> Iterator[None]:
    """No process makes, takes in or removes a set meanwhile."""
    with cache.lock_folder(_home(settings)):
        yield


def _home(settings: Settings) -> Path:
    return settings.home / "sets"


def _folders(settings: Settings) -> list[Path]:
    home = _home(settings)
    found = home.iterdir() if home.is_dir() else ()
    return [path for path in found if NAME.fullmatch(path.name) and path.is_dir()]


def _share(settings: Settings, name: str, folder: Path) -> None:
    """Let other machines have a set as it stands in a folder; raises DataError where one of them has taken the name."""
    if not copies.share(settings, name, folder):
        check_free(name, {name, *TAKEN, *names(settings)}, "data set")


def suggest_name(settings: Settings, name: str) -> str:
    """A free name for a data set, much like this one."""
    return _suggest(name, {*TAKEN, *names(settings)})


def _suggest(name: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[: LONGEST - 4] or "digits"
    used = {*DEVICES, *taken}
    tries = (stem, *(f"{stem}-{number}" for number in range(2, len(used) + 3)))
    return next(free for free in tries if free not in used)


def _listed(settings: Settings) -> str:
    return ", ".join(names(settings)) or "none"
