"""You against the models: the digits one after another, and what everybody's answers to them are worth."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import read_right, wilson_interval
from mnist_dash.arrays import Indices, Mask, Probabilities
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.figures import digits as pictures
from mnist_dash.figures import intervals
from mnist_dash.figures.intervals import Interval
from mnist_dash.lessons.duel import COUNT, Played, Round, draw_round, find_missed, mark, read_played
from mnist_dash.models.bundled import DEFAULT, list_bundled, read_card
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import picture_address
from mnist_dash.ui.components.quiz import quiz
from mnist_dash.ui.shell import cached_analysis, link, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import duration, percent

_RULE = (
    "How difficult a digit is, says the bundled reader: the less likely it finds the label, the more difficult "
    "(cross-entropy). Which of the difficult ones a round has, is drawn by its number, so that everybody with the same "
    "link reads the same."
)
_YOU = "You"


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """Somebody who has read the digits of a round: what they said, and which of it was right."""

    name: str
    answers: Indices
    right: Mask


def show(data: Dataset) -> None:
    """Ask for the digits of a round; then show what came of it."""
    st.header("You against it", anchor=False)
    number = link.follow(link.ROUND) or 1
    drawn = draw_round(cached_analysis.difficulty_of(data, Split.TEST), number)
    shown, name = data.test.take(drawn.index), _name_round(data, number)
    played: Played | None = st.session_state.get(Key.PLAYED, {}).get(name)
    if played is None:
        played = _ask(shown, name, drawn)
    if played is not None:
        _show_result(played, shown, drawn, number)


def _name_round(data: Dataset, number: int) -> str:
    return f"{data.sha256.get('test_images', data.name)[:12]}-{number}"


def _ask(shown: Digits, name: str, drawn: Round) -> Played | None:
    st.write(
        f"{len(shown)} test digits, one after another. Press the digit that you see, on the keyboard or below it. "
        "Be quick and be right; there is no way back."
    )
    st.caption(f"Drawn from the {drawn.pool:,} most difficult of {drawn.every:,} test digits.", help=_RULE)
    with st.container(key="quiz_place"):
        played = read_played(quiz("quiz", name, np.asarray(shown.images)), len(shown))
    if played is not None:
        st.session_state[Key.PLAYED] = {name: played}
        st.rerun()
    return played


def _show_result(played: Played, shown: Digits, drawn: Round, number: int) -> None:
    you = _Reader(_YOU, np.array(played.answers), mark(played, shown.labels))
    readers = [you, *(_ask_model(name, shown) for name in list_bundled())]
    _show_figures(you, played)
    rows = [_make_interval(reader, len(shown)) for reader in readers]
    figure = plot_shared(intervals.plot_intervals, rows, colours(), "Of these digits read right in %")
    chart(
        figure,
        "duel_intervals",
        intervals.height(len(rows)),
        "Share of these digits that you and each model read right",
    )
    card = read_card(DEFAULT)
    st.caption(
        f"These {len(shown)} were drawn from the {drawn.pool:,} test digits that {DEFAULT} finds most difficult. That "
        f"alone lowers its figure here: of all of MNIST's test digits it reads {percent(card.test_accuracy)}. Nobody "
        "chose against the others, but these digits are difficult for everybody."
    )
    _show_missed(readers, shown)
    with st.container(horizontal=True, gap="medium"):
        again = {Key.LESSON.value: "duel", Key.ROUND.value: str(number + 1)}
        st.page_link("pages/lessons.py", label=f"Another {COUNT}", icon=":material/replay:", query_params=again)
        st.page_link("pages/lessons.py", label="All lessons", icon=":material/school:")


def _show_figures(you: _Reader, played: Played) -> None:
    right, count = int(you.right.sum()), len(you.right)
    low, high = wilson_interval(right, count)
    with st.container(horizontal=True, gap="large"):
        st.metric("You read right", percent(right / count, 0), help=f"{right} of {count}.")
        st.metric("95 % interval", f"{percent(low, 0)} to {percent(high, 0)}")
        st.metric("Seconds a digit", f"{np.median(played.seconds):.1f}", help="The median of all digits.")
        st.metric("In all", duration(sum(played.seconds)))


def _ask_model(name: str, shown: Digits) -> _Reader:
    shares: Probabilities = resources.bundled_model(name).probabilities(np.asarray(shown.images))
    return _Reader(name, shares.argmax(axis=1), read_right(shares, shown.labels))


def _make_interval(reader: _Reader, count: int) -> Interval:
    right = int(reader.right.sum())
    return Interval(reader.name, right / count, *wilson_interval(right, count), f"{right} of {count} digits")


def _show_missed(readers: list[_Reader], shown: Digits) -> None:
    """Every digit that anybody read wrong, with what each said."""
    missed = find_missed([reader.right for reader in readers])
    st.subheader("What was missed", anchor=False)
    if not len(missed):
        st.write("Nothing: all of them were read right by everybody.")
        return
    rows = [
        {
            "Digit": picture_address(
                draw_shared(pictures.draw_digit, np.asarray(shown.images[place]), colours(), scale=2)
            ),
            "Label": str(shown.labels[place]),
            **{reader.name: _tell(reader, place) for reader in readers},
        }
        for place in missed.tolist()
    ]
    st.dataframe(
        rows,
        hide_index=True,
        row_height=60,
        height=min(len(rows), 8) * 60 + 40,
        column_config={"Digit": st.column_config.ImageColumn(width=70)},
        alt="Digits that somebody read wrong, with the answer of each",
    )


def _tell(reader: _Reader, place: int) -> str:
    return f"{reader.answers[place]} {'✓' if reader.right[place] else '✗'}"
