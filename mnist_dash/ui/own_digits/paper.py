"""Paper: sheets with boxes are printed, photographed when they are full, looked through, and their digits kept."""

import hashlib
import secrets
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.forms.codes import Label, name_page
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.forms.printing import Paper, print_forms
from mnist_dash.forms.reading import State, WrittenForm, read_forms
from mnist_dash.own_digits.records import LONGEST_NAME, Source
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.sketch.image_files import SUFFIXES
from mnist_dash.ui.own_digits import any_page
from mnist_dash.ui.own_digits.review import ask_reader, review
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import join_words

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_PAPERS = {Paper.A4: "A4", Paper.LETTER: "Letter"}
_PICTURES = [suffix.removeprefix(".") for suffix in SUFFIXES]
_KINDS = [*_PICTURES, "pdf"]
_MOST_MB = 60
_SHEETS = 30
_PRINT = (
    "A sheet has 200 boxes, twenty for each digit, and codes in its corners by which it is found again in a photo. "
    "Every sheet has a name of its own, so print a new one instead of copying one."
)
_BRING = (
    "PNG, JPEG, HEIC, WebP or GIF, or PDF as scanners write it. The whole sheet must be in the photo, with two of its "
    "corner marks at least; it may lie askew, and shadows do no harm."
)
_PRINTED, _ANY = "Sheets printed here", "Any page"
_WHICH = (
    "Sheets printed here say themselves which digits they ask for. Any other page of digits is read line by line: a "
    "grid, a list, ruled paper; you say what is written on it."
)
_TOLD = {State.GOOD: "as asked", State.DOUBTFUL: "to look at", State.FILLED: "filled over", State.EMPTY: "empty"}


def show(chosen: OwnSet) -> None:
    """On the left a sheet to print, on the right what was written on one."""
    left, right = st.columns([4, 7], gap="large")
    with left:
        _offer_sheets(chosen)
    with right:
        _read(chosen)


def _offer_sheets(chosen: OwnSet) -> None:
    st.header("Print", anchor=False, help=_PRINT)
    writer = st.text_input("Written by (optional)", key=Key.OWN_WRITER, persist_state="session", max_chars=LONGEST_NAME)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paper = st.segmented_control(
            "Paper", list(_PAPERS), default=Paper.A4, format_func=_PAPERS.__getitem__, required=True, key="form_paper"
        )
        sheets = st.number_input("Sheets", 1, _SHEETS, 1, key="form_sheets", width=120)

    st.download_button(
        "Download as PDF",
        partial(make_sheets, chosen.name, writer, paper or Paper.A4, int(sheets)),
        f"{chosen.name}-form.pdf",
        "application/pdf",
        key="print_form",
        icon=":material/print:",
        type="primary",
        on_click="ignore",
    )
    st.caption("Print it, write in each box the small digit beside it, and bring a photo or a scan of the sheet.")


def make_sheets(name: str, writer: str, paper: Paper, sheets: int) -> bytes:
    """So many sheets as a PDF, each with a name of its own."""
    return print_forms([Label(name, writer, name_page(secrets.token_bytes(4))) for _ in range(sheets)], paper)


def _read(chosen: OwnSet) -> None:
    st.header("Bring", anchor=False, help=_BRING)
    kind = st.segmented_control(
        "What is on the photo", (_PRINTED, _ANY), default=_PRINTED, required=True, key="paper_kind", help=_WHICH
    )
    version = st.session_state.get(Key.OWN_FORMS, 0)
    files = st.file_uploader(
        "Photos or scans of sheets" if kind == _PRINTED else "Photos of pages",
        _KINDS if kind == _PRINTED else _PICTURES,
        accept_multiple_files=True,
        key=f"forms_{kind}_{version}",
        max_upload_size=_MOST_MB,
    )
    told = st.session_state.get(Key.OWN_FORMS_TOLD)
    if told and not files:
        st.success(escape_markdown(told), icon=":material/check:")
    for file in files:
        try:
            if kind == _PRINTED:
                _show_forms(chosen, file)
            else:
                any_page.show(chosen, file)
        except MnistDashError as e:
            st.error(escape_markdown(f"{file.name}: {e}"), icon=":material/error:")


def _show_forms(chosen: OwnSet, file: "UploadedFile") -> None:
    content = file.getvalue()
    for form in read_file(hashlib.sha256(content).hexdigest(), file.name, content):
        with st.container(border=True):
            _show_form(chosen, form)


@resources.cache_once("Cutting out the boxes, some seconds", entries=8)
def read_file(_digest: str, name: str, _content: bytes) -> list[WrittenForm]:
    """The forms in a photo or a scan; raises ImageError where there is none."""
    file = BytesIO(_content)
    file.name = name
    return [form for image in open_pictures(file) for form in read_forms(image, ask_reader)]


def _show_form(chosen: OwnSet, form: WrittenForm) -> None:
    """What was found on a sheet, what is doubtful, and the button that keeps the digits."""
    st.subheader(escape_markdown(f"Sheet {form.page}"), anchor=False)
    counts = [f"{form.count(state):,} {words}" for state, words in _TOLD.items() if form.count(state)]
    told = _tell_label(chosen, form)
    st.caption(f"{join_words(counts, len(counts))}. {told}")
    writer = form.label.writer if form.label else st.session_state.get(Key.OWN_WRITER, "")
    review(chosen, form.page, f"sheet {form.page}", form.boxes, writer, Source.FORM)


def _tell_label(chosen: OwnSet, form: WrittenForm) -> str:
    """Whose digits the sheet says they are, where that is not what one would think."""
    if form.label is None:
        return f"What the sheet is for cannot be read: its digits go to {escape_markdown(chosen.name)}."
    by = f" It says that {escape_markdown(form.label.writer)} wrote it." if form.label.writer else ""
    if form.label.set == chosen.name:
        return by.strip()
    return f"It was printed for {escape_markdown(form.label.set)}, and goes to {escape_markdown(chosen.name)}.{by}"
