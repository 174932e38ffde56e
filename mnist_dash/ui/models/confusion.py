"""Confusion: what a model takes for what, and the images of each cell."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import Evaluation, find_most_confused
from mnist_dash.arrays import Indices
from mnist_dash.data.dataset import CLASSES
from mnist_dash.figures import confusion
from mnist_dash.runs.records import Epoch
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.models import epoch_choice
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.models.mistakes import choose_place, show_near
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_HEIGHT, _MOST = 520, 35
_CELL = "Label and answer: the most frequent mistake comes first. Pressing a cell of the matrix chooses it too."
_UNSURE = "Of right answers the least sure come first, of wrong ones the surest."


def show(answered: Answered) -> None:
    """The matrix, a choice of its cells, the images of the chosen one, and one of these from near."""
    counts = np.array(answered.result.confusion)
    cells = _order(counts)
    left, right = st.columns([6, 5], gap="large")
    kept = state.recall_mirrored(Key.CELL)
    cell: int = kept if kept in cells else cells[0]
    with left:
        # A place that stays, so that the matrix is the same one wherever the slider comes and goes.
        with st.container():
            epoch = epoch_choice.choose(answered)
        _show_matrix(answered, epoch, cell, cells)
    with right:
        st.selectbox(
            "Cell",
            cells,
            format_func=lambda cell: _describe(counts, cell),
            key=state.mirror(Key.CELL, cell),
            on_change=state.take_choice,
            args=(Key.CELL,),
            help=_CELL,
        )
        st.caption(_write_worst(answered.result))
        if epoch:
            st.caption(f"The images are those of epoch {answered.who.epoch}, whose model answers here.")
        label, answer = divmod(cell, CLASSES)
        places = _find_places(answered, label, answer)
        more = f", the first {_MOST} of {len(places):,}" if len(places) > _MOST else ""
        told = f"Images of {label} that are read as {answer}{more}"
        place = choose_place(answered, places[:_MOST], told, _UNSURE, "cell")
        show_near(answered, place, "cell")


def _show_matrix(answered: Answered, epoch: Epoch | None, cell: int, cells: Sequence[int]) -> None:
    """The matrix of the answers, or as it was after another epoch; a press on one of the cells chooses it."""
    matrix = epoch.details.confusion if epoch and epoch.details else answered.result.confusion
    figure = plot_shared(confusion.plot_confusion, matrix, colours(), divmod(cell, CLASSES))
    revision = f"{answered.who.name} {answered.data.name} {answered.part}"

    def choose(pressed: int) -> None:
        if pressed in cells:
            state.mirror(Key.CELL, pressed)

    chart(replace(figure, revision=revision), "model_confusion", _HEIGHT, "Confusion matrix", on_click=choose)
    if epoch:
        images = int(np.sum(matrix))
        wrong = images - int(np.trace(matrix))
        st.caption(f"After epoch {epoch.epoch}: {wrong:,} of {images:,} validation images are read wrong.")


def _order(counts: np.ndarray) -> list[int]:
    """The cells with images by their numbers: mistakes first, by how many there are."""
    label, answer = np.nonzero(counts)
    order = np.lexsort((-counts[label, answer], label == answer))
    cells: list[int] = (label * CLASSES + answer)[order].tolist()
    return cells


def _describe(counts: np.ndarray, cell: int) -> str:
    label, answer = divmod(cell, CLASSES)
    images = int(counts[label, answer])
    return f"{label} read as {answer}: {images:,} {'image' if images == 1 else 'images'}"


def _write_worst(result: Evaluation) -> str:
    """Which two digits are mistaken for each other most, in words."""
    found = find_most_confused(result.confusion)
    if found is None:
        return "No digit is taken for another."
    one, other, count = found
    return f"{one} and {other} are taken for each other most: {count:,} of {result.images:,} images."


def _find_places(answered: Answered, label: int, answer: int) -> Indices:
    answers = answered.answers
    read = answers.probabilities.argmax(axis=1)
    places = np.flatnonzero((answers.labels == label) & (read == answer))
    sure = answers.probabilities[places, answer]
    return places[np.argsort(sure if label == answer else -sure, kind="stable")]
