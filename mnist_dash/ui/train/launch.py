"""The start of a run: what it will cost, the button, and the same configuration as a Keras script."""

from functools import partial

import numpy as np
import streamlit as st

from mnist_dash.arrays import Indices, Writers
from mnist_dash.data.dataset import Digits
from mnist_dash.errors import QuotaError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.parameters import ValidationBy
from mnist_dash.methods.run_split import draw_run_split, explain_one_digit
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.teachers import check_teacher
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.pace import awaits_first_pace, describe_duration
from mnist_dash.runs.quotas import describe_left
from mnist_dash.runs.starting import expect_run, start_run
from mnist_dash.ui.components.code import offer_code
from mnist_dash.ui.components.following import follow
from mnist_dash.ui.shell import link, machine, resources
from mnist_dash.ui.train import several_seeds
from mnist_dash.users import refuse_training
from mnist_dash.words import duration, size

_COST = (
    "Estimated from the layers, the images and how long runs have taken on this machine. Before the first long one, a "
    "few batches are tried to see how quick it is. Not timed yet: until then this is the time on two quick cores, and "
    "the machine may take several times as long. Loading TensorFlow takes some seconds more, where no process is ready "
    "that has loaded it."
)
_COST_OF_FIT = "Estimated from images and settings, as measured on MNIST, and how quick this machine has been so far."
_STEP = "The run pauses after its first epoch, and you let it go on epoch by epoch."


def show_launch(spec: RunSpec, digits: Digits, full: str | None) -> None:
    """Say what will run and what it costs, and start it where that is wanted; raises SpecError where it cannot run.

    `full` says why no more runs may be started now, where that is so.
    """
    reason = explain_one_digit(spec, digits.labels)
    if reason:
        st.info(escape_markdown(reason), icon=":material/info:")
        return
    database = resources.database()
    check_teacher(database, spec)
    parts = draw_run_split(spec, digits)
    learnt = len(parts.train)
    # What cannot run here is said now, at whatever pace.
    estimate_cost(spec, learnt, None, resources.machine_memory())
    refused = refuse_training(database.user) or full
    left = describe_left(database)
    expected = spec.has_epochs and not refused and expect_run(resources.settings())
    validation = _describe_validation(spec, parts.validation, digits.writers)
    follow(
        machine.find_pace,
        lambda pace: expected and pace is None and awaits_first_pace(resources.settings()),
        lambda pace: _tell_cost(spec, learnt, validation, pace),
    )
    if refused:
        st.caption(f":material/lock: {escape_markdown(refused)}")
    if left and not refused:
        st.caption(left)
    # Not a callback: its arguments would be those of the last script run, without what was typed just before.
    if st.button(
        "Start training", type="primary", icon=":material/play_arrow:", width="stretch", disabled=bool(refused)
    ):
        _queue(spec)
    if refused:
        return
    with st.container(horizontal=True, gap="xsmall"):
        several_seeds.show(spec, learnt)
        if not spec.is_fitted and st.button(
            "One epoch at a time", icon=":material/skip_next:", type="tertiary", help=_STEP
        ):
            _queue(spec, pause_at=1)
        offer_code(spec)


def _queue(spec: RunSpec, pause_at: int | None = None) -> None:
    try:
        run = start_run(resources.settings(), resources.database(), spec, pause_at=pause_at)
    except QuotaError as e:
        # Another tab of theirs was quicker.
        st.error(escape_markdown(e), icon=":material/error:")
        return
    link.RUN.keep(run.id)


def _describe_validation(spec: RunSpec, validation: Indices, writers: Writers | None) -> str:
    images = f"{len(validation):,} for validation"
    if spec.validation_by == ValidationBy.IMAGE or writers is None or not len(validation):
        return images
    people = len(np.unique(writers[validation]))
    return f"{images}, by {people:,} other {'writer' if people == 1 else 'writers'}"


def _tell_cost(spec: RunSpec, learnt: int, validation: str, pace: float | None) -> None:
    epochs = "" if spec.is_fitted else "1 epoch on " if spec.epochs == 1 else f"{spec.epochs:,} epochs on "
    found, cost = estimate_cost(spec, learnt, pace, resources.machine_memory()), ""
    if found:
        takes = duration if spec.is_fitted else partial(describe_duration, pace=pace)
        cost = f"About {takes(max(1.0, found.seconds))} and {size(found.memory)} of memory."
    words = _COST if spec.has_epochs else _COST_OF_FIT
    st.caption(f"{epochs}{learnt:,} images, {validation}. {cost}{_describe_kept(spec)}", help=words)


def _describe_kept(spec: RunSpec) -> str:
    if not spec.keeps_every_epoch:
        return ""
    return f" The models of all epochs take about {size(spec.kept_bytes)}, and each some 2 s to make."
