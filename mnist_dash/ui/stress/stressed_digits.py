"""Digits under stress: a hundred of them as a slider changes them, what models make of them, and how far they hold."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from plotly import graph_objects as go

from mnist_dash.analysis.evaluation import read_right, wilson_interval
from mnist_dash.arrays import Directions, Images, Indices, Probabilities
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.data.stress.stresses import STRESSES, draw_digits, stress
from mnist_dash.errors import DataError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits, intervals
from mnist_dash.figures.intervals import Interval
from mnist_dash.figures.theme import Palette
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.answering import AnsweringModel, find_all_answering, identify
from mnist_dash.models.registry.run_names import BEST
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import link, offered_models, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.messages import making_ready
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.stress import endurance, nudged_digits
from mnist_dash.ui.stress.kind_choice import KindChoice
from mnist_dash.words import certainty

SHOWN, MOST = 100, 4
"""Digits on the screen, and models that read them."""
_FIRST = 2
_MODELS = f"Up to {MOST} models that read the same digits. The first one decides which of them are marked as wrong."
_KINDS = (
    "Our own changes can be made as small or as large as wanted; those of MNIST-C are the fifteen corruptions by which "
    "networks for digits are compared (Mu and Gilmer, 2019)."
)
_TILES = "Test images, drawn at random and always the same. A red frame: read wrong. Choose one to see it from near."


def show(data: Dataset) -> None:
    """The choices, the digits as they are changed, and the answers to them."""
    if not data.test:
        raise DataError(f"{data.name} has no digits to try a model on. {NO_TEST} Choose a set with test images.")
    chosen = _choose_models(offered_models.model_options())
    name, amount = _choose_stress()
    if not chosen:
        st.caption("Choose a model that is to read the digits.")
        return
    who = [each for each in find_all_answering(resources.database(), chosen) if not each.waiting]
    if not who:
        st.info("None of these models can answer yet. Choose another, or wait for an epoch.")
        return
    shown = draw_digits(data.test, SHOWN)
    directions = nudged_digits.find_directions(data, who[0], len(shown)) if STRESSES[name].aimed else None
    if STRESSES[name].aimed and directions is None:
        return
    images = _stress(data, name, amount, directions)
    with making_ready():
        answers = [ask(identify(each), images, each) for each in who]
    left, right = st.columns([7, 5], gap="large")
    with left:
        place = _show_tiles(images, shown, answers[0], who[0])
    with right:
        _show_shares(who, answers, shown)
        _show_near(images, shown, place, who, answers)
        endurance.show(data, who, name)


@resources.cache_once(entries=64)
def _stress(data: Dataset, name: str, amount: float, directions: Directions | None) -> Images:
    return stress(draw_digits(data.test, SHOWN).images, name, amount, directions=directions)


@resources.cache_once(entries=64)
def ask(key: str, images: Images, _who: AnsweringModel) -> Probabilities:  # noqa: ARG001 - whose answers these are
    """What a model answers to stressed images, once for all sessions; `key` tells it, as it is now, from all others."""
    return resources.model(_who.name, _who.epoch).probabilities(images)


def _choose_models(known: Mapping[str, str]) -> list[str]:
    kept = st.session_state.get(Key.STRESSED, link.STRESSED.read_link())
    there = [name for name in kept or () if name in known][:MOST]
    first = [DEFAULT, *(name for name in known if name != DEFAULT and not name.endswith(BEST))][:_FIRST]
    st.session_state[Key.STRESSED] = there if there or kept == [] else first
    names: list[str] = st.multiselect(
        "Models",
        tuple(known),
        format_func=known.__getitem__,
        key=Key.STRESSED,
        max_selections=MOST,
        persist_state="session",
        on_change=lambda: link.STRESSED.publish(st.session_state[Key.STRESSED]),
        help=_MODELS,
        placeholder="Choose models",
    )
    return names


def _find_nearest(name: str, amount: float) -> float:
    kind = STRESSES[name]
    # Without what floats add: 6 × 0.05 is 0.30000000000000004.
    return float(np.clip(round(round(amount / kind.step) * kind.step, 6), 0, kind.most))


_CHOICE = KindChoice(
    Key.STRESS,
    {name: kind.title for name, kind in STRESSES.items()},
    link.AMOUNT,
    lambda name: float(STRESSES[name].usual),
    _find_nearest,
)


def _choose_stress() -> tuple[str, float]:
    """Which stress, and by how much."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        name = _CHOICE.choose("Change", _KINDS, 260)
        kind = STRESSES[name]
        amount: float = st.slider(
            f"By how much ({kind.unit})",
            0.0,
            float(kind.most),
            step=float(kind.step),
            format="%g",
            key=_CHOICE.start_slider(name),
            persist_state="session",
            on_change=_CHOICE.publish_amount,
            args=(name,),
            help=kind.words,
        )
    return name, amount


