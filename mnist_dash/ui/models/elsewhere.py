"""Elsewhere: the same model on the digits of other people, data set by data set and digit by digit."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from mnist_dash.analysis.elsewhere import SetReading
from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.analysis.evaluation import find_mistakes
from mnist_dash.data.dataset import CLASSES
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import elsewhere as figures
from mnist_dash.models.registry.answering import AnsweringModel, find_all_answering, identify
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.kept_result import Question, make_key
from mnist_dash.ui.models import more_sets
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.models.mistakes import MOST, show_places
from mnist_dash.ui.models.other_sets import OtherSet, call_set, list_other_sets, open_answered, read_column
from mnist_dash.ui.shell import link, offered_models, resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import percent

_ALSO = 3
_MODELS = f"Up to {_ALSO} models that read the same images."
_SETS = (
    "Test images of each data set, or all of them where a set has none. Every interval covers the luck of these "
    "images, 95 of 100 times (Wilson); none covers how the set was collected. Hollow, with the share in brackets: the "
    "model has learnt from these very images, so that they say nothing of how it reads strangers."
)
_DIGITS = (
    "The darker, the more are read wrong. Where one digit is far worse than in MNIST, people elsewhere write it in "
    "another way: in much of Europe a 1 has a long upstroke, a 7 is crossed, a 9 has a straight or a hooked stem."
)
_CELL = "Data set and digit: what is read worst comes first. Pressing a cell of the table chooses it too."
_SUREST = "The surest answers come first."


def show(answered: Answered) -> None:
    """Who reads, how well by set and by digit, the images of the chosen cell, and where more sets are to be had."""
    who = _choose(answered.who)
    found = list_other_sets()
    key = make_key("elsewhere", [identify(each) for each in who], found.names)
    sent = kept_result.look_after(key)
    columns = [read_column(each, found.ready) for each in who]
    missing = [*_list_missing(found.ready, columns), *found.unopened]
    # A place that stays, so that what stands below is the same wherever this comes and goes.
    with st.container():
        if missing and not sent.error:
            kept_result.follow(_question(key, who, missing), sent)
    if any(reading for column in columns for reading in column):
        _show_figures(answered, who, found.ready, columns)
    if missing and sent.error:
        # Told below: what has failed hides nothing of what is known.
        kept_result.follow(_question(key, who, missing), sent)
    for words in found.left_out:
        st.caption(escape_markdown(words))
    more_sets.show()


def _choose(first: AnsweringModel) -> list[AnsweringModel]:
    """The model that is looked at, and those that are chosen beside it."""
    known = {name: title for name, title in offered_models.model_options().items() if name != first.name}
    kept = st.session_state.get(Key.ALSO, link.ALSO.read_link())
    st.session_state[Key.ALSO] = [name for name in kept or () if name in known][:_ALSO]
    names = st.multiselect(
        "Beside it",
        tuple(known),
        format_func=known.__getitem__,
        key=Key.ALSO,
        max_selections=_ALSO,
        persist_state="session",
        on_change=lambda: link.ALSO.publish(st.session_state[Key.ALSO]),
        help=_MODELS,
        placeholder="Other models on the same images",
    )
    others = [each for each in find_all_answering(resources.database(), names) if not each.learning]
    if len(others) < len(names):
        st.caption("A run here is still learning: it reads these images when it has ended.")
    return [first, *others]


def _list_missing(sets: Sequence[OtherSet], columns: Sequence[Sequence[SetReading | None]]) -> list[str]:
    rows = zip(*columns, strict=True)
    return [other.data.name for other, row in zip(sets, rows, strict=True) if None in row]


def _question(key: str, who: Sequence[AnsweringModel], names: Sequence[str]) -> Question:
    """What the process is sent for: those sets that somebody has not read."""
    command = ["elsewhere", *(each.name for each in who), *(word for name in names for word in ("--data", name))]
    titles = ", ".join(escape_markdown(call_set(name)) for name in names)
    readers = " and ".join(escape_markdown(each.short) for each in who)
    return Question(
        key,
        command,
        "Reading digits from elsewhere",
        f"Not read yet by {readers}: {titles}. It takes some seconds, and the answers are kept.",
        "Read them",
        ":material/play_arrow:",
    )


def _show_figures(
    answered: Answered,
    who: Sequence[AnsweringModel],
    sets: Sequence[OtherSet],
    columns: Sequence[Sequence[SetReading | None]],
) -> None:
    titles = [other.called for other in sets]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**By data set**", help=_SETS)
        named = [(each.short, column) for each, column in zip(who, columns, strict=True)]
        figure = plot_shared(figures.plot_sets, titles, named, colours())
        height = figures.height_of_sets(len(sets), len(who))
        chart(figure, key="by_set", height=height, alt="Share of each data set that is read right")
        cells = _order_cells(columns[0])
        if cells:
            st.caption(_tell_worst(titles, who[0], columns[0], cells))
        _tell_learnt(who, sets, columns)
    if not cells:
        return
    with right:
        chosen = _choose_cell(titles, columns[0], cells)
    _show_cell(answered, sets[chosen // CLASSES], chosen % CLASSES)


def _tell_worst(
    titles: Sequence[str], who: AnsweringModel, column: Sequence[SetReading | None], cells: Sequence[int]
) -> str:
    """Which digit of which set is read worst, and how the same digit is read in the set of the first row."""
    images, right = figures.count_cells(column)
    row, digit = divmod(cells[0], CLASSES)
    told = (
        f"{who.short} reads the {digit}s of {titles[row]} worst: {percent(right[row, digit] / images[row, digit], 1)}"
    )
    if row and images[0, digit]:
        told += f", and those of {titles[0]} {percent(right[0, digit] / images[0, digit], 1)}"
    return escape_markdown(f"{told}.")


def _tell_learnt(
    who: Sequence[AnsweringModel], sets: Sequence[OtherSet], columns: Sequence[Sequence[SetReading | None]]
) -> None:
    for each, column in zip(who, columns, strict=True):
        learnt = [
            other.called for other, reading in zip(sets, column, strict=True) if reading is not None and reading.learnt
        ]
        if learnt:
            st.caption(escape_markdown(f"{each.short} has learnt from {', '.join(learnt)}: no test of it."))


def _order_cells(column: Sequence[SetReading | None]) -> list[int]:
    """The cells with images by their numbers, ten to a set, what is read worst first."""
    images, right = (counts.reshape(-1) for counts in figures.count_cells(column))
    there = np.flatnonzero(images)
    order: list[int] = there[np.argsort(right[there] / images[there], kind="stable")].tolist()
    return order


def _choose_cell(titles: Sequence[str], column: Sequence[SetReading | None], cells: Sequence[int]) -> int:
    """The cell whose images are shown, pressed in the table or chosen from the list."""
    kept = state.recall_mirrored(Key.SET_CELL)
    chosen: int = kept if kept in cells else cells[0]
    st.markdown("**By digit**", help=_DIGITS)
    figure = plot_shared(figures.plot_digits, titles, column, chosen, colours())
    height = figures.height_of_digits(len(titles))

    def choose(pressed: int) -> None:
        if pressed in cells:
            state.mirror(Key.SET_CELL, pressed)

    chart(figure, "by_set_and_digit", height, "Share of each digit", on_click=choose, least=figures.LEAST)
    st.selectbox(
        "Cell",
        cells,
        format_func=_name_cells(titles, column).__getitem__,
        key=state.mirror(Key.SET_CELL, chosen),
        on_change=state.take_choice,
        args=(Key.SET_CELL,),
        help=_CELL,
    )
    return chosen


def _name_cells(titles: Sequence[str], column: Sequence[SetReading | None]) -> Mapping[int, str]:
    images, right = figures.count_cells(column)
    return {
        row * CLASSES + digit: f"{title}, {digit}: {int(right[row, digit]):,} of {int(images[row, digit]):,} read right"
        for row, title in enumerate(titles)
        for digit in range(CLASSES)
    }


def _show_cell(answered: Answered, other: OtherSet, digit: int) -> None:
    """The images of a digit of a set that are read wrong, and the way to all mistakes of the set."""
    of_set = open_answered(answered.who, other)
    if of_set is None:
        return
    places = find_mistakes(of_set.answers.probabilities, of_set.answers.labels)
    places = places[of_set.answers.labels[places] == digit]
    title = other.called
    if len(places):
        more = f"; the {MOST} surest are shown" if len(places) > MOST else ""
        some = "1 image" if len(places) == 1 else f"{len(places):,} images"
        told = f"{some} of {digit} in {title} {'is' if len(places) == 1 else 'are'} read wrong{more}."
        show_places(of_set, places[:MOST], told, _SUREST, "elsewhere")
    else:
        st.success(f"Every {digit} of {escape_markdown(title)} is read right.", icon=":material/check:")
    if st.button(f"All mistakes in {escape_markdown(title)}", icon=":material/arrow_forward:", key="set_mistakes"):
        _open_mistakes(of_set)


def _open_mistakes(of_set: Answered) -> None:
    choices = {
        Key.MODEL: of_set.who.name,
        Key.DATA: of_set.data.name,
        Key.PART: Part(of_set.part).value,
        Key.MODEL_VIEW: "mistakes",
    }
    state.open_page("pages/models.py", choices)
