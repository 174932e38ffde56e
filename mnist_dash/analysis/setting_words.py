"""The fields of a spec and their values, as people know and read them."""

from mnist_dash.analysis.comparison import Setting
from mnist_dash.methods.registry import HYPERPARAMETERS, get_method


def label_of(name: str) -> str:
    """A field of a spec as people know it."""
    if name in HYPERPARAMETERS:
        return HYPERPARAMETERS[name].label
    return {"method": "Method", "data": "Data set", "continued": "Trained further after epoch"}[name]


def write_difference(name: str, value: Setting) -> str:
    """The value of a field as people read it."""
    match value:
        case None:
            return "all" if name == "train_size" else "the method's own"
        case tuple():
            return ", ".join(map(str, value)) or "–"
        case float():
            return f"{value:g}"
        case int():
            return str(value) if name == "seed" else f"{value:,}"
        case _:
            return get_method(value).title if name == "method" else value or "–"
