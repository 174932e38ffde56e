"""The views of the Explore page: one module each, loaded when it is first looked at."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.ui.shell import link, state
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

VIEWS = {
    "overview": "Overview",
    "samples": "Samples",
    "pixels": "Pixels",
    "classes": "Classes",
    "shapes": "Shapes",
    "map": "Map",
    "quality": "Quality",
}


def choose() -> str:
    """The view that is chosen here, which the page's link then holds."""
    state.arrive()
    view = link.recall_one_of(Key.VIEW, list(VIEWS))
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        required=True,
        key=state.mirror(Key.VIEW_LIST, view),
        on_change=_take,
        label_visibility="collapsed",
    )
    return view


def _take() -> None:
    link.keep_text(Key.VIEW, state.take_choice(Key.VIEW_LIST))


def show(view: str, data: "Dataset") -> None:
    """Show the view of a data set."""
    _SHOW[view](data)


def _show_overview(data: "Dataset") -> None:
    from mnist_dash.ui.explore import overview

    overview.show(data)


def _show_samples(data: "Dataset") -> None:
    from mnist_dash.ui.explore import samples

    samples.show(data)


def _show_pixels(data: "Dataset") -> None:
    from mnist_dash.ui.explore import pixels

    pixels.show(data)


def _show_classes(data: "Dataset") -> None:
    from mnist_dash.ui.explore import classes

    classes.show(data)


def _show_shapes(data: "Dataset") -> None:
    from mnist_dash.ui.explore import shapes

    shapes.show(data)


def _show_map(data: "Dataset") -> None:
    from mnist_dash.ui.explore import map as map_of_digits

    map_of_digits.show(data)


def _show_quality(data: "Dataset") -> None:
    from mnist_dash.ui.explore import quality

    quality.show(data)


_SHOW: dict[str, Callable[["Dataset"], None]] = {
    "overview": _show_overview,
    "samples": _show_samples,
    "pixels": _show_pixels,
    "classes": _show_classes,
    "shapes": _show_shapes,
    "map": _show_map,
    "quality": _show_quality,
}
