"""What an audit looks for, before there is one: test digits that the bundled reader finds difficult."""

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.figures import digits
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import cached_analysis
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_SHOWN, _SCALE, _GAP = 10, 6, 8


def show(data: Dataset) -> None:
    """The most difficult of the first test digits, or of training digits where there is no test, with their labels."""
    split = Split.TEST if len(data.test) else Split.TRAIN
    of, kind = data.split(split), "test" if len(data.test) else "training"
    difficulties = cached_analysis.first_difficulties_of(data, split)
    chosen = np.argsort(-difficulties, kind="stable")[:_SHOWN]
    labels = [str(label) for label in of.labels[chosen].tolist()]
    sheet = draw_shared(digits.draw_sheet, of.images[chosen], colours(), len(chosen), _SCALE, _GAP)
    show_picture(sheet, f"Digits with the labels {', '.join(labels)}", digits.sheet_width(_SHOWN, _SCALE, _GAP) // 2)
    st.caption(
        f"An audit makes a list of such digits. These are the {len(chosen)} of {len(difficulties):,} {kind} images "
        f"that the bundled network finds most difficult. Their labels, from left to right: {', '.join(labels)}. Right?"
    )
