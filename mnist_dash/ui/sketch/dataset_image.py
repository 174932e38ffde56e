"""An image of a data set in place of the sketch pad, as it is: what a model reads wrong can be asked why."""

import numpy as np
import streamlit as st

from mnist_dash.arrays import Image
from mnist_dash.data.correction import describe_corrected_label
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components import dataset_picker, image_number, linked_choice
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import link, messages
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.answer import Source

_SCALE = 20
_INK = 128
"""From this value on a pixel is ink where only ink and paper are told apart."""
_SPLITS = {Split.TEST: "Test", Split.TRAIN: "Training"}


def show() -> tuple[list[Stages], Source]:
    """Show the image that the link names, and choices of another; it, ready for a network, and its label."""
    # Above what stands below it on the screen: the choices decide what is shown.
    shown = st.container(key="dataset_image")
    choices = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with choices:
        name = dataset_picker.choose()
    data = messages.open_with_progress(name)
    there = {split: title for split, title in _SPLITS.items() if len(data.split(split))}
    if not there:
        return [], Source(f"{escape_markdown(data.name)} has no image. Choose another data set.")
    with choices:
        split = linked_choice.choose("Images", there, Key.SPLIT)
        index = image_number.choose(split, _recall(len(data.split(split))), len(data.split(split)))
    with shown:
        return [_show(data, split, index)], Source("", label=int(data.split(split).labels[index]))


def _recall(images: int) -> int:
    index = link.IMAGE.recall()
    return index if index is not None and index < images else 0


def _show(data: Dataset, split: Split, index: int) -> Stages:
    image, label = np.asarray(data.split(split).images[index]), int(data.split(split).labels[index])
    width = digits.sheet_width(1, _SCALE) // 2
    show_picture(draw_shared(digits.draw_digit, image, colours(), scale=_SCALE), f"Image {index}, label {label}", width)
    st.caption(f"Image {index:,} of the {_SPLITS[split].lower()} images, label {label}.")
    corrected = describe_corrected_label(data, split, index)
    if corrected:
        st.caption(escape_markdown(corrected))
    return _take(image)


def _take(image: Image) -> Stages:
    """An image (28, 28) as it is: no step has anything left to do."""
    ink = image >= _INK
    return Stages(ink, ink, ink, image / 255, image, (0, 0))
