"""Everything that the sessions of one server share: all caches stand here.

Imports stand inside the functions, so that a page waits for what it uses and for nothing else.
"""

import gc
import os
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.settings import Settings

if TYPE_CHECKING:
    from mnist_dash.analysis.overview import Overview
    from mnist_dash.data.dataset import Dataset
    from mnist_dash.models.classifier import Classifier
    from mnist_dash.runs.database import Database

Report = Callable[[str, float], None]


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this server."""
    return Settings.from_environment(os.environ)


@st.cache_resource(show_spinner=False, on_release=lambda database: database.close())
def database() -> "Database":
    """The database of runs."""
    from mnist_dash.runs.database import open_database

    return open_database(settings())


@st.cache_resource(show_spinner=False)
def bundled_model(name: str) -> "Classifier":
    """A model that comes with the program."""
    from mnist_dash.models.bundled import bundled_model

    return bundled_model(name)


@st.cache_resource(show_spinner=False, max_entries=32)
def model_of_run(run_id: int) -> "Classifier":
    """The model of a finished run."""
    from mnist_dash.models.catalog import model_of_run

    return model_of_run(database(), run_id)


@st.cache_resource(show_spinner=False)
def shelf() -> "Shelf":
    """The data set of this server, once somebody has asked for it."""
    return Shelf(settings())


class Shelf:
    """Keeps the one data set that all sessions read; it is opened at the first request."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        # Guards _dataset: the first session opens it, the others wait for it.
        self._lock = Lock()
        self._dataset: Dataset | None = None

    @property
    def is_filled(self) -> bool:
        """Whether the data set is open."""
        return self._dataset is not None

    def dataset(self, report: Report) -> "Dataset":
        """The data set; opening it the first time reports what is done and how far it is."""
        from mnist_dash.data.catalog import open_dataset

        with self._lock:
            if self._dataset is None:
                self._dataset = open_dataset(self._settings, progress=report)
            return self._dataset

    def empty(self) -> None:
        """Forget the data set, so that the next request looks for it anew."""
        with self._lock:
            self._dataset = None


@st.cache_resource(
    show_spinner=False,
    max_entries=4,
    hash_funcs={"mnist_dash.data.dataset.Dataset": lambda dataset: dict(dataset.sha256)},
)
def overview_of(dataset: "Dataset") -> "Overview":
    """What is counted over all images of a data set, once."""
    from mnist_dash.analysis.overview import overview

    return overview(dataset)


@st.cache_resource(show_spinner=False)
def settled(page: str) -> None:  # noqa: ARG001 - the key: once for each page, when its imports are loaded
    """Do what can wait until a page is on the screen: open the bundled model, and spare what is loaded from collection.

    Streamlit collects garbage in full after every script, which takes the longer the more is loaded.
    """
    from mnist_dash.models.bundled import DEFAULT

    bundled_model(DEFAULT)
    gc.collect()
    gc.freeze()
