"""A run's settings as words, as links hold them: the method, and every hyperparameter that differs from its default."""

from collections.abc import Mapping

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import HYPERPARAMETERS, get_method
from mnist_dash.methods.spec import RunSpec

METHOD = "method"
NAMES = (METHOD, *HYPERPARAMETERS)
"""The names under which a link holds them."""


def write_settings(spec: RunSpec) -> dict[str, str]:
    """The settings as text by name."""
    defaults = get_method(spec.method).defaults
    changed = {name: value for name, value in spec.parameters.items() if value != defaults[name]}
    return {METHOD: spec.method} | {name: _text(value) for name, value in changed.items()}


def read_settings(settings: Mapping[str, str], data: str = "") -> RunSpec:
    """The spec that `write_settings` wrote; raises SpecError where it is not allowed."""
    known = get_method(settings[METHOD]).hyperparameters
    # What the method has not is refused by name, with what it has.
    values: dict[str, Value] = {
        name: known[name].parse(text) if name in known else text for name, text in settings.items() if name != METHOD
    }
    return RunSpec.of(settings[METHOD], data, **values)


def _text(value: Value) -> str:
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
