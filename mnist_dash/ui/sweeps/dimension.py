"""The widgets of one setting that is varied: its ends and scale, or the values to choose from."""

from math import inf

import streamlit as st

from mnist_dash.methods.kinds import Choice, LayerList, Number, Value
from mnist_dash.methods.method import Method
from mnist_dash.methods.space import Dimension, Options, Range, parse_dimension, suggest

_LOG = "Tries as many values between 0.001 and 0.01 as between 0.01 and 0.1: for what matters by its magnitude."
_LAYERS = "flatten, dense 64 | flatten, dense 128"


def ask(method: Method, name: str, images: int) -> Dimension:
    """What of a setting is tried; raises SpecError where that cannot be read.

    A trial learns from so many `images`: larger batches are not suggested.
    """
    parameter = method.hyperparameters[name]
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{parameter.label}**", help=f"{parameter.help} Allowed: {parameter.allowed}.")
        if isinstance(parameter, LayerList):
            return _ask_layers(method, name)
        if isinstance(parameter, Choice):
            return _ask_options(method, parameter)
        assert isinstance(parameter, Number)  # noqa: S101 - no sweep varies whom a run learns from
        return _ask_range(method, parameter, images if name == "batch_size" else inf)


def _ask_options(method: Method, parameter: Choice) -> Dimension:
    chosen: list[Value] = st.multiselect(
        f"{parameter.label}: values",
        parameter.options,
        parameter.options,
        format_func=lambda name: str(name).replace("_", " "),
        key=_key(method, parameter.name, "values"),
        label_visibility="collapsed",
        persist_state="session",
    )
    return Options(parameter.name, tuple(chosen))


def _ask_layers(method: Method, name: str) -> Dimension:
    text = st.text_area(
        "Layers: values, between bars",
        _LAYERS,
        key=_key(method, name, "values"),
        label_visibility="collapsed",
        persist_state="session",
    )
    return parse_dimension(method, f"{name}={text}")


def _ask_range(method: Method, parameter: Number, most: float) -> Dimension:
    usual = suggest(method, parameter.name)
    assert isinstance(usual, Range)  # noqa: S101 - of a number
    ends = st.columns(2, gap="small")
    low, high = (
        _ask_end(method, parameter, min(value, most), column, words)
        for value, column, words in zip((usual.low, usual.high), ends, ("lowest", "highest"), strict=True)
    )
    log = st.toggle(
        "Logarithmic", usual.log, key=_key(method, parameter.name, "log"), help=_LOG, persist_state="session"
    )
    return Range(parameter.name, low, high, log, parameter.whole)


def _ask_end(
    method: Method, parameter: Number, value: float, column: "st.delta_generator.DeltaGenerator", words: str
) -> float:
    kind = int if parameter.whole else float
    given: float = column.number_input(
        f"{parameter.label}, {words}",
        kind(parameter.low),
        kind(parameter.high),
        kind(value),
        step=1 if parameter.whole else None,
        format=None if parameter.whole else "%.4g",
        key=_key(method, parameter.name, words),
        label_visibility="collapsed",
        persist_state="session",
    )
    return given


def _key(method: Method, name: str, part: str) -> str:
    return f"sweep_{method.name}_{name}_{part}"
