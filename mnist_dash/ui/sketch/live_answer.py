"""The answer of the model that is chosen, which follows a run that goes on learning, and its correction."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.models.classifier import Classifier
from mnist_dash.models.registry.answering import AnsweringModel, find_answering
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.following import follow
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.messages import making_ready
from mnist_dash.ui.sketch import answer, labelling
from mnist_dash.ui.sketch.answer import DRAWN, Source

_WAIT = ":material/hourglass_empty:"


def show(name: str, sketches: Sequence[Stages], chosen: int, source: Source = DRAWN) -> None:
    """What the model of that name reads; the canvas stands outside, where following disturbs no pen."""
    follow(
        lambda: find_answering(resources.database(), name),
        lambda who: who.learning,
        lambda who: _answer(who, sketches, chosen, source),
    )


def _answer(who: AnsweringModel, sketches: Sequence[Stages], chosen: int, source: Source) -> None:
    # A place of its own, so that the answer below it stays where it is when the words come and go.
    words = st.container(key="answer_state")
    if who.run is not None and who.waiting:
        words.info(
            f"Run {who.run.id} is learning. No epoch is ready to answer yet; the first answers by itself.", icon=_WAIT
        )
        return
    if who.run is not None and who.learning:
        words.caption(f"Epoch {who.epoch} of {who.run.spec.epochs} answers, and a newer one as soon as it is ready.")

    def ready() -> Classifier:
        with words, making_ready():
            return resources.model(who.name, who.epoch)

    said = answer.show(ready, sketches, chosen, source)
    if said is None:
        labelling.show(who)
    elif source.label is not None:
        labelling.show_label(source.label, said.read(chosen))
    else:
        reply = said.probabilities[chosen], said.read(chosen)
        drawing = state.sketch().sheet.drawing if source is DRAWN else None
        labelling.show(who, sketches[chosen], *reply, drawing=drawing)
