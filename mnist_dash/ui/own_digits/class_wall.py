"""The wall of a class: its digits in the order in which they came, how many of each, and from how many phones."""

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.figures.cloud import SPRITE_COLUMNS, draw_sprite
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.class_room import ClassRoom, count_digits, count_phones
from mnist_dash.ui.components import sprites
from mnist_dash.ui.components.picture import picture_address
from mnist_dash.ui.components.wall import wall
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.look_again import look_again

GLANCE = 2.0
"""Seconds between two looks."""
_PHONES = "Phones that have kept a digit."


def show(room: ClassRoom, name: str) -> None:
    """The wall, which looks again by itself as long as the class is open."""

    @look_again(GLANCE if room.is_open else None)
    def follow() -> None:
        with messages.explain_errors():
            counts = collection.count_by_label(resources.database(), room.set_key)
            with st.container(horizontal=True, gap="medium", key="figures_of_class"):
                st.metric("Digits", f"{sum(counts.values()):,}")
                st.metric("Phones", f"{count_phones(resources.database(), room.code):,}", help=_PHONES)
                for digit in range(CLASSES):
                    st.metric(f"of {digit}", f"{counts.get(digit, 0):,}")
            pictures, shown = _draw(room.set_key, *count_digits(resources.database(), room.set_key))
            wall("class_wall", pictures, shown, f"Digits of {name}, the oldest first")

    follow()


@resources.cache_once()
def _draw(set_key: str, count: int, newest: float) -> tuple[list[str], int]:  # noqa: ARG001 - the key
    """The addresses of pictures of SPRITE_COLUMNS digits each, and how many these are; the last one holds itself.

    As long as there are as many and none is newer, they stay.
    """
    images = collection.digits_of(resources.database(), set_key).images
    parts = [images[first : first + SPRITE_COLUMNS] for first in range(0, len(images), SPRITE_COLUMNS)]
    whole = [part for part in parts if len(part) == SPRITE_COLUMNS]
    addresses = [sprites.address(resources.settings().home, np.ascontiguousarray(part)) for part in whole]
    return [*addresses, *(picture_address(draw_sprite(part)) for part in parts[len(whole) :])], len(images)
