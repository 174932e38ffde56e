"""Card: what a model is, once for everybody and once for an engineer."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from mnist_dash.analysis.evaluation import find_most_confused
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.layers import compute_shapes
from mnist_dash.methods.registry import HYPERPARAMETERS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled, read_card
from mnist_dash.runs.queries import kept_bytes_of
from mnist_dash.runs.records import ModelFormat
from mnist_dash.ui.components.layer_table import show_layers
from mnist_dash.ui.models import voters
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import resources
from mnist_dash.words import size

_OPERATIONS = "Multiplications with an addition that one answer takes."


def show(answered: Answered) -> None:
    """In plain words on the left, in an engineer's on the right."""
    spec = _spec_of(answered)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("In plain words", anchor=False)
        if answered.who.members:
            st.markdown(voters.describe(answered.who))
        st.markdown(_write_plainly(answered, spec))
        note = _note_of(answered.who.name)
        if note:
            st.header("What it has learnt from", anchor=False)
            st.caption(escape_markdown(note))
    with right:
        st.header("For an engineer", anchor=False)
        _show_cost(answered, spec)
        if answered.who.members:
            voters.show(answered.who)
        elif spec is None:
            st.caption("Its layers are those of the file it came in, which is shown on Sketch under Look closer.")
        elif spec.network is None:
            st.caption("It is no network, and has no layers.")
        else:
            show_layers(spec.network)
        if spec is not None:
            with st.expander("How it was trained"):
                st.dataframe(_list_settings(spec), hide_index=True, alt="Hyperparameters", height="content")


def _spec_of(answered: Answered) -> RunSpec | None:
    """The spec by which a run, or one that was bundled, was trained; None where that is not known."""
    if answered.who.run:
        return answered.who.run.spec
    if answered.who.name in list_bundled():
        return RunSpec.from_json(json.dumps(dict(read_card(answered.who.name).spec)))
    return None


def _note_of(name: str) -> str:
    return read_card(name).note if name in list_bundled() else ""


def _write_plainly(answered: Answered, spec: RunSpec | None) -> str:
    """What it is and how good, for somebody who has never heard of networks."""
    result, who = answered.result, answered.who
    thousand = round(1000 * result.accuracy)
    told = [
        f"This program looks at a picture of 28 by 28 dots and says which digit is on it. Of 1,000 pictures like those "
        f"asked here it reads about **{thousand:,}** right."
    ]
    if spec is not None and spec.fitting is not None:
        told.append(spec.fitting.plainly)
    elif who.parameters:
        told.append(
            f"Nobody told it what a digit looks like. It has **{who.parameters:,} numbers** that were turned a little "
            "at each example until its answers came out right."
        )
    if spec is not None and spec.network is not None:
        often = f"{spec.epochs} times" if spec.epochs > 1 else "once"
        told.append(f"It has seen each of its examples {often}.")
    confused = find_most_confused(result.confusion)
    if confused:
        one, other, count = confused
        told.append(f"What it gets wrong most: it takes {one} and {other} for each other ({count:,} times here).")
    told.append("It always answers, also when it is shown something else than a digit, and being sure is no promise.")
    return "\n\n".join(told)


def _show_cost(answered: Answered, spec: RunSpec | None) -> None:
    who = answered.who
    with st.container(horizontal=True, gap="large"):
        if spec is not None and spec.is_fitted and who.run is not None:
            kept = size(kept_bytes_of(resources.database(), who.run.id, ModelFormat.ARRAYS))
            st.metric("Size", kept, help="What is kept of the fit, as a packed file.")
        else:
            st.metric("Parameters", f"{who.parameters:,}", help="Numbers that it has learnt.")
        if spec is not None and spec.network is not None:
            operations = sum(row.operations for row in compute_shapes(spec.network))
            st.metric("Multiply-adds", f"{operations / 1e6:.1f} million", help=_OPERATIONS)
        speed = resources.answer_milliseconds(who.name, who.epoch)
        st.metric("One answer", f"{speed:.2f} ms", help="On this server: the median of 21.")


def _list_settings(spec: RunSpec) -> list[Mapping[str, Any]]:
    values = {"Data set": spec.data} | {HYPERPARAMETERS[name].label: value for name, value in spec.parameters.items()}
    return [{"Setting": label, "Value": "–" if value is None else str(value)} for label, value in values.items()]
