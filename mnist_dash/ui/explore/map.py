"""Map: digits as points, alike near alike; point at one to see it, draw around some to see them below."""

from dataclasses import replace

import numpy as np
import streamlit as st

from mnist_dash.analysis import embedding
from mnist_dash.analysis.embedding import FEWEST, Map, Method, Plan
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.figures import scree
from mnist_dash.figures.cloud import Cloud, Tint, plot_cloud
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.lookup import read_file_with_features, read_preparation
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.chart import Selection, chart, plot_shared
from mnist_dash.ui.components.kept_result import Wanted
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.explore import export
from mnist_dash.ui.shell import cached_analysis, offered_models, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.messages import making_ready
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import percent

PIXELS = "pixels"
_METHODS = {Method.PCA: "PCA", Method.TSNE: "t-SNE"}
_METHOD = (
    "PCA turns the 784 dimensions so that two of them show as much of the variance as two can: quick, and distances "
    "mean something. t-SNE keeps neighbours together: groups show, but their distances and sizes mean nothing."
)
_OF = "What makes digits alike: their 784 pixels, or what the last layer but one of a network makes of them."
_TINTS = {Tint.DIGIT: "Digit", Tint.SPLIT: "Split", Tint.OUTCOME: "Right or wrong", Tint.CERTAINTY: "Certainty"}
_TINT = "Right or wrong, and certainty, are those of the network above; of the bundled one for pixels."
_COUNTS = (1_000, 2_000, 5_000, 10_000)
_HEIGHT, _MOST = 620, 400


def show(data: Dataset) -> None:
    """The choices, the map, and what was drawn around."""
    there = len(data.train) + len(data.test)
    if there < FEWEST:
        st.info(f"A map needs {FEWEST} digits at least, and this set has {there}.", icon=":material/info:")
        return
    plan, of, tint = _choices(there)
    content = None if of == PIXELS else _content(of)
    key = embedding.key_of(data, content, plan, read_preparation(resources.database(), of))
    drawn = _drawn(data, plan, of, key)
    if drawn is None:
        return
    images = embedding.images_of(data, drawn.split, drawn.index)
    read = cached_analysis.answers_of(data, DEFAULT if of == PIXELS else of, key, images)
    figure = plot_shared(
        plot_cloud, Cloud(drawn.points, drawn.split, drawn.index, drawn.label, read, drawn.shares), tint, colours()
    )
    selection = chart(
        replace(figure, revision=key), "cloud", _HEIGHT, "The map of digits", thumbnails=images, selectable=True
    )
    _selected(data, drawn, images, selection)
    if plan.method is Method.PCA and content is None:
        _components(data)


def _choices(there: int) -> tuple[Plan, str, Tint]:
    models = offered_models.model_options()
    counts = [count for count in _COUNTS if count <= there] or [there]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.segmented_control(
            "Method",
            list(_METHODS),
            format_func=_METHODS.__getitem__,
            default=Method.PCA,
            required=True,
            key=Key.MAP_METHOD,
            bind="query-params",
            help=_METHOD,
        )
        of = st.selectbox(
            "Of",
            [PIXELS, *models],
            format_func=lambda name: "Pixels" if name == PIXELS else f"Features: {models[name]}",
            key=Key.MAP_OF,
            bind="query-params",
            help=_OF,
            width=340,
        )
        count = st.selectbox(
            "Digits", counts, index=min(1, len(counts) - 1), key=Key.MAP_COUNT, bind="query-params", width=110
        )
        tint = st.selectbox(
            "Colour",
            list(_TINTS),
            format_func=_TINTS.__getitem__,
            key=Key.MAP_TINT,
            bind="query-params",
            width=160,
            help=_TINT,
        )
    return Plan(Method(method), count), of, Tint(tint)


def _content(name: str) -> bytes:
    with making_ready():
        return read_file_with_features(resources.database(), name)


def _drawn(data: Dataset, plan: Plan, of: str, key: str) -> Map | None:
    """The map, at once where it is quick or known; otherwise None, while a process of its own draws it."""
    if plan.method is Method.PCA and of == PIXELS:
        return cached_analysis.map_of(data, plan)
    words = ("--data", data.name, "--of", of, "--method", plan.method, "--count", str(plan.count))
    wanted = Wanted(
        ResultKind.MAP,
        key,
        embedding.from_npz,
        ("map", *words),
        "Drawing the map",
        "This map is drawn once and kept.",
        "Draw it",
        ":material/scatter_plot:",
    )
    return kept_result.find(wanted)


def _selected(data: Dataset, drawn: Map, images: np.ndarray, selection: Selection | None) -> None:
    if selection is None:
        st.caption("Point at a digit to see it. Draw around some, with the lasso or the box, to see them here.")
        return
    places = np.array(selection.points)[:_MOST]
    st.header(f"{len(selection.points):,} digits", anchor=False)
    names = [f"{embedding.SPLITS[drawn.split[i]]} {drawn.index[i]}, label {drawn.label[i]}" for i in places]
    train = drawn.index[np.array(selection.points)][drawn.split[np.array(selection.points)] == 0]
    if len(train):
        export.offer_export(data.train, train.astype(np.int64), f"{data.name}-selection")
    tiles(images[places], names, key="selected", label="The selected digits")
    if len(selection.points) > _MOST:
        st.caption(f"The first {_MOST} are shown.")


def _components(data: Dataset) -> None:
    """What the axes of PCA are, and how much of the variance they show."""
    basis = cached_analysis.basis_of(data)
    st.header("How much two axes can show", anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart(
            plot_shared(scree.plot_scree, basis.shares, colours(), shown=2),
            key="scree",
            height=scree.HEIGHT,
            alt="Explained variance",
        )
    with right:
        st.metric("Variance on this map", percent(float(basis.shares[:2].sum()), 1))
        st.metric("With 50 components", percent(float(basis.shares.sum()), 1))
