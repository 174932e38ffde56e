"""The digits of a page that was brought: shown with their labels, the doubtful ones looked at, and those right kept."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

import numpy as np
import streamlit as st

from mnist_dash.arrays import Image
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits
from mnist_dash.forms.keeping import keep_boxes
from mnist_dash.forms.reading import State, WrittenBox
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.own_digits.records import Source, name_label
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_LOOK = "What is read otherwise than was asked for, struck through or unclear. Choose what is right all the same."
_SHOWN = 200
"""Doubtful digits to look at, a sheet of them: more mean that a page was told wrong."""


def review(
    chosen: OwnSet,
    page: str,
    title: str,
    written: Sequence[WrittenBox],
    writer: str,
    source: Source,
    done: Callable[[], None],
) -> None:
    """Show what was written on a page, `title` in words, and keep what is right of it, after which it is `done`.

    `page` names it in keys.
    """
    # In the order of their labels a digit that has a wrong one stands out.
    good = sorted((box for box in written if box.state is State.GOOD), key=attrgetter("asked"))
    doubtful = [box for box in written if box.state is State.DOUBTFUL]
    shown = [*good, *doubtful]
    if not shown:
        st.info("Nothing is written on this page.")
        return
    images = np.stack([box.stages.image for box in shown if box.stages])
    left_out = _recall_left_out().get(page, frozenset())
    marked = [at for at, box in enumerate(shown) if at >= len(good) or _tell_apart(box) in left_out]
    place = tiles(images, list(map(_name, shown)), f"form_{page}", f"Digits of {title}", times=1, wrong=marked)
    if place is not None and place < len(good):
        changed = {page: left_out ^ {_tell_apart(good[place])}}
        st.session_state[Key.OWN_LEFT_OUT] = {**_recall_left_out(), **changed}
        st.rerun()
    st.caption("In the order of their labels. Click one that is out of place to leave it out; again takes it back in.")
    kept = [*(box for box in good if _tell_apart(box) not in left_out), *_choose_doubtful(page, doubtful)]
    st.button(
        f"Keep {len(kept):,} {'digit' if len(kept) == 1 else 'digits'}",
        key=f"keep_form_{page}",
        icon=":material/check:",
        type="primary",
        disabled=not kept,
        on_click=_keep,
        args=(chosen, title, kept, writer, source, done),
    )


def _recall_left_out() -> Mapping[str, frozenset[tuple[int, int]]]:
    """What this session has left out of each page."""
    kept: Mapping[str, frozenset[tuple[int, int]]] = st.session_state.get(Key.OWN_LEFT_OUT, {})
    return kept


def _tell_apart(box: WrittenBox) -> tuple[int, int]:
    """A digit with its label: once that is corrected, it is no longer left out."""
    return box.number, box.asked


def _choose_doubtful(page: str, doubtful: Sequence[WrittenBox]) -> list[WrittenBox]:
    """Those of the doubtful digits that somebody says are right."""
    if not doubtful:
        return []
    st.markdown("**To look at**", help=_LOOK)
    if len(doubtful) > _SHOWN:
        st.caption(f"{len(doubtful):,} are read otherwise than was asked for. The first {_SHOWN} of them:")
    found = []
    with st.container(horizontal=True, gap="small"):
        for box in doubtful[:_SHOWN]:
            with st.container(width=112):
                show_picture(draw_shared(digits.draw_digit, _find_image(box), colours(), scale=3), _name(box), width=84)
                if st.checkbox(f"It is {name_label(box.asked)}", key=f"take_{page}_{box.number}_{box.asked}"):
                    found.append(box)
                st.caption(_read_as(box))
    return found


def _find_image(box: WrittenBox) -> Image:
    return box.stages.image if box.stages else np.zeros((SIDE, SIDE), np.uint8)


def _read_as(box: WrittenBox) -> str:
    if box.probabilities is None:
        return ""
    read = int(box.probabilities.argmax())
    sure = certainty(float(box.probabilities[read]))
    return "Very wide, struck through or no digit" if read == box.asked else f"Read as {read}: {sure}"


def _name(box: WrittenBox) -> str:
    return f"Line {box.line}, digit {box.number + 1}: {box.asked}"


def _keep(
    chosen: OwnSet, title: str, boxes: Sequence[WrittenBox], writer: str, source: Source, done: Callable[[], None]
) -> None:
    try:
        who = find_answering(resources.database(), DEFAULT)
        kept = keep_boxes(resources.database(), boxes, who, chosen.key, writer, source)
    except MnistDashError as e:
        st.toast(escape_markdown(e), icon=":material/error:")
        return
    there = f" {kept.there:,} were there already." if kept.there else ""
    digits_are = "digit of {} is" if kept.new == 1 else "digits of {} are"
    st.session_state[Key.OWN_FORMS_TOLD] = f"{kept.new:,} {digits_are.format(title)} in {chosen.name} now.{there}"
    done()
