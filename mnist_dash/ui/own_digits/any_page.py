"""Any page of digits, without marks or boxes: read, told by whoever wrote it, looked through, and kept."""

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.errors import FormError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import photo as figures
from mnist_dash.forms.told import ReadPage, describe_uneven, label_page, parse_told, read_page
from mnist_dash.models.drawing_answers import REFUSED
from mnist_dash.own_digits.records import Source
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.sketch.photo import Photo
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.own_digits.review import ask_reader, review
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_WIDTH = 400
"""Pixels of the photo, at most."""
_TELL = (
    f"So it is read. Correct it: what stands here is what the digits are kept as. {REFUSED} stands for what is to be "
    "left out. Where all lines hold the same, the first line alone is enough."
)


def show(chosen: OwnSet, file: "UploadedFile") -> None:
    """The photo with its digits outlined, what is written there, and the digits with their labels."""
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    photo, page = read_file(digest, file.name, content)
    with st.container(border=True):
        st.subheader(escape_markdown(file.name), anchor=False)
        for note in photo.notes:
            st.caption(f":material/info: {escape_markdown(note)}")
        picture, told = st.columns(2, gap="medium")
        with picture:
            outlined = figures.draw_outlines(photo, colours(), 2 * _WIDTH)
            show_picture(outlined, f"The photo with {len(photo.boxes)} digits outlined", _WIDTH)
        with told:
            text = st.text_area("What is written", "\n".join(page.numbers), 320, key=f"told_{digest}", help=_TELL)
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
        review(chosen, digest[:12], file.name, written, writer, Source.PHOTO)


@resources.cache_once("Reading the page, some seconds", entries=8)
def read_file(digest: str, name: str, content: bytes) -> tuple[Photo, ReadPage]:
    """A photo and what is read in it; raises ImageError or FormError where it holds no digits."""
    photo = resources.photo_of(digest, name, content)
    return photo, read_page(photo, ask_reader)


def _describe(page: ReadPage) -> str:
    lines, found = len(page.lines), len(page.stages)
    refused = sum(number.count(REFUSED) for number in page.numbers)
    left = f"; {refused:,} look like no digit, or are struck through" if refused else ""
    return f"{found:,} {'digit' if found == 1 else 'digits'} in {lines:,} {'line' if lines == 1 else 'lines'}{left}."
