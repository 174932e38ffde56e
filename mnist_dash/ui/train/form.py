"""The widgets of a method's hyperparameters, from the one table that describes them."""

from collections.abc import Callable, Iterable

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import SpecError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.kinds import Group, LayerList, Value
from mnist_dash.methods.registry import CUSTOM, METHODS, Method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.train import augmentation_preview, few_images, method_data, spec_link
from mnist_dash.ui.train.fields import field

_FOLDED = {
    "Steps": (Group.STEPS, ":material/trending_down:"),
    "Network": (Group.NETWORK, ":material/account_tree:"),
    "Overfitting": (Group.RESTRAINT, ":material/shield:"),
    "Augmentation": (Group.AUGMENTATION, ":material/auto_fix:"),
    "Validation, end, seed": (Group.RUN, ":material/tune:"),
}


def show_form(data: Dataset, begin: Callable[[RunSpec], None]) -> None:
    """Choose a spec, which the page's link then holds; `begin` stands above what is rarely needed and is given it.

    An entry that is not allowed is explained in its place.
    """
    spec_link.enter(adopt)
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
    method_data.offer_data(method, data.name)
    values = _values(method, method.first, data)
    if method.name == CUSTOM:
        values |= _values(method, ("layers",), data)
    first = st.container()
    values |= _folded(method, data) if method.folded else {}
    with first:
        try:
            spec = RunSpec.of(method.name, data.name, **values)
            spec_link.leave(spec)
            begin(spec)
        except SpecError as e:
            st.error(escape_markdown(e), icon=":material/error:")
        few_images.offer_settings(method, data, adopt)


def adopt(spec: RunSpec) -> None:
    """Put the settings of a spec into the widgets, before they are drawn."""
    st.session_state[Key.METHOD] = spec.method
    state.adopt_values(spec.method, spec.parameters)


def _size(method: Method) -> str:
    if method.name == CUSTOM:
        return ""
    if method.parameters:
        return f"{method.parameters:,} parameters."
    return "How much it keeps depends on the images." if method.learns else "No parameters."


def _values(method: Method, names: Iterable[str], data: Dataset) -> dict[str, Value]:
    return {name: field(method, method.hyperparameters[name], data.train) for name in names}


def _folded(method: Method, data: Dataset) -> dict[str, Value]:
    """What is rarely needed, in groups."""
    values: dict[str, Value] = {}
    for label, (group, icon) in _FOLDED.items():
        names = _list_folded(method, group)
        if not names:
            continue
        with st.expander(label if method.layers else label.replace(", end", ""), icon=icon):
            values |= _values(method, names, data)
            if group is Group.AUGMENTATION:
                augmentation_preview.show_preview(data, values)
    return values


def _list_folded(method: Method, group: Group) -> list[str]:
    """The hyperparameters of a group that are folded away."""
    return [
        name
        for name, parameter in method.hyperparameters.items()
        if parameter.group is group and name not in method.first and not isinstance(parameter, LayerList)
    ]
