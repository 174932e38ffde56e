"""The answer of the model that is chosen, which follows a run that goes on learning."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.catalog import BEST, answering_epoch, run_named
from mnist_dash.models.classifier import Classifier
from mnist_dash.runs.records import State
from mnist_dash.sketch.procedure import Stages
from mnist_dash.ui import reading, resources
from mnist_dash.ui.messages import explained

GLANCE = 2.0
"""Seconds between two looks at whether a newer epoch is ready to answer."""
_WAIT = ":material/hourglass_empty:"


def show(name: str, sketches: Sequence[Stages], chosen: int) -> None:
    """What the model of that name reads; the canvas stands outside, where following disturbs no pen."""
    learning = name != DEFAULT and run_named(resources.database(), name).state is State.RUNNING

    def follow() -> None:
        with explained():
            if name == DEFAULT:
                reading.show(lambda: resources.bundled_model(DEFAULT), sketches, chosen)
            elif learning and run_named(resources.database(), name).state is not State.RUNNING:
                st.rerun()
            else:
                _of_run(name, sketches, chosen)

    st.fragment(follow, run_every=GLANCE if learning else None)()


def _of_run(name: str, sketches: Sequence[Stages], chosen: int) -> None:
    database = resources.database()
    run = run_named(database, name)
    epoch = answering_epoch(database, run, best=name.endswith(BEST))
    # A place of its own, so that the answer below it stays where it is when the words come and go.
    words = st.container()
    if run.state is State.RUNNING and epoch is None:
        words.info(
            f"Run {run.id} is learning. No epoch is ready to answer yet; the first answers by itself.", icon=_WAIT
        )
        return
    if run.state is State.RUNNING:
        words.caption(f"Epoch {epoch} of {run.spec.epochs} answers, and a newer one as soon as it is ready.")

    def ready() -> Classifier:
        with words, st.spinner("Making this model ready to answer, which is done once: about ten seconds"):
            return resources.model_of_run(name, epoch)

    reading.show(ready, sketches, chosen)
