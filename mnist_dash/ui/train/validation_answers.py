"""What a network answers while it learns: twenty validation digits, and all of them as a confusion matrix."""

import streamlit as st

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.split import choose_gallery
from mnist_dash.errors import SpecError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import confusion as confusions
from mnist_dash.figures import gallery as pictures
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Answers, Epoch, Run
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.run_feed import RunSnapshot
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.train.drawn import draw_once

NOW = "now"
_COLUMNS = 5
_GALLERY = (
    "Twenty validation digits, two of each, that the network does not learn from: what it reads, and how sure it is. "
    "They are the same in every epoch."
)
_CONFUSION = (
    "Every validation digit: the row is what it is, the column what the network reads. Errors stand off the diagonal."
)
_SLIDER = "Drag it to see how the answers changed."
_CONFUSES = "Opens Models: every cell of the confusion matrix with its images."


def show(seen: RunSnapshot, data: Dataset) -> None:
    """The gallery and the confusion matrix, now or after an epoch that the slider chooses."""
    told = [epoch for epoch in seen.epochs if epoch.details]
    if seen.run.spec.validation_split == 0:
        st.info("There are no validation images, so no digits to ask. Give validation a share to watch the answers.")
        return
    # Places that stay: the matrix would be built anew, without its zoom, where the slider appears above it.
    with st.container():
        choice = _epoch(told, seen.run)
    digits, matrix = st.columns([4, 5], gap="large")
    with digits:
        st.caption(f"Validation digits, {_when(choice, seen.run.spec)}", help=_GALLERY)
        _gallery(seen.run.spec, data, choice.details.answers if choice and choice.details else seen.answers)
    shown = choice or (told[-1] if told else None)
    if shown and shown.details:
        with matrix:
            st.caption(f"Confusion matrix, {_when(shown, seen.run.spec)}", help=_CONFUSION)
            confusion = shown.details.confusion
            figure = draw_once(
                seen, ("confusion", shown.epoch), lambda: confusions.plot_confusion(confusion, colours())
            )
            chart(figure, key="confusion", height=confusions.HEIGHT, alt="Confusion matrix of the validation digits")


def offer_mistakes(run: Run) -> None:
    """A way to the images that an ended run reads wrong, on the page Models."""
    if run.changing or not run.epoch or not run.kind.is_offered:
        return
    part = "validation" if run.spec.validation_split else "test"
    choices = {Key.MODEL: str(run.id), Key.DATA: run.spec.data, Key.PART: part, Key.MODEL_VIEW: "confusion"}
    if st.button("Which digits does it confuse?", icon=":material/grid_on:", key="confuses", help=_CONFUSES):
        state.open_page("pages/models.py", choices)


def _epoch(told: list[Epoch], run: Run) -> Epoch | None:
    """The epoch that the slider chooses; None for now. Of a fit there is no other moment than its end."""
    if run.spec.is_fitted:
        return told[-1] if told else None
    if len(told) < 2:
        return None
    options = [*(str(epoch.epoch) for epoch in told), NOW]
    # Now by default and never put from here: a slider that is told its value looks for it by its place, and keeps
    # what stands there by then, an epoch, where the next one ends before the browser has drawn this.
    chosen = st.select_slider("After epoch", options, NOW, key=f"epoch_{run.id}", help=_SLIDER)
    return next((epoch for epoch in told if str(epoch.epoch) == chosen), None)


def _when(epoch: Epoch | None, spec: RunSpec) -> str:
    if spec.is_fitted:
        return "after the fit" if epoch else "once it is fitted"
    return f"after epoch {epoch.epoch}" if epoch else NOW


def _gallery(spec: RunSpec, data: Dataset, answers: Answers | None) -> None:
    digits = gallery_of(spec, data)
    if digits is None:
        st.caption(
            f"Their pictures are not shown: the run learns from {escape_markdown(spec.data)}, which is not open here."
        )
        return
    image = draw_shared(pictures.draw_gallery, digits.images, digits.labels, answers, colours(), columns=_COLUMNS)
    show_picture(image, "Validation digits with the answers of the network")


def gallery_of(spec: RunSpec, data: Dataset) -> Digits | None:
    """The gallery's digits of a run; None where another data set is open."""
    if data.name != spec.data:
        return None
    try:
        parts = draw_run_split(spec, data.train)
    except SpecError:
        return None
    return data.train.take(choose_gallery(data.train.labels, parts))
