"""A page looks often while the first batches are waited for, calmly later, and at what has ended no more."""

import time
from collections.abc import Iterator

import pytest
import streamlit as st

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches
from mnist_dash.store.database import Database
from mnist_dash.ui.train.glance import FRESH, FULL, GLANCE, SOON, choose_glance


@pytest.fixture(autouse=True)
def new_server() -> Iterator[None]:
    """Nothing is known of another test's runs."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_the_first_batches_are_looked_for_often_and_the_others_calmly(database: Database) -> None:
    run = queue.submit(database, RunSpec.of("dense_128", "mnist"))
    assert choose_glance(run, full=False) == SOON
    claimed = queue.claim(database, "here")
    assert claimed is not None
    assert choose_glance(claimed, full=False) == SOON
    recorder = RunRecorder(database, claimed)
    recorder.batches(Batches(1, 0, (2.25, 1.5), (0.25, 0.5), 0.75, 0.001))
    assert choose_glance(run_of(database, run.id), full=False) == GLANCE
    recorder.fail("The loss became NaN.")
    assert choose_glance(run_of(database, run.id), full=False) is None


def test_a_run_that_waits_for_long_is_looked_at_calmly(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    run = queue.submit(database, RunSpec.of("dense_128", "mnist"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + FRESH + 1)
    assert choose_glance(run, full=False) == GLANCE
    assert choose_glance(control.stop(database, run.id), full=False) is None


def test_where_no_other_may_be_started_an_ended_run_is_looked_at_as_well(database: Database) -> None:
    """The page learns so that there is room again, though nothing changes about the run that it shows."""
    run = queue.submit(database, RunSpec.of("dense_128", "mnist"))
    assert choose_glance(run, full=True) == choose_glance(run, full=False)
    assert choose_glance(control.stop(database, run.id), full=True) == FULL
