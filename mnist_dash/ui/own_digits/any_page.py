"""Any page of digits, without marks or boxes: read, told by whoever wrote it, looked through, and kept."""

from functools import partial

import streamlit as st

from mnist_dash.errors import FormError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import photo as figures
from mnist_dash.forms.told import ReadPage, describe_uneven, label_page, parse_told
from mnist_dash.models.drawing_answers import REFUSED
from mnist_dash.own_digits.records import Source
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.own_digits import brought_pages
from mnist_dash.ui.own_digits.brought_pages import Brought
from mnist_dash.ui.own_digits.review import review
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_WIDTH = 400
"""Pixels of the photo, at most."""
_TELL = (
    f"So it is read. Correct it: what stands here is what the digits are kept as. {REFUSED} stands for what is to be "
    "left out. Where all lines hold the same, the first line alone is enough."
)


def show(chosen: OwnSet, brought: Brought) -> None:
    """The photo with its digits outlined, what is written there, and the digits with their labels."""
    found = brought_pages.find_page(brought)
    if found is None:
        return
    page = found.read
    for note in found.notes:
        st.caption(f":material/info: {escape_markdown(note)}")
    picture, told = st.columns(2, gap="medium")
    with picture:
        outlined = figures.draw_outlines(found.shown, found.boxes, colours(), 2 * _WIDTH)
        show_picture(outlined, f"The photo with {len(found.boxes)} digits outlined", _WIDTH)
    with told:
        text = st.text_area("What is written", "\n".join(page.numbers), 320, key=f"told_{brought.key}", help=_TELL)
        st.caption(_describe(page))
    try:
        lines = parse_told(text)
        written = label_page(page, lines)
    except FormError as e:
        st.error(escape_markdown(str(e)), icon=":material/error:")
        return
    if uneven := describe_uneven(page, lines):
        st.caption(f":material/info: {uneven}")
    writer = st.session_state.get(Key.OWN_WRITER, "")
    done = partial(brought_pages.put_away, brought)
    review(chosen, brought.key, found.name, written, writer, Source.PHOTO, done)


def _describe(page: ReadPage) -> str:
    lines, found = len(page.lines), len(page.stages)
    refused = sum(number.count(REFUSED) for number in page.numbers)
    left = f"; {refused:,} look like no digit, or are struck through" if refused else ""
    return f"{found:,} {'digit' if found == 1 else 'digits'} in {lines:,} {'line' if lines == 1 else 'lines'}{left}."
