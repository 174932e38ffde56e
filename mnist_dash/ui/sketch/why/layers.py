"""What each layer saw: its channels, one of them from near with its filters, or its units."""

from dataclasses import astuple

import numpy as np
import streamlit as st

from mnist_dash.arrays import Float32s
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import channels
from mnist_dash.methods.layers import write_shape
from mnist_dash.models.layers import Kind, Layer
from mnist_dash.sketch.mnist_preprocessing import SIDE, Stages
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.why import findings
from mnist_dash.ui.sketch.why.findings import Reader
from mnist_dash.words import join_words

_LAYERS = (
    "A network reads in steps. A convolution looks for one small pattern in each of its channels, a pool keeps the "
    "strongest of each small window, a dense layer weighs everything it is given. Normalisation and dropout are not "
    "shown: they shift and scale what a layer makes, or only matter while it learns."
)
_CHANNEL = (
    "What this channel answers, place by place: exact values under the pointer. 0 means that its pattern is not there."
)
_SHAPE = (
    "Rows × columns × channels. Each channel is the image as one pattern finds it; all are drawn on the same scale, so "
    "that a pale one found little in your digit."
)
_FIELD = "The part of your digit from which the strongest value of this channel was made."
_FILTER = (
    "The pattern that this channel looks for, one picture for each channel of the layer before. Ink where blue is "
    "makes it fire, ink where brown is holds it back."
)
_UNITS = "What each unit answers to your digit. Its place in the row has no meaning."
_TEMPLATES = (
    "The weights of a unit lie over the image: ink where blue is makes it fire, ink where brown is holds it back."
)
_STRONGEST = 5
_TEMPLATE_CELL = 4
_ALONE, _AMONG = 144, 36
"""Pixels of the picture for one filter, where it is the only one and where it is one of many."""
_MOST = 256
"""Channels, or filters, that are shown of a layer with very many."""


def show(reader: Reader, sketch: Stages) -> None:
    """A choice of layers, and the chosen one."""
    if reader.members:
        names = escape_markdown(join_words(reader.members, len(reader.members), "or"))
        st.caption(f"A vote has no layers of its own. Choose one of its members to see what its layers saw: {names}.")
        return
    found = {layer.name: layer for layer in findings.layers_of(reader, sketch.image)}
    if not found:
        st.caption("What each layer saw: this model is no network and has no layers. Choose a network to look into it.")
        return
    # A layer that another model has is none of this one.
    if st.session_state.get(Key.WHY_LAYER) not in found:
        st.session_state[Key.WHY_LAYER] = next(iter(found))
    name = st.segmented_control(
        "What each layer saw",
        list(found),
        required=True,
        key=Key.WHY_LAYER,
        persist_state="session",
        on_change=_other_channel,
        help=_LAYERS,
    )
    layer = found[name or next(iter(found))]
    if layer.shows_places:
        _places(layer, sketch)
    else:
        _units(layer)


def _other_channel() -> None:
    st.session_state.pop(Key.WHY_CHANNEL, None)


def _places(layer: Layer, sketch: Stages) -> None:
    left, right = st.columns([7, 5], gap="large")
    count = min(_MOST, layer.values.shape[2])
    chosen = st.session_state.get(Key.WHY_CHANNEL, _loudest(layer))
    with left:
        st.caption(
            f"{write_shape(layer.values.shape)}: {count} channels{_of(layer)}, the more ink the stronger. Choose one.",
            help=_SHAPE,
        )
        picked = tiles(
            channels.draw_channels(layer.values[:, :, :count]),
            [f"Channel {place}, strongest value {_most(layer, place):.2f}" for place in range(count)],
            key="why_channels",
            label=f"Channels of {layer.name}",
            times=2,
            chosen=min(chosen, count - 1),
        )
    if picked is not None and picked < count:
        chosen = st.session_state[Key.WHY_CHANNEL] = picked
    with right:
        _channel(layer, min(chosen, count - 1), sketch)


def _loudest(layer: Layer) -> int:
    return int(np.abs(layer.values).max(axis=(0, 1))[:_MOST].argmax())


def _of(layer: Layer) -> str:
    count = layer.values.shape[2]
    return f" of {count:,}" if count > _MOST else ""


def _most(layer: Layer, channel: int) -> float:
    row, column = layer.strongest(channel)
    return float(layer.values[row, column, channel])


def _channel(layer: Layer, channel: int, sketch: Stages) -> None:
    row, column = layer.strongest(channel)
    box, most = layer.seen_at(row, column), _most(layer, channel)
    st.caption(f"Channel {channel} of {layer.name}", help=_CHANNEL)
    figure = plot_shared(channels.plot_channel, layer.values[:, :, channel], colours())
    chart(figure, key="why_channel_shown", height=channels.HEIGHT, alt=f"Channel {channel} of {layer.name}")
    with st.container(horizontal=True, gap="small"):
        with st.container(width=channels.receptive_field_width() + 40, gap="small"):
            st.caption(f"Strongest here: {most:.2f}" if most else "Silent", help=_FIELD)
            content = channels.draw_receptive_field(sketch.image, astuple(box), colours())
            show_picture(
                content, "Your digit, with a frame where the channel fired most", channels.receptive_field_width()
            )
        if layer.weights is not None:
            with st.container(width="content", gap="small"):
                _filters(layer.weights[channel].transpose(2, 0, 1)[:_MOST])


def _filters(filters: Float32s) -> None:
    count, side = len(filters), filters.shape[1]
    st.caption("Its filter" if count == 1 else f"Its {count} filters", help=_FILTER)
    # A filter for the image itself is the only one: there is room to show it large. Even, since it is shown halved.
    cell = max(2, (_ALONE if count == 1 else _AMONG) // side // 2 * 2)
    content = channels.draw_weights(filters, colours(), cell=cell)
    show_picture(content, f"Weights of {count} filters", channels.weights_width(count, side, cell=cell))


def _units(layer: Layer) -> None:
    values = layer.values.ravel()
    names = {Kind.ANSWER: "Digit", Kind.DENSE: "Unit"}.get(layer.kind, "Channel")
    st.caption(f"{len(values)} values, one for each {names.lower()}", help=_UNITS)
    figure = plot_shared(channels.plot_units, values, colours(), names)
    chart(figure, key="why_units", height=channels.STRIP, alt=f"Values of {layer.name}")
    if layer.on_pixels and layer.weights is not None:
        _templates(layer.weights, values)


def _templates(weights: Float32s, values: Float32s) -> None:
    """What the units that answered strongest look for, where they look at the pixels themselves."""
    strongest = np.argsort(-np.abs(values), kind="stable")[:_STRONGEST]
    st.caption(f"What the strongest units look for: {', '.join(map(str, strongest))}", help=_TEMPLATES)
    content = channels.draw_weights(weights[strongest].reshape(-1, SIDE, SIDE), colours(), cell=_TEMPLATE_CELL)
    show_picture(
        content, "Weights of the strongest units", channels.weights_width(len(strongest), SIDE, cell=_TEMPLATE_CELL)
    )
