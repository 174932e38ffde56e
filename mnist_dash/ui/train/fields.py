"""One widget for each hyperparameter, by its kind."""

from collections.abc import Callable

import streamlit as st

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.kinds import Choice, LayerList, ModelName, Number, Parameter, Value
from mnist_dash.methods.parameters import ValidationBy
from mnist_dash.methods.registry import Method
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.offered_models import model_options
from mnist_dash.ui.train import layer_editor

_STEPS = {"learning_rate": 0.0005, "batch_size": 16, "shift": 1.0, "rotation": 5.0, "elastic": 0.5, "clip_norm": 1.0}
_SMALL_STEP = 0.05
"""For everything that is a share."""
_SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 30_000)
_NAMES = {
    "adam": "Adam",
    "adamw": "AdamW",
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "SGD with Nesterov momentum",
    "rmsprop": "RMSprop",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "glorot_uniform": "Glorot uniform",
    "he_normal": "He normal",
    "lecun_normal": "LeCun normal",
    "plateau": "On plateau",
    "one_cycle": "One cycle",
    "crossentropy": "Cross-entropy",
}
_NO_WRITERS = "Nothing says who wrote the images of this data set, so that they can only be drawn one by one."


def field(method: Method, parameter: Parameter, digits: Digits) -> Value:
    """The widget of one hyperparameter, for those training images; each method remembers its own values."""
    given = state.starting_values(method.name)
    start = given.get(parameter.name, method.defaults[parameter.name])
    key = state.setting(method.name, parameter.name)
    match parameter:
        case Number(name="train_size"):
            return _train_size(parameter, key, start, len(digits))
        case Number(name="batch_size") if parameter.name not in given and isinstance(start, int):
            return _number(parameter, key, _fit_batch(start, len(digits)))
        case Number():
            return _number(parameter, key, start)
        case Choice(name="validation_by") if digits.writers is None:
            return _validation_by_image(parameter, key, start)
        case Choice():
            return _choice(parameter, key, start)
        case LayerList():
            return layer_editor.choose(key, str(start))
        case ModelName():
            return _model(parameter, key, str(start))


def _help(parameter: Parameter) -> str:
    return f"{parameter.help} Allowed: {parameter.allowed}."


def _number(parameter: Number, key: str, start: Value) -> Value:
    kind: Callable[[int | float], int | float] = int if parameter.whole else float
    assert isinstance(start, int | float)  # noqa: S101 - numbers start as numbers
    value: int | float = st.number_input(
        parameter.label,
        min_value=kind(parameter.low),
        max_value=kind(parameter.high),
        value=kind(start),
        step=kind(parameter.step or _STEPS.get(parameter.name, 1 if parameter.whole else _SMALL_STEP)),
        format=None if parameter.whole else "%.4g",
        key=key,
        help=_help(parameter),
        persist_state="session",
    )
    return value


def _fit_batch(size: int, images: int) -> int:
    """The batch to begin with: halved until two of them fit into the images, of which some are for validation."""
    while size > 1 and 2 * size > images:
        size //= 2
    return size


def _train_size(parameter: Number, key: str, start: Value, images: int) -> Value:
    # A number from a link or another run stands among the round ones.
    asked = {start, st.session_state.get(key)} - {None}
    sizes = sorted({size for size in (*_SIZES, *asked) if isinstance(size, int) and size < images})
    begin = start if isinstance(start, int) and start in sizes else images
    size: int = st.select_slider(
        parameter.label,
        [*sizes, images],
        begin,
        format_func="{:,}".format,
        key=key,
        help=_help(parameter),
        persist_state="session",
    )
    return None if size == images else size


def _validation_by_image(parameter: Choice, key: str, start: Value) -> Value:
    """What is left where no writer is known; what a link or another data set brought is refused aloud by the form."""
    image = ValidationBy.IMAGE.value
    if st.session_state.get(key, start) != image:
        return _choice(parameter, key, start)
    # Another widget: Streamlit 1.67 takes nothing from one that is disabled, not even what it was given just before.
    st.selectbox(
        parameter.label,
        [image],
        format_func=str.capitalize,
        key=f"{key}_alone",
        help=f"{parameter.help} {_NO_WRITERS}",
        disabled=True,
    )
    return image


def _model(parameter: ModelName, key: str, start: str) -> Value:
    # One that a link or another run names is offered even where it is gone: the form says so.
    asked = dict.fromkeys(map(str, (start, st.session_state.get(key, start))))
    options = {name: f"{name} (not here)" for name in asked} | model_options(*asked)
    chosen: str = st.selectbox(
        parameter.label,
        tuple(options),
        tuple(options).index(start),
        format_func=options.__getitem__,
        key=key,
        help=parameter.help,
        persist_state="session",
    )
    return chosen


def _choice(parameter: Choice, key: str, start: Value) -> Value:
    options = list(parameter.options)
    chosen: str = st.selectbox(
        parameter.label,
        options,
        options.index(str(start)),
        format_func=lambda name: _NAMES.get(name, name.replace("_", " ").capitalize()),
        key=key,
        help=parameter.help,
        persist_state="session",
    )
    return chosen