def _show_tiles(images: Images, shown: Digits, shares: Probabilities, who: AnsweringModel) -> int:
    """The digits to choose from; the place of the chosen one, at first the surest that is read wrong."""
    read = shares.argmax(axis=1)
    wrong = np.flatnonzero(~read_right(shares, shown.labels))
    names = [
        f"Label {label}, {who.short} reads {answer}" for label, answer in zip(shown.labels.tolist(), read, strict=True)
    ]
    st.caption(
        f"{len(images)} test digits, {len(wrong)} of them read wrong by {escape_markdown(who.short)}.", help=_TILES
    )
    chosen = st.session_state.get(Key.STRESSED_DIGIT)
    place = int(chosen) if chosen is not None and chosen < len(images) else _find_first(wrong, shares)
    picked = tiles(images, names, "stressed", "Digits under stress", times=2, chosen=place, wrong=wrong.tolist())
    if picked is not None and picked < len(images):
        place = st.session_state[Key.STRESSED_DIGIT] = picked
    return place


def _find_first(wrong: Indices, shares: Probabilities) -> int:
    return int(wrong[shares[wrong].max(axis=1).argmax()]) if len(wrong) else 0


def _show_shares(who: Sequence[AnsweringModel], answers: Sequence[Probabilities], shown: Digits) -> None:
    rows = []
    for each, shares in zip(who, answers, strict=True):
        right, count = int(read_right(shares, shown.labels).sum()), len(shown)
        rows.append(Interval(each.short, right / count, *wilson_interval(right, count), f"{count} digits"))
    figure = plot_shared(_plot_shares, rows, colours())
    chart(figure, "stressed_shares", intervals.height(len(rows)), "Share of these digits that each model reads right")


def _plot_shares(rows: Sequence[Interval], palette: Palette) -> go.Figure:
    """On an axis that stays, whatever the slider says."""
    figure = intervals.plot_intervals(rows, palette, "Of these digits read right in %")
    return figure.update_xaxes(range=[0, 101])


def _show_near(
    images: Images, shown: Digits, place: int, who: Sequence[AnsweringModel], answers: Sequence[Probabilities]
) -> None:
    """One digit before and after, and what each model reads in it."""
    before, after, said = st.columns([2, 2, 3], vertical_alignment="center")
    for column, words, image in ((before, "As it was", shown.images[place]), (after, "Changed", images[place])):
        with column:
            st.caption(words)
            show_picture(
                draw_shared(digits.draw_digit, np.asarray(image), colours(), scale=5),
                f"{words}: a {shown.labels[place]}",
            )
    with said:
        st.markdown(f"Its label says **{shown.labels[place]}**.")
        for each, shares in zip(who, answers, strict=True):
            read = int(shares[place].argmax())
            st.markdown(
                f"{escape_markdown(each.short)} reads **{read}**. Sure: {certainty(float(shares[place, read]))}."
            )
