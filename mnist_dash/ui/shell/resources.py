"""Everything that the sessions of one server share: Streamlit's caches stand here alone.

What is found in a data set or a sketch is kept by `cache_once` where it is found; no other module holds a cache of
Streamlit's, and none keeps anything in its globals.
Imports stand inside the functions, so that a page waits for what it uses and for nothing else.
"""

import gc
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import streamlit as st

from mnist_dash.settings import Settings
from mnist_dash.ui.shell.lull import Lull
from mnist_dash.ui.shell.open_datasets import OpenDatasets
from mnist_dash.ui.shell.sign_in import current_user

if TYPE_CHECKING:
    from mnist_dash.models.background_loader import BackgroundLoader
    from mnist_dash.models.classifier import Classifier
    from mnist_dash.models.rejection import DigitDetector
    from mnist_dash.runs.audits import Audit
    from mnist_dash.runs.background_command import BackgroundCommands
    from mnist_dash.runs.records import Epoch
    from mnist_dash.sketch.cutting import CutConfidence
    from mnist_dash.sketch.photo import Photo
    from mnist_dash.store.database import Database
    from mnist_dash.ui.shell.glances import Glances
    from mnist_dash.ui.shell.run_feed import RunFeed

P = ParamSpec("P")
T = TypeVar("T")
SETTLING = 1.0
"""Seconds from a page's first script to the end of what its visitors still load."""


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this server."""
    return Settings.from_environment(os.environ)


@st.cache_resource(show_spinner=False, on_release=lambda database: database.close())
def _database() -> "Database":
    from mnist_dash.store.database import open_database

    return open_database(settings())


def database() -> "Database":
    """The database of runs, in the name of whoever is signed in."""
    return _database().acting_as(current_user(settings()))


@st.cache_resource(show_spinner=False)
def bundled_model(name: str) -> "Classifier":
    """A model that comes with the program."""
    from mnist_dash.models.bundled import load_bundled

    return load_bundled(name)


@st.cache_resource(show_spinner=False)
def digit_detector() -> "DigitDetector":
    """What tells digits from everything else."""
    from mnist_dash.models.rejection import load_digit_detector

    return load_digit_detector()


def cut_confidence() -> "CutConfidence":
    """Who tells good cuts between touching digits from bad ones, whichever model then reads them."""
    from mnist_dash.models.bundled import DEFAULT
    from mnist_dash.models.cut_confidence import make_cut_confidence

    return make_cut_confidence(bundled_model(DEFAULT), digit_detector())


@st.cache_resource(show_spinner=False, max_entries=32)
def run_model(name: str, epoch: int | None) -> "Classifier":  # noqa: ARG001 - the key: a run at work changes
    """The model of a run, by the name that `models.registry.lookup` knows, as it answers after `epoch`.

    Calibrated on the run's own validation images, where it has some and its data set is still there.
    """
    from mnist_dash.data.progress import silent
    from mnist_dash.models.calibration import calibrate
    from mnist_dash.models.registry.lookup import find_run, load_run_model

    model, run = load_run_model(database(), name), find_run(database(), name)
    if run.spec.data in datasets().names():
        return calibrate(model, run.spec, datasets().dataset(run.spec.data, silent))
    return model


@st.cache_resource(show_spinner=False, max_entries=32)
def added_model(name: str, version: str) -> "Classifier":  # noqa: ARG001 - the key: what it consists of may change
    """A model by others or a vote that was added under that name, in that version of it."""
    from mnist_dash.models.registry.answering import find_answering
    from mnist_dash.models.registry.lookup import open_model
    from mnist_dash.models.vote import VotingModel

    members = find_answering(database(), name).members
    return VotingModel([model(who.name, who.epoch) for who in members]) if members else open_model(database(), name)


def model(name: str, epoch: int | None) -> "Classifier":
    """The model of that name of `ui.shell.offered_models`, as it answers after `epoch`."""
    from mnist_dash.models.bundled import list_bundled
    from mnist_dash.models.registry.answering import find_answering
    from mnist_dash.models.registry.run_names import is_run

    if name in list_bundled():
        return bundled_model(name)
    return run_model(name, epoch) if is_run(name) else added_model(name, find_answering(database(), name).version)


@st.cache_resource(show_spinner=False)
def background_loader() -> "BackgroundLoader":
    """Makes models of runs, and votes of them, ready while pages go on."""
    from mnist_dash.models.background_loader import BackgroundLoader

    return BackgroundLoader(model)


@st.cache_resource(show_spinner=False, max_entries=64)
def answer_milliseconds(name: str, epoch: int | None) -> float:
    """How long that model takes to answer on this server."""
    from mnist_dash.models.timing import measure_milliseconds

    return measure_milliseconds(model(name, epoch))


@st.cache_resource(show_spinner=False, max_entries=64)
def epochs_of(run_id: int, epoch: int) -> "list[Epoch]":  # noqa: ARG001 - the key: finished epochs change no more
    """The epochs of a run that has finished `epoch` of them."""
    from mnist_dash.runs.queries import epochs_of

    return epochs_of(database(), run_id)


@st.cache_resource(show_spinner=False, max_entries=100)
def run_feed(run_id: int) -> "RunFeed":
    """What is known of a run that somebody watches."""
    from mnist_dash.ui.shell.run_feed import RunFeed

    return RunFeed(_database(), run_id)


@st.cache_data(show_spinner=False, ttl=60)
def pace_of_runs() -> float | None:
    """How quick this machine is, by the runs that it has done; None where none tells it."""
    from mnist_dash.runs.estimate import measure_pace
    from mnist_dash.runs.finding import find_newest

    return measure_pace(find_newest(database()))


@st.cache_resource(show_spinner="Reading the photo", max_entries=8)
def photo_of(digest: str, name: str, _content: bytes) -> "Photo":  # noqa: ARG001 - the key: a photo is read once
    """What was read in a photo whose content has that digest. Raises ImageError."""
    import io

    from mnist_dash.sketch.photo import read_photo

    file = io.BytesIO(_content)
    file.name = name
    with _turn():
        return read_photo(file, name, cut_confidence())


@st.cache_resource(show_spinner=False)
def _turn() -> AbstractContextManager[bool]:
    """Guards the memory of this machine: one photo is decoded at a time, since the largest take up to 700 MB."""
    return Lock()


@st.cache_resource(show_spinner=False)
def machine_memory() -> int:
    """Bytes of memory that this machine has."""
    from mnist_dash.runs.process import read_memory

    return read_memory()


@st.cache_resource(show_spinner=False)
def datasets() -> OpenDatasets:
    """The data sets of this server that somebody has asked for."""
    return OpenDatasets(settings())


def cache_once(text: str | None = None, entries: int = 8) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember what a look at a data set or a sketch has found, as long as they stay the same.

    `text` is shown meanwhile; of all that was found, the last `entries` are kept.
    """
    known: dict[str | type[Any], Callable[[Any], Any]] = {
        "mnist_dash.data.dataset.Dataset": lambda dataset: dict(dataset.sha256)
    }
    return st.cache_resource(show_spinner=text or False, max_entries=entries, hash_funcs=known)


