"""Learning: how far the digits of a set carry in every way to learn from them, and the reader that knows them too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from mnist_dash.analysis.learning_curve import (
    FEWEST,
    Curve,
    Mean,
    Way,
    digest_digits,
    divide,
    list_means,
    plan,
    read_curve,
)
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.figures import learning_curve
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.own_digits.summary import summarise_set
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.own_digits import teaching
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import duration, percent

_HELP = (
    "Each point is a network that learnt from so many of these digits, the same number of each as far as there are "
    "enough. Bands are 95 % intervals over three draws. Of fifty digits and more, every fifth of each is left out of "
    "all learning, so that it can be asked how your own hand is read. Nothing is chosen by what is read."
)
_LONGEST = 12 * 3_600.0
"""Seconds that the points of a large set may take; each is kept as soon as it is known."""
_QUESTION = "“How long it will take, to train MNIST like dataset, all by myself?” (blog, 2019)"
_ASKED = ("MNIST's test images", "Own digits left out")
_OFFER = (
    "Random guesses, a dense and a convolutional network, one that sees the digits varied, and two that could read "
    "before: each learns from 10, 20, 50 … of these digits, three times. It takes minutes; what is known is kept, and "
    "it goes on where it was stopped."
)


def show(chosen: OwnSet) -> None:
    """The seven steps of the question with their figures, and the curves beside them."""
    digits = collection.digits_of(resources.database(), chosen.key)
    if len(digits) < FEWEST:
        st.info(f"A curve begins with {FEWEST} digits, and this set has {len(digits)}. Write one of each.")
        return
    pace = summarise_set(resources.database(), chosen.key, "").median
    told, drawn = st.columns([4, 7], gap="large")
    with drawn:
        st.header("How far they carry", anchor=False, help=_HELP)
        curve = _find_curve(chosen, digits)
        if curve is not None and curve.points:
            _draw(curve, pace)
    with told:
        if curve is not None and curve.points:
            _tell_steps(curve, pace)
        teaching.show(chosen)


def _find_curve(chosen: OwnSet, digits: Digits) -> Curve | None:
    """What is known of the set by now; where points are still to come, a way to have them is shown."""
    path = find_result_file(resources.settings(), ResultKind.LEARNING_CURVES, chosen.key)
    key = f"own-curve {chosen.key}"
    sent = kept_result.look_after(key)
    content = read_result(path)
    curve = read_curve(content) if content else None
    same = curve is not None and curve.digest == digest_digits(digits)
    left = len(plan(len(divide(digits)[0]))) - (len(curve.points) if curve and same else 0)
    if curve is not None and not same:
        st.caption("These curves are of the set as it was; some digits have come or gone since.")
    if left:
        words = ["own-curve", "--set", chosen.name, "--out", str(path)]
        label = "Go on" if curve and same else "Measure again" if curve else "Measure"
        offer = "" if curve else _OFFER
        text = "Learning from more and more digits"
        asked = kept_result.Question(key, words, text, offer, label, ":material/show_chart:", seconds=_LONGEST)
        kept_result.follow(asked, sent)
    return curve


def _draw(curve: Curve, pace: float | None) -> None:
    own = False
    if curve.left_out:
        own = st.segmented_control("Read are", _ASKED, default=_ASKED[0], required=True, key=Key.OWN_ASKED) == _ASKED[1]
    figure = plot_shared(learning_curve.plot_learning_curve, _list_all(curve, own=own), pace, colours())
    chart(
        replace(figure, revision="learning_curve"),
        "own_learning",
        learning_curve.HEIGHT,
        "Digits read right against how many were learnt from",
    )
    asked = curve.left_out if own else curve.tested
    st.caption(f"Of {asked:,} {'own digits that nobody learnt from' if own else 'test images of MNIST'}.")


def _list_all(curve: Curve, *, own: bool) -> Mapping[Way, Sequence[Mean]]:
    return {way: list(list_means(curve, way, own=own)) for way in Way}


def _tell_steps(curve: Curve, pace: float | None) -> None:
    """The question of the source, step by step, with what is known of each."""
    st.header("All by myself", anchor=False, help=_QUESTION)
    test = {way: {mean.images: mean for mean in means} for way, means in _list_all(curve, own=False).items()}
    first, last = FEWEST, max((mean for means in test.values() for mean in means), default=FEWEST)
    rows = [
        ("Random guesses", _say(test[Way.RANDOM], first)),
        ("A dense network", "118,282 numbers to learn"),
        ("One instance of each digit", f"{first} digits{_say_time(first, pace)}"),
        ("Training on them", _say(test[Way.DENSE], first)),
        ("The complete batch", f"{last:,} digits{_say_time(last, pace)}"),
        ("Training on it", _say(test[Way.DENSE], last)),
        ("Compared with other ways", _say_best(test, last)),
    ]
    st.markdown("\n".join(f"{number}. **{title}**  \n   {told}" for number, (title, told) in enumerate(rows, 1)))


def _say(means: Mapping[int, Mean], images: int) -> str:
    found = means.get(images)
    return "not known yet" if found is None else f"{percent(found.share)} of MNIST's test images"


def _say_time(images: int, pace: float | None) -> str:
    return "" if pace is None else f", {duration(max(1.0, images * pace))} of writing"


def _say_best(test: Mapping[Way, Mapping[int, Mean]], images: int) -> str:
    """What the convolutional ways make of as many digits."""
    known = [(way, test[way][images]) for way in (Way.CNN, Way.VARIED, Way.GENERATED) if images in test[way]]
    told = [f"{learning_curve.TITLES[way]}: {percent(mean.share)}" for way, mean in known]
    return "  \n   ".join(told) or "not known yet"
