"""What there is to say of models that answer the same drawing: whether they agree, and each one's figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from mnist_dash.analysis.agreement import Agreement, find_agreement
from mnist_dash.errors import MnistDashError, UnreachableError
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.registry.answering import AnsweringModel, answers_at_once
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.messages import READY_SOON
from mnist_dash.words import certainty

_READS = "Of several digits, the whole number. The bars are those of the digit that is looked at."
_SURE = "The probability of the digit that is looked at. It is not a promise: a model can be sure and wrong."
_SPEED = "Milliseconds for one answer, as this server took for it: the median of 21."
_PARAMETERS = "Numbers that the model has learnt."
_WAIT = ":material/hourglass_empty:"


@dataclass(frozen=True, slots=True, eq=False)
class ModelAnswer:
    """A model, or in `note` why it does not answer: one that is `pending` will soon, one with an `error` will not."""

    who: AnsweringModel
    model: Classifier | None = None
    note: str = ""
    pending: bool = False
    error: str = ""

    @property
    def changing(self) -> bool:
        """Whether there will soon be another answer without another drawing."""
        return self.pending or self.who.learning


def ask_in_background(who: AnsweringModel) -> ModelAnswer:
    """A model, ready to answer where that takes no time; otherwise it is made ready in the background.

    Raises UnreachableError, which says nothing of the model.
    """
    if who.waiting:
        return ModelAnswer(who, note="no epoch is ready yet")
    try:
        if answers_at_once(resources.database(), who):
            return ModelAnswer(who, resources.model(who.name, who.epoch))
        coming = resources.background_loader().of(who.name, who.epoch)
        return (
            ModelAnswer(who, coming.result(0))
            if coming.done()
            else ModelAnswer(who, note="getting ready", pending=True)
        )
    except UnreachableError:
        raise
    except MnistDashError as e:
        return ModelAnswer(who, note="cannot answer", error=str(e))


def write_verdict(numbers: Sequence[str]) -> str:
    """Whether models agree on what they read, in words."""
    found = find_agreement(numbers)
    if not numbers:
        return "Draw a digit, and see whether they agree."
    if found.models == 1:
        return f"It reads **{found.number}**."
    if found.number is None:
        return f"They disagree: {found.count} of {found.models} is the most that read the same."
    return f"**{_share(found)}** read **{found.number}**."


def _share(found: Agreement) -> str:
    if found.count < found.models:
        return f"{found.count} of {found.models}"
    return "Both" if found.models == 2 else f"All {found.models}"


def write_line(look: ModelAnswer, number: str, shares: npt.NDArray[np.float32] | None) -> dict[str, object]:
    """A row of the table: what a model reads in all digits and, by `shares` (10,), in the one that is looked at."""
    second, first = (None, None) if shares is None else np.argsort(shares)[-2:].tolist()
    return {
        "model": look.who.short,
        "reads": number or None,
        "sure": None if shares is None else certainty(float(shares[first])),
        "second": None if shares is None else f"{second}, {certainty(float(shares[second]))}",
        "parameters": look.who.parameters,
        "speed": resources.answer_milliseconds(look.who.name, look.who.epoch) if look.model else None,
    }


def show_table(lines: Sequence[dict[str, object]]) -> None:
    """What each model says, and what it takes."""
    config = st.column_config
    st.dataframe(
        lines,
        hide_index=True,
        placeholder="–",
        column_config={
            "model": config.TextColumn("Model", width=96, pinned=True),
            "reads": config.TextColumn("Reads", width=56, alignment="right", help=_READS),
            "sure": config.TextColumn("Sure", width=66, alignment="right", help=_SURE),
            "second": config.TextColumn("Second guess", width=100, alignment="right"),
            "parameters": config.NumberColumn("Parameters", width=88, format="localized", help=_PARAMETERS),
            "speed": config.NumberColumn("ms", width=52, format="%.2f", help=_SPEED),
        },
        alt="What each model reads, how sure it is, its second guess, its parameters and its speed",
    )


def show_links(looks: Sequence[ModelAnswer]) -> None:
    """The way to the run of each model."""
    runs = dict.fromkeys(look.who.run.id for look in looks if look.who.run)
    with st.container(horizontal=True, gap="small"):
        for run in runs:
            query = {"run": str(run)}
            st.page_link("pages/train.py", label=f"Run {run}", icon=":material/show_chart:", query_params=query)


def describe_state(look: ModelAnswer) -> None:
    """What there is to say of a model that others have no words for: how far it is, or what is wrong."""
    who, title = look.who, escape_markdown(look.who.title)
    if look.error:
        st.error(f"{title} cannot answer. {escape_markdown(look.error)}", icon=":material/error:")
        again = resources.background_loader().forget
        st.button(
            "Try again", icon=":material/refresh:", key=f"again_{who.name}", on_click=again, args=(who.name, who.epoch)
        )
    elif look.pending:
        st.caption(f"{_WAIT} {title} is made {READY_SOON}.")
    elif who.waiting:
        st.caption(f"{_WAIT} {title} is learning. Its first epoch answers by itself.")
    elif who.run is not None and who.learning:
        st.caption(f"{title}: epoch {who.epoch} of {who.run.spec.epochs} answers, then a newer one.")
