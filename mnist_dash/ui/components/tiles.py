"""Hundreds of digits to choose from, as one picture in the page instead of hundreds of widgets."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mnist_dash.arrays import Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.figures import digits
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_COLUMNS = 20
"""Digits in a row of the picture; on the screen they flow as its width allows."""

_component = st.components.v2.component(
    "mnist_dash_tiles",
    html='<div class="mnist-dash-tiles" role="listbox"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def tiles(
    images: Images,
    names: Sequence[str],
    key: str,
    label: str,
    times: int = 1,
    chosen: int | None = None,
    first: int = 0,
    wrong: Sequence[int] = (),
) -> int | None:
    """Show images (n, 28, 28), each `times` enlarged, under the accessible `names` and `label`.

    Returns the place of the one that was just chosen, by mouse or keyboard, and None otherwise. Places count from
    `first`; the one that is `chosen` is marked, and those that were read `wrong`, by places that count from 0.
    """
    sheet = b64encode(draw_shared(digits.draw_bare, images, colours(), _COLUMNS)).decode("ascii")
    data = {
        "sheet": sheet,
        "columns": _COLUMNS,
        "side": SIDE * times,
        "names": list(names),
        "label": label,
        "chosen": chosen,
        "first": first,
        "wrong": list(wrong),
        "tone": colours().wrong,
    }
    result = _component(key=key, data=data, on_theme_change=_noted, on_chosen_change=_noted)
    place: int | None = result.chosen
    # A choice that came in the same moment is not dropped for new colours: what follows on it draws anew as well.
    if result.theme and place is None:
        st.rerun()
    return place


def _noted() -> None:
    """Make a trigger known to the component, which reads it from its result."""
