"""An audit as it is watched: how well each fold is read by the network that never saw it, and what was doubted."""

from collections.abc import Sequence
from statistics import fmean

import streamlit as st

from mnist_dash.runs.audits import LabelIssues
from mnist_dash.runs.queries import audit_of
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.run_feed import RunSnapshot
from mnist_dash.words import duration, interval, percent

_VALIDATION = (
    "The share of training images read right by networks that did not learn from them, over the finished folds."
)
_DOUBTED = (
    "In how many images the networks read another digit than the label says, and how many of these labels confident "
    "learning counts as wrong. A suspicion to look into, not a verdict: the others may as well be hard to read."
)
_FOLDS = "Each row is a network that learnt from all other folds and then read this one."


def show(seen: RunSnapshot) -> None:
    """What is known by now."""
    run = seen.run
    train, test = _doubted(run)
    with st.container(horizontal=True, gap="large"):
        st.metric("Validation accuracy", percent(_mean(seen.epochs)), help=_VALIDATION)
        st.metric("Doubted training labels", train, help=_DOUBTED)
        st.metric("Doubted test labels", test, help=_DOUBTED)
    if run.state is State.DONE:
        link = {Key.VIEW.value: "quality", Key.DATA.value: run.spec.data}
        st.page_link("pages/explore.py", label="Look at them on Explore", icon=":material/search:", query_params=link)
    st.caption("Folds", help=_FOLDS)
    st.dataframe(show_table(seen.epochs), hide_index=True, placeholder="–", alt="Validation accuracy by fold")


def describe_end(run: Run) -> str:
    """How an audit ended, in words."""
    if run.score is None and run.state is State.DONE:
        return f"No test: the data set has no test images. Trained in {duration(run.seconds)}."
    if run.score is None:
        return f"{run.epoch} of {run.spec.folds} folds. Labels are doubted only when all folds have been read."
    scored = f"{run.score.images:,} images, {interval(run.score.low, run.score.high)}"
    return f"Test, by the mean of its {run.spec.folds} networks: {scored}. Trained in {duration(run.seconds)}."


def show_table(folds: Sequence[Epoch]) -> list[dict[str, object]]:
    """The figures of the finished folds as rows."""
    return [
        {
            "Fold": fold.epoch,
            "Training accuracy": percent(fold.accuracy),
            "Validation accuracy": percent(fold.validation_accuracy),
            "Validation loss": None if fold.validation_loss is None else round(fold.validation_loss, 5),
            "Seconds": round(fold.seconds, 1),
        }
        for fold in folds
    ]


def _mean(folds: Sequence[Epoch]) -> float | None:
    """Folds differ by one image at most: the mean over them is that over their images."""
    read = [fold.validation_accuracy for fold in folds if fold.validation_accuracy is not None]
    return fmean(read) if read else None


def _doubted(run: Run) -> tuple[str, str]:
    """How many training and test labels are doubted."""
    found = audit_of(resources.database(), run.id) if run.state is State.DONE else None
    if found is None or found.train_issues is None or found.test_issues is None:
        return "–", "–"
    return _counted(found.train_issues), _counted(found.test_issues) if len(found.test) else "–"


def _counted(issues: LabelIssues) -> str:
    return f"{len(issues):,} ({issues.confident:,} confidently)" if len(issues) else "0"
