"""MNIST itself: from the place that the settings name, from the cache, or from the official mirrors."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mnist_dash.data.checksums import OFFICIAL, PARTS, checksums
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.io.discovery import LoadedSplits, Source, find_source
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import cache
from mnist_dash.data.store.download import MIRRORS, download
from mnist_dash.data.store.transfer import Supplier
from mnist_dash.errors import DataError, DownloadError
from mnist_dash.settings import Settings

KEY = "mnist-official"
"""The cached copy of what was downloaded; sets found on this machine have keys of their own."""
UNPACKING = 0.9
"""The share of the work that downloading is; unpacking and writing are the rest."""


def open_mnist(
    settings: Settings,
    progress: Progress = silent,
    *,
    mirrors: Iterable[Supplier] = MIRRORS,
    official: Mapping[str, str] = OFFICIAL,
) -> Dataset:
    """MNIST from `settings.data` where that is set, otherwise from the cache or else the first mirror that answers.

    Raises DataError where `settings.data` is broken, DownloadError where nothing is cached and no mirror answers or
    none may be asked, and SettingsError where the home cannot be written.
    """
    if settings.data is not None:
        return _local(settings, find_source(settings.data), progress, official)

    def make(scratch: Path) -> Dataset:
        return _downloaded(settings, scratch, progress, mirrors, official)

    return cache.load_or_make(settings, KEY, make, progress)


def is_ready(settings: Settings) -> bool:
    """Whether MNIST opens from the cache, within milliseconds."""
    try:
        key = KEY if settings.data is None else find_source(settings.data).key()
    except DataError:
        return False
    return cache.load(cache.folder_of(settings, key)) is not None


def _local(settings: Settings, source: Source, progress: Progress, official: Mapping[str, str]) -> Dataset:
    key = source.key()

    def make(_scratch: Path) -> Dataset:
        cache.discard_older(settings, source.prefix(), key)
        progress(f"Reading {settings.data}", 0.1)
        return _dataset(source.load(), str(settings.data), official)

    return cache.load_or_make(settings, key, make, progress)


def _downloaded(
    settings: Settings, scratch: Path, progress: Progress, mirrors: Iterable[Supplier], official: Mapping[str, str]
) -> Dataset:
    if settings.offline:
        raise DownloadError(
            "MNIST is not on this machine and MNIST_DASH_OFFLINE forbids a download. Unset it and retry, or set "
            "MNIST_DASH_DATA to a folder with MNIST's four IDX files, to mnist.npz or to a CSV file."
        )
    found = download(mirrors, scratch, within(progress, 0, UNPACKING))
    progress("Unpacking the images", UNPACKING)
    dataset = _dataset(found.load(), found.origin, official)
    if not dataset.official:
        raise DownloadError(
            f"{found.origin} did not serve the official set. {dataset.notice} Retry, or set MNIST_DASH_DATA."
        )
    return dataset


def _dataset(loaded: LoadedSplits, origin: str, official: Mapping[str, str]) -> Dataset:
    sha256 = checksums(loaded.train, loaded.test)
    differing = [part.replace("_", " ") for part in PARTS if sha256[part] != official[part]]
    notices = [loaded.notice, _look_alike(differing)]
    return Dataset(
        name=MNIST,
        train=loaded.train,
        test=loaded.test,
        origin=origin,
        official=not differing,
        sha256=sha256,
        notice=" ".join(notice for notice in notices if notice) or None,
    )


def _look_alike(differing: list[str]) -> str | None:
    if not differing:
        return None
    parts = "all its parts differ" if len(differing) == len(PARTS) else f"its {' and '.join(differing)} differ"
    return f"This is not the official MNIST but a look-alike: {parts}, so results may too."
