"""The widgets of a method's hyperparameters, from the one table that describes them."""

import streamlit as st

from mnist_dash.methods.parameters import PARAMETERS, Choice, Number, Parameter, Value
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.ui.state import Key

_FIRST = ("epochs", "train_size")


def choose(data: str, images: int) -> RunSpec:
    """The spec that is chosen on the page; raises SpecError where it is not allowed.

    `data` is the data set's name, `images` how many training images it has.
    """
    method = METHODS[
        st.selectbox(
            "Method",
            list(METHODS),
            format_func=lambda name: METHODS[name].title,
            key=Key.METHOD,
            persist_state="session",
            help="What is trained. Each method starts with settings that work.",
        )
    ]
    st.caption(f"{method.summary} {_size(method)}", help=f"From: {method.source}.")
    if method.layers is None:
        return RunSpec.of(method.name, data, seed=_widget(method, PARAMETERS["seed"], images))
    values = {name: _widget(method, PARAMETERS[name], images) for name in _FIRST}
    with st.expander("More settings", icon=":material/tune:"):
        values |= {name: _widget(method, PARAMETERS[name], images) for name in PARAMETERS if name not in _FIRST}
    spec = RunSpec.of(method.name, data, **values)
    spec.split(images)
    return spec


def _size(method: Method) -> str:
    return f"{method.parameters:,} parameters." if method.layers else "No parameters."


def _widget(method: Method, parameter: Parameter, images: int) -> Value:
    """One hyperparameter; each method remembers its own values."""
    key, default = f"{method.name}_{parameter.name}", method.defaults[parameter.name]
    label, explanation = parameter.label, f"{parameter.help} Allowed: {parameter.allowed}."
    if isinstance(parameter, Choice):
        options = list(parameter.options)
        chosen: str = st.selectbox(
            label, options, options.index(str(default)), key=key, help=explanation, persist_state="session"
        )
        return chosen
    if parameter.name == "train_size":
        sizes = [size for size in (1_000, 2_000, 5_000, 10_000, 20_000, 30_000) if size < images] + [images]
        size: int = st.select_slider(
            label, sizes, images, format_func="{:,}".format, key=key, help=explanation, persist_state="session"
        )
        return None if size == images else size
    return _number(parameter, key, default, explanation)


def _number(parameter: Number, key: str, default: Value, explanation: str) -> Value:
    kind = int if parameter.whole else float
    assert isinstance(default, int | float)  # noqa: S101 - numbers have numbers as defaults
    value: int | float = st.number_input(
        parameter.label,
        min_value=kind(parameter.low),
        max_value=kind(parameter.high),
        value=kind(default),
        step=kind(_STEPS.get(parameter.name, 1)),
        format=None if parameter.whole else "%.4g",
        key=key,
        help=explanation,
        persist_state="session",
    )
    return value


_STEPS = {"learning_rate": 0.0005, "validation_split": 0.05, "batch_size": 16}
