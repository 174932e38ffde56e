"""The training digits that look most like the sketch."""

from collections import Counter

import streamlit as st

from mnist_dash.analysis.neighbours import find_nearest
from mnist_dash.data.dataset import MNIST, Dataset, Split
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import cached_analysis, messages, resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sketch.why.findings import Reader

_COUNT = 8
_NEAREST = (
    "The training images whose 784 values differ least from those of your digit (Euclidean distance). The network does "
    "not look them up: they show what it may have learnt from. Choose one to see it in Explore."
)


def show(reader: Reader, sketch: Stages) -> None:
    """Eight training images with their labels, and how far they agree."""
    st.caption("The nearest training digits", help=_NEAREST)
    data = messages.open_with_progress(reader.data if reader.data in resources.datasets().names() else MNIST)
    found = find_nearest(sketch.image, cached_analysis.neighbourhood_of(data), _COUNT)
    labels = data.train.labels[found.index].tolist()
    names = [
        f"Image {index}, label {label}, distance {distance:,.0f}"
        for index, label, distance in zip(found.index.tolist(), labels, found.distance.tolist(), strict=True)
    ]
    picked = tiles(data.train.images[found.index], names, key="why_nearest", label="Nearest training digits", times=2)
    st.write(write_agreement(labels))
    st.caption("Their labels, the nearest first: " + " ".join(map(str, labels)))
    if picked is not None and picked < len(names):
        _open(data, int(found.index[picked]))


def write_agreement(labels: list[int]) -> str:
    """How many of the nearest bear the label that most of them bear."""
    if not labels:
        return "There is no training image to compare with."
    label, count = Counter(labels).most_common(1)[0]
    if count == len(labels):
        return f"All {count} nearest are {label}s."
    return f"{count} of the {len(labels)} nearest {'is a' if count == 1 else 'are'} {label}{'' if count == 1 else 's'}."


def _open(data: Dataset, index: int) -> None:
    """Look at a training image on the Explore page, by the link that shows it."""
    name = data.name if data.name in resources.datasets().names() else MNIST
    choices = {Key.DATA: name, Key.VIEW: "samples", Key.SPLIT: Split.TRAIN.value, Key.IMAGE: str(index)}
    state.open_page("pages/explore.py", choices)
