"""A damaged model: fewer bits, pruned weights, noise, channels taken away; what it still reads, your drawing too."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import read_right, wilson_interval
from mnist_dash.analysis.robustness import Robustness
from mnist_dash.arrays import Images
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.data.stress.stresses import draw_digits
from mnist_dash.errors import DataError
from mnist_dash.figures import answer, robustness
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.damage import DAMAGES, Damage, damage
from mnist_dash.models.registry.answering import AnsweringModel, find_answering, identify
from mnist_dash.models.registry.lookup import read_file_with_features, read_preparation
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.ui.components import model_picker
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.shell import link, offered_models, resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.messages import making_ready
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.stress.kind_choice import KindChoice
from mnist_dash.words import certainty, interval, percent

_COUNT = 500
_MODEL = "The model that is damaged: a copy of it, which nobody else sees. The model itself stays as it is."
_KIND = "What is done to the weights, the numbers that the network has learnt."
_OWN = "What you drew last on Home or Sketch, read by the damaged network."


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """A model by its file, and who it is."""

    who: AnsweringModel
    content: bytes


def show(data: Dataset) -> None:
    """The choices, accuracy with and without the damage, the curve over all amounts, and the last drawing."""
    if not data.test:
        raise DataError(f"{data.name} has no digits to try a model on. {NO_TEST} Choose a set with test images.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        name = model_picker.choose("Model", offered_models.model_options(), Key.MODEL, _MODEL, width=360)
        kind_name, amount = _choose_damage()
    kind = DAMAGES[kind_name]
    who = find_answering(resources.database(), name)
    if who.waiting:
        st.info("This run is learning, and no epoch is ready to answer yet.")
        return
    with making_ready():
        whole = _Whole(who, read_file_with_features(resources.database(), name))
    found = _ask_all(data, f"{identify(who)} {kind_name}", whole, kind_name)
    left, right = st.columns([7, 5], gap="large")
    with left:
        _show_curve(found, kind, kind.amounts.index(amount))
    with right:
        _show_figures(found, kind.amounts.index(amount))
        _show_drawing(open_damaged(whole, kind_name, amount))


def _find_nearest(name: str, amount: float) -> float:
    return min(DAMAGES[name].amounts, key=lambda each: abs(each - amount))


_CHOICE = KindChoice(
    Key.DAMAGE,
    {name: kind.title for name, kind in DAMAGES.items()},
    link.DAMAGED_BY,
    lambda name: DAMAGES[name].amounts[len(DAMAGES[name].amounts) // 2],
    _find_nearest,
)


def _choose_damage() -> tuple[str, float]:
    """Which damage, and by how much."""
    name = _CHOICE.choose("Damage", _KIND, 220)
    kind = DAMAGES[name]
    amount: float = st.select_slider(
        f"By how much ({kind.unit})",
        kind.amounts,
        format_func="{:g}".format,
        key=_CHOICE.start_slider(name),
        persist_state="session",
        on_change=_CHOICE.publish_amount,
        args=(name,),
        help=kind.words,
    )
    return name, amount


def open_damaged(whole: _Whole, kind: str, amount: float) -> LiteRT:
    """The model with that damage."""
    preparation = read_preparation(resources.database(), whole.who.name)
    return LiteRT(damage(whole.content, kind, amount), preparation)


@resources.cache_once("Asking the damaged network, some seconds", entries=32)
def _ask_all(data: Dataset, who: str, _whole: _Whole, kind: str) -> Robustness:  # noqa: ARG001 - the key
    """How many of _COUNT test digits are read right at every amount of the damage."""
    digits = draw_digits(data.test, _COUNT)
    models = (open_damaged(_whole, kind, amount) for amount in DAMAGES[kind].amounts)
    right = [int(read_right(model.probabilities(digits.images), digits.labels).sum()) for model in models]
    return Robustness(np.arange(len(right), dtype=np.float64), np.array([right]), len(digits))


def _show_curve(found: Robustness, kind: Damage, place: int) -> None:
    figure = robustness.plot_robustness(found, ["Read right"], f"{kind.title} ({kind.unit})", colours())
    ticks = [f"{amount:g}" for amount in kind.amounts]
    figure.update_layout(showlegend=False, uirevision=kind.title)
    figure.update_xaxes(tickvals=found.levels, ticktext=ticks)
    figure.add_vline(x=place, line={"color": colours().ink, "width": 1})
    chart(figure, "damage_curve", robustness.HEIGHT, f"Accuracy against {kind.title.lower()}")
    st.caption(f"Of {found.images:,} test digits, with 95 % intervals. {kind.words}")


def _show_figures(found: Robustness, place: int) -> None:
    right, whole = int(found.right[0, place]), int(found.right[0, 0])
    with st.container(horizontal=True, gap="large"):
        st.metric("Damaged, read right", percent(right / found.images))
        st.metric("Whole", percent(whole / found.images))
    st.caption(f"{interval(*wilson_interval(right, found.images))}.")


def _show_drawing(model: LiteRT) -> None:
    """What the damaged network reads in the last drawing of this session."""
    sketches = read_sheet(state.sketch().sheet, resources.cut_confidence())
    st.markdown("**Your last drawing**", help=_OWN)
    if not sketches:
        st.caption("There is none yet.")
        st.page_link("pages/sketch.py", label="Draw a digit", icon=":material/draw:")
        return
    images: Images = np.stack([sketch.image for sketch in sketches])
    shares = model.probabilities(images)
    number = "".join(map(str, shares.argmax(axis=1).tolist()))
    st.markdown(f"The damaged network reads **{number}**. Sure of the first: {certainty(float(shares[0].max()))}.")
    chart(answer.plot_probabilities(shares[0], colours()), "damaged_answer", 300, "Ten probabilities of the drawing")
