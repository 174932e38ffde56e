"""Right or wrong: one click saves the drawing with its label and the model's answer to the own digits."""

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from mnist_dash.arrays import Floats
from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.answering import AnsweringModel
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import Answer, Saved, Standing, key_of, label_digit, name_label
from mnist_dash.own_digits.teaching import FEWEST
from mnist_dash.sketch.mnist_preprocessing import Stages, Step
from mnist_dash.sketch.traces import Drawing
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sketch import stages

_LABELS = (*range(CLASSES), None)
_HELP = (
    "One click saves it to the own digits of this server: your drawing, what you say it is, and what the model "
    "answered. Click where it was right too, which is marked by ✓: mistakes alone would tell little."
)
_LABELLED = "Images of data sets have labels already, so nobody is asked. A label can be wrong too."
_RECORD = (
    "Of the own digits that were saved while it answered, so many it read as they are labelled. People tend to save "
    "what was read wrong, so this says nothing of its accuracy."
)


def show(
    who: AnsweringModel,
    sketch: Stages | None = None,
    shares: Floats | None = None,
    read: int | None = None,
    drawing: Drawing | None = None,
) -> None:
    """Ask what the digit of the sheet is, and keep it with the answer `shares` of the model.

    `read` is the digit that people were told, None where the sketch was refused as no digit. `drawing` is that of the
    sheet, None where the ink comes from a photo. Without a `sketch` nothing can be clicked.
    """
    key = None if sketch is None else key_of(sketch.ink)
    known = collection.read_standing(resources.database(), key, who.name)
    st.caption("Right, or wrong? It was a …", help=_HELP)
    with st.container(horizontal=True, gap="xxsmall"):
        for label in _LABELS:
            # A button and no widget that keeps a value: an old value that comes late must label no other drawing. For
            # the same reason the key names the drawing.
            st.button(
                _shown(label, right=sketch is not None and label == read),
                key=f"label_{key}_{label}",
                type="primary" if known.saved and known.label == label else "secondary",
                disabled=sketch is None,
                on_click=_save,
                args=(who, sketch, label, shares, drawing, stages.recall_left_out()),
            )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _told(known, key)


def show_label(label: int, read: int | None) -> None:
    """What the data set says that its image is, beside what was read in it, None where it was taken for no digit."""
    compared = "" if read is None else ": right" if read == label else ": not what is read"
    st.caption(f"Its label says {label}{compared}.", help=_LABELLED)


def _shown(label: int | None, *, right: bool) -> str:
    what = "Not a digit" if label is None else str(label)
    return f"{what} ✓" if right else what


def _told(known: Standing, key: str | None) -> None:
    """What was saved, with a way back, or why it was not; and how many there are."""
    refused = st.session_state.pop(Key.REFUSED, None)
    if refused:
        st.error(escape_markdown(refused), icon=":material/error:")
    if known.saved:
        st.caption(f"Saved as {name_label(known.label)}.", width="content")
    # It is there before it can do anything, so that nothing moves when it can.
    st.button(
        "Undo saving",
        icon=":material/undo:",
        type="tertiary",
        key=f"undo_{key}",
        disabled=not known.saved,
        on_click=_undo,
        args=(key,),
    )
    query = {Key.OWN_SET.value: known.in_set, Key.OWN_VIEW.value: "gallery"}
    label, icon = f"Own digits: {known.are:,}", ":material/edit_square:"
    st.page_link("pages/own_digits.py", label=label, icon=icon, query_params=query)
    if known.are >= FEWEST:
        lesson = {**query, Key.OWN_VIEW.value: "learning"}
        st.page_link("pages/own_digits.py", label="Teach the reader", icon=":material/school:", query_params=lesson)
    if known.asked:
        st.caption(f"This model read {known.right} of {known.asked}.", width="content", help=_RECORD)


def _save(
    who: AnsweringModel,
    sketch: Stages,
    label: int | None,
    shares: Floats,
    drawing: Drawing | None,
    without: Collection[Step],
) -> None:
    answer = Answer(who.name, who.title, who.run.id if who.run else None, who.epoch, tuple(map(float, shares)))
    earlier: Saved | None = st.session_state.get(Key.SAVED)
    try:
        saved = collection.save(resources.database(), label_digit(sketch, label, answer, drawing, without))
    except MnistDashError as e:
        st.session_state[Key.REFUSED] = f"It was not saved. {e}"
        return
    # The second click of a double one must not forget what was there before the first.
    again = earlier and (earlier.digit.key, earlier.digit.label) == (saved.digit.key, label)
    st.session_state[Key.SAVED] = replace(saved, before=earlier.before) if earlier and again else saved


def _undo(key: str) -> None:
    saved: Saved | None = st.session_state.pop(Key.SAVED, None)
    try:
        if saved and saved.digit.key == key:
            collection.undo(resources.database(), saved)
        else:
            collection.remove(resources.database(), key)
    except MnistDashError as e:
        st.session_state[Key.REFUSED] = str(e)
