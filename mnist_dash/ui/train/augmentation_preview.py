"""A preview of augmentation: the very digits that a network would be shown."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import streamlit as st

from mnist_dash.data.augmentation import Augmentation, augment, draw_warps
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.disturbances.chances import draw_chances
from mnist_dash.data.disturbances.disturb import disturb
from mnist_dash.figures import digits
from mnist_dash.methods.kinds import Value
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_SHOWN, _COLUMNS, _SCALE = 12, 4, 4


def show_preview(data: Dataset, values: Mapping[str, Value]) -> None:
    """Some training digits as they are, or as the chosen augmentation would vary them."""
    strengths = {field.name: float(values[field.name] or 0) for field in fields(Augmentation)}
    augmentation, share = Augmentation(**strengths), float(values["disturbance"] or 0)
    images = np.asarray(data.train.images[:_SHOWN])
    if not augmentation.active and not share:
        st.caption("Off: every epoch shows the same digits. Raise a value, and some of them appear here, varied.")
        return
    epoch = st.session_state.setdefault(Key.PREVIEW, 1)
    images = augment(images, draw_warps(augmentation, len(images), 0, epoch))
    images = disturb(images, share, draw_chances(0, epoch, 0, len(images)))
    sheet = draw_shared(digits.draw_sheet, images, colours(), _COLUMNS, _SCALE, gap=8)
    show_picture(sheet, "Training digits, varied by augmentation", digits.sheet_width(_COLUMNS, _SCALE, 8) // 2)
    st.button("Vary again", icon=":material/refresh:", on_click=_again, key="vary")


def _again() -> None:
    st.session_state[Key.PREVIEW] += 1
