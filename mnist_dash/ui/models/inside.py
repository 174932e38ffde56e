"""Inside: what a model looks for: the digit that it likes best of each class, and the filters of its first layer."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from mnist_dash.analysis.favourites import VERSION, Favourites, read_favourites
from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import CLASSES, SIDE, Dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.errors import ModelError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import channels, digits
from mnist_dash.models.layers import Layer, run_layers
from mnist_dash.models.registry.answering import AnsweringModel, identify
from mnist_dash.models.registry.lookup import read_file_with_features, read_preparation
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.kept_result import Wanted
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import messages, resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_FAVOURITES = (
    "Nobody has written these. From the mean of all training images each picture is changed step by step to what "
    "makes the model surer of its digit, with a price on ink and on fine detail (after Erhan et al. 2009 and Simonyan "
    "et al. 2014). What looks like no digit shows what else the model takes for one."
)
_FILTERS = (
    "The weights of the first layer, all on one scale: ink where blue is makes a channel or unit fire, ink where brown "
    "is holds it back."
)
_MAP = "Digits that its last layer but one finds alike lie near each other; those that it reads wrong are marked."
_SCALE = 6
_WIDTH = digits.sheet_width(1, _SCALE) // 2
_MOST = 64
"""Filters that are shown of a layer with very many."""
_FILTER, _TEMPLATE = 72, 112
"""Pixels of the picture of a filter, and of one as large as the image; shown at half of that."""


def show(answered: Answered) -> None:
    """The favourites on the left, the filters on the right, and the way to the map of its features."""
    try:
        layers = layers_of(answered.who.name, identify(answered.who))
    except ModelError as e:
        st.info(escape_markdown(e), icon=":material/info:")
        return
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.header("The digit that it likes best", anchor=False, help=_FAVOURITES)
        found = kept_result.find(_want(answered.who, answered.data))
        if found is not None:
            _show_favourites(found)
    with right:
        st.header("What its first layer looks for", anchor=False, help=_FILTERS)
        _show_filters(layers)
        _offer_map(answered)


@resources.cache_once(entries=16)
def layers_of(name: str, identity: str) -> list[Layer]:  # noqa: ARG001 - the key: a name may come to mean another model
    """The layers of a model, as they are without any ink; raises ModelError where it has none that can be shown."""
    with messages.making_ready():
        content = read_file_with_features(resources.database(), name)
    return run_layers(content, np.zeros((SIDE, SIDE), np.uint8), read_preparation(resources.database(), name))


def _want(who: AnsweringModel, data: Dataset) -> Wanted[Favourites]:
    key = kept_result.make_key(VERSION, identify(who), _checksums(data.sha256))
    return Wanted(
        ResultKind.FAVOURITES,
        key,
        read_favourites,
        ("favourites", who.name, "--data", data.name),
        "Looking for the digits that it likes best",
        "They are found once and kept: the model is asked some 70,000 times, which takes 10 to 60 seconds.",
        "Find them",
        ":material/favorite:",
    )


def _checksums(sha256: Mapping[str, str]) -> dict[str, str]:
    return {name: checksum for name, checksum in sha256.items() if name == "train_images"}


def _show_favourites(found: Favourites) -> None:
    sure = found.probabilities.diagonal()
    with st.container(horizontal=True, gap="small"):
        for digit, image in enumerate(found.images):
            with st.container(width=_WIDTH, gap="xxsmall"):
                show_picture(
                    draw_shared(digits.draw_digit, image, colours(), _SCALE), f"The {digit} that it likes best", _WIDTH
                )
                st.caption(f"{digit}: {certainty(float(sure[digit]))}")
    unsure = [digit for digit in range(CLASSES) if found.probabilities[digit].argmax() != digit]
    if unsure:
        which = ", ".join(map(str, unsure))
        st.caption(f"Of {which} none was found that it reads as such: small changes tell too little of this model.")
    else:
        st.caption("Below each picture: how sure the model is of it. It reads all ten as what they were made for.")


def _show_filters(layers: list[Layer]) -> None:
    first = next((layer for layer in layers if layer.weights is not None), None)
    if first is None or first.weights is None:
        st.caption("Its first layer does not look at the pixels at their places, so that it has no picture.")
        return
    filters = _draw_filters(first.weights)
    count, side = len(filters), filters.shape[1]
    of = f" of {len(first.weights)}" if len(first.weights) > count else ""
    st.caption(
        f"{escape_markdown(first.name)}: {count}{of} {'filters' if side < SIDE else 'units'} of {side}×{side} weights."
    )
    # Even, since it is shown halved.
    cell = max(2, (_FILTER if side < SIDE else _TEMPLATE) // side // 2 * 2)
    picture = channels.draw_weights(filters, colours(), cell=cell)
    show_picture(picture, f"Weights of {count} filters", channels.weights_width(count, side, cell=cell))


def _draw_filters(weights: Float32s) -> Float32s:
    """The first weights of a layer as pictures (n, rows, columns); over several channels of colour, their mean."""
    shown = weights[:_MOST]
    return shown.mean(axis=3) if shown.ndim == 4 else shown.reshape(-1, SIDE, SIDE)


def _offer_map(answered: Answered) -> None:
    choices = {Key.DATA: answered.data.name, Key.VIEW: "map", Key.MAP_OF: answered.who.name, Key.MAP_TINT: "outcome"}
    if st.button("Its features on the map", icon=":material/scatter_plot:", key="features", help=_MAP):
        state.open_page("pages/explore.py", choices)
