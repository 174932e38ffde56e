"""The smallest edit that turns the answer, drawn on the sketch."""

import numpy as np
import streamlit as st

from mnist_dash.analysis.counterfactual import MOST, Edit
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.figures import counterfactual, digits
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.why import findings
from mnist_dash.ui.sketch.why.findings import Reader
from mnist_dash.words import certainty

_ANY = "any other digit"
_EDIT = (
    "A pixel is one of the 28×28 that the network sees. + is ink to add, − is ink to remove. Where a handful of "
    "pixels suffices, the answer hung by a thread, however sure it looked. The search tries what a pen or an eraser "
    "could do and puts back every pixel that is not needed; a still smaller edit may exist."
)
_TOWARDS = "Which digit it is to be read as. Any other digit: whichever takes the fewest pixels."
_SURE = "The probability of the new answer. The search stops as soon as it is the highest of the ten."
_NOTHING = np.zeros((SIDE, SIDE), bool)


def show(reader: Reader, sketch: Stages) -> None:
    """The edit on the ink as it was drawn, in words, and what the network sees after it."""
    st.caption("The smallest edit that changes it", help=_EDIT)
    # Its place comes first, its choice below it: what is looked at stays where it is.
    place = st.container()
    chosen = st.selectbox(
        "Make it read", (_ANY, *map(str, range(CLASSES))), key=Key.WHY_TOWARDS, persist_state="session", help=_TOWARDS
    )
    towards = None if chosen == _ANY else int(chosen)
    edit, read = (
        findings.smallest_edit_of(reader, sketch.image, towards),
        findings.perturbations_of(reader, sketch.image).digit,
    )
    with place:
        added, removed = (_NOTHING, _NOTHING) if edit is None else (edit.added, edit.removed)
        content = counterfactual.draw_edit(sketch, added, removed, colours())
        show_picture(content, f"Your sketch: {describe_edit(edit, read, towards)}", SIDE * counterfactual.SCALE // 2)
        st.write(describe_edit(edit, read, towards))
        if edit is not None:
            _after(edit)


def _after(edit: Edit) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        show_picture(
            draw_shared(digits.draw_digit, edit.image, colours(), scale=4),
            "What the model sees after the edit",
            SIDE * 4 // 2,
        )
        st.caption(f"Then it reads {edit.digit}. Sure: {certainty(edit.probability)}.", help=_SURE)


def describe_edit(edit: Edit | None, read: int, towards: int | None) -> str:
    """What to do with the pen, and what is read then."""
    if edit is None and towards == read:
        return f"It reads {read} already."
    if edit is None:
        wanted = "another digit" if towards is None else f"a {towards}"
        return f"No edit of up to {MOST} pixels was found that makes it {wanted}. It stands firm."
    added, removed = int(edit.added.sum()), int(edit.removed.sum())
    steps = [f"{step} {_pixels(count)}" for step, count in (("add", added), ("remove", removed)) if count]
    return f"{' and '.join(steps).capitalize()}, and it reads {edit.digit}."


def _pixels(count: int) -> str:
    return "this 1 pixel" if count == 1 else f"these {count} pixels"
