"""Sheets that were printed here and brought back: what was found on each, looked through and kept."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.forms.reading import State, WrittenForm
from mnist_dash.own_digits.records import Source
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.own_digits import brought_pages
from mnist_dash.ui.own_digits.brought_pages import Brought
from mnist_dash.ui.own_digits.review import review
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import join_words

_TOLD = {State.GOOD: "as asked", State.DOUBTFUL: "to look at", State.FILLED: "filled over", State.EMPTY: "empty"}


def show(chosen: OwnSet, brought: Brought) -> None:
    """The sheets of a file that are not kept yet."""
    read = brought_pages.find_sheets(brought)
    if read is None:
        return
    for note in read.notes:
        st.caption(f":material/info: {escape_markdown(note)}")
    left = [at for at in range(len(read.forms)) if at not in _recall_kept().get(brought.key, frozenset())]
    for at in left:
        _show_form(chosen, brought, at, read.forms[at], last=len(left) == 1)


def _show_form(chosen: OwnSet, brought: Brought, at: int, form: WrittenForm, *, last: bool) -> None:
    """What was found on a sheet, what is doubtful, and the button that keeps the digits."""
    st.markdown(f"**{escape_markdown(f'Sheet {form.page}')}**")
    counts = [f"{form.count(state):,} {words}" for state, words in _TOLD.items() if form.count(state)]
    st.caption(f"{join_words(counts, len(counts))}. {_tell_label(chosen, form)}")
    writer = form.label.writer if form.label else st.session_state.get(Key.OWN_WRITER, "")
    done = partial(_finish, brought, at, last=last)
    review(chosen, f"{brought.key}_{at}", f"sheet {form.page}", form.boxes, writer, Source.FORM, done)


def _finish(brought: Brought, at: int, *, last: bool) -> None:
    """Show a sheet no longer, nor its file with the last one."""
    kept = dict(_recall_kept())
    done = kept.pop(brought.key, frozenset())
    if last:
        brought_pages.put_away(brought)
    else:
        kept[brought.key] = done | {at}
    st.session_state[Key.OWN_PAGES_KEPT] = kept


def _recall_kept() -> Mapping[str, frozenset[int]]:
    """Which sheets of each file this session has kept."""
    kept: Mapping[str, frozenset[int]] = st.session_state.get(Key.OWN_PAGES_KEPT, {})
    return kept


def _tell_label(chosen: OwnSet, form: WrittenForm) -> str:
    """Whose digits the sheet says they are, where that is not what one would think."""
    if form.label is None:
        return f"What the sheet is for cannot be read: its digits go to {escape_markdown(chosen.name)}."
    by = f" It says that {escape_markdown(form.label.writer)} wrote it." if form.label.writer else ""
    if form.label.set == chosen.name:
        return by.strip()
    return f"It was printed for {escape_markdown(form.label.set)}, and goes to {escape_markdown(chosen.name)}.{by}"
