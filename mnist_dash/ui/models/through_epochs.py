"""Through the epochs: how a run came to read your last sketch, or one of its mistakes, as it does."""

from enum import StrEnum

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import find_mistakes
from mnist_dash.arrays import Image, Probabilities
from mnist_dash.figures import digits
from mnist_dash.figures.answer_by_epoch import HEIGHT, plot_answer_by_epoch
from mnist_dash.models.registry.epoch_models import ask_every_epoch
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.models.mistakes import recall_place
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_NONE = (
    "The models of all epochs are needed for this, and most runs keep those of the last and the best epoch alone. On "
    "Train, under “Validation, end, seed”, choose “Models kept: every epoch” for a run; it then shows here how your "
    "last sketch was read after each."
)
_NOTHING = "Draw a digit on Sketch: here you see how each epoch would have read it."
_OF = "Your last sketch is the first digit on the sheet; the mistake is the one that was chosen last under Mistakes."
_SCALE = 10


class Subject(StrEnum):
    """What is read through the epochs, by what it is in the page's link."""

    SKETCH = "sketch"
    MISTAKE = "mistake"


_SUBJECTS = {Subject.SKETCH: "Your last sketch", Subject.MISTAKE: "A mistake"}


def show(answered: Answered) -> None:
    """The ten probabilities after each epoch, and in words when the answer was reached."""
    run = answered.who.run
    subject = linked_choice.choose("Of", _SUBJECTS, Key.EPOCHS_OF, help=_OF)
    image = _find_sketch() if subject is Subject.SKETCH else _find_mistake(answered)
    if run is None or not run.spec.keeps_every_epoch:
        st.info(_NONE, icon=":material/info:")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
        return
    if image is None:
        st.caption(_NOTHING if subject is Subject.SKETCH else "Every one of these images is read right.")
        return
    epochs, shares = _ask(run.id, run.epoch, image)
    shown, told = st.columns([2, 7], gap="large")
    with shown:
        width = digits.sheet_width(1, _SCALE) // 2
        show_picture(draw_shared(digits.draw_digit, image, colours(), _SCALE), "The image that is read", width)
        st.markdown(describe_settling(epochs, shares))
    with told:
        figure = plot_shared(plot_answer_by_epoch, epochs, shares, colours())
        chart(figure, key="by_epoch", height=HEIGHT, alt="Probabilities of the ten digits after each epoch")


def describe_settling(epochs: list[int], shares: Probabilities) -> str:
    """Since which epoch the image is read as it is now, and how sure that is."""
    read = shares.argmax(axis=1)
    last = int(read[-1])
    since = len(read) - int(np.argmax(np.append(read[::-1] != last, True)))
    sure = certainty(float(shares[-1, last]))
    if since == 0:
        return f"It has been read as **{last}** after every epoch; now it is {sure} sure."
    return (
        f"It is read as **{last}** since epoch {epochs[since]}, now {sure} sure; after epoch {epochs[since - 1]} it "
        f"was read as {read[since - 1]}."
    )


@resources.cache_once(entries=32)
def _ask(run_id: int, epoch: int, image: Image) -> tuple[list[int], Probabilities]:  # noqa: ARG001 - a run may grow
    return ask_every_epoch(resources.database(), run_id, image)


def _find_sketch() -> Image | None:
    """The first digit on the sheet, as a network sees it."""
    sketches = read_sheet(state.sketch().sheet, resources.cut_confidence())
    return sketches[0].image if sketches else None


def _find_mistake(answered: Answered) -> Image | None:
    """The mistake that was chosen last, or else the surest."""
    places = find_mistakes(answered.answers.probabilities, answered.answers.labels)
    return answered.asked.images_at(recall_place(places, "mistakes")) if len(places) else None
