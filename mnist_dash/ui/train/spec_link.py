"""The configuration of the Train page in its link: what differs from the method's own defaults."""

from collections.abc import Callable

import streamlit as st

from mnist_dash.errors import SpecError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import HYPERPARAMETERS, get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key

_NAMES = (Key.METHOD.value, *HYPERPARAMETERS)


def enter(adopt: Callable[[RunSpec], None]) -> None:
    """Adopt the settings of a link that a person has opened; says so where they are not allowed."""
    asked = link.read_settings(_NAMES)
    if Key.METHOD not in asked or asked == st.session_state.get(Key.LINK):
        return
    st.session_state[Key.LINK] = asked
    try:
        adopt(spec_of(asked))
    except SpecError as e:
        st.warning(f"The link's settings were not taken. {escape_markdown(e)}", icon=":material/link_off:")


def leave(spec: RunSpec) -> None:
    """Put the settings into the link."""
    settings = settings_of(spec)
    if settings == st.session_state.get(Key.LINK):
        return
    st.session_state[Key.LINK] = settings
    link.write_settings(settings, _NAMES)


def settings_of(spec: RunSpec) -> dict[str, str]:
    """The method, and every hyperparameter that differs from its default, as text."""
    defaults = get_method(spec.method).defaults
    changed = {name: value for name, value in spec.parameters.items() if value != defaults[name]}
    return {Key.METHOD.value: spec.method} | {name: _text(value) for name, value in changed.items()}


def spec_of(settings: dict[str, str], data: str = "") -> RunSpec:
    """The spec that `settings_of` wrote; raises SpecError where it is not allowed."""
    known = get_method(settings[Key.METHOD]).hyperparameters
    # What the method has not is refused by name, with what it has.
    values: dict[str, Value] = {
        name: known[name].parse(text) if name in known else text
        for name, text in settings.items()
        if name != Key.METHOD
    }
    return RunSpec.of(settings[Key.METHOD], data, **values)


def _text(value: Value) -> str:
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