@st.cache_resource(show_spinner=False)
def background_commands() -> "BackgroundCommands":
    """What this server has sent processes for: all sessions wait for the same one."""
    from mnist_dash.runs.background_command import BackgroundCommands

    return BackgroundCommands()


@st.cache_resource(show_spinner=False, max_entries=8)
def audit_of(run_id: int) -> "Audit | None":
    """What a finished audit has found."""
    from mnist_dash.runs.queries import audit_of

    return audit_of(database(), run_id)


@st.cache_resource(show_spinner=False)
def glances() -> "Glances":
    """What pages, and parts of them that look again by themselves, take of this server."""
    from mnist_dash.ui.shell.glances import Glances

    return Glances()


@st.cache_resource(show_spinner=False)
def lull() -> Lull:
    """When nobody asks this server for anything."""
    return Lull()


@st.cache_resource(show_spinner=False)
def settle(page: str) -> None:  # noqa: ARG001 - the key: once for each page, when its imports are loaded
    """Leave the collector less to do: Streamlit collects garbage in full after every script, and modules are none.

    That takes a moment, in which a page that has just been drawn would not be whole.
    """
    timer = Timer(SETTLING, _settle)
    timer.daemon = True
    timer.start()


def _settle() -> None:
    gc.collect()
    gc.freeze()
