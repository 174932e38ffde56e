"""Paper: sheets with boxes are printed, photographed when they are full, looked through, and their digits kept."""

import secrets
from functools import partial

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.forms.codes import Label, name_page
from mnist_dash.forms.printing import Paper, print_forms
from mnist_dash.own_digits.records import LONGEST_NAME
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.sketch.image_files import SUFFIXES
from mnist_dash.ui.own_digits import any_page, brought_pages, sheets
from mnist_dash.ui.own_digits.brought_pages import Kind
from mnist_dash.ui.shell.keys import Key

_PAPERS = {Paper.A4: "A4", Paper.LETTER: "Letter"}
_PICTURES = [suffix.removeprefix(".") for suffix in SUFFIXES]
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
_KINDS = {Kind.SHEETS: "Sheets printed here", Kind.PAGE: "Any page"}
_WHICH = (
    "Sheets printed here say themselves which digits they ask for. Any other page of digits is read line by line: a "
    "grid, a list, ruled paper; you say what is written on it."
)


def show(chosen: OwnSet) -> None:
    """On the left a sheet to print, on the right what was written on one."""
    left, right = st.columns([4, 7], gap="large")
    with left:
        _offer_sheets(chosen)
    with right:
        _bring(chosen)


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


def _bring(chosen: OwnSet) -> None:
    st.header("Bring", anchor=False, help=_BRING)
    asked = st.segmented_control(
        "What is on the photo",
        list(_KINDS),
        default=Kind.SHEETS,
        format_func=_KINDS.__getitem__,
        required=True,
        key="paper_kind",
        help=_WHICH,
    )
    kind = asked or Kind.SHEETS
    version = st.session_state.get(Key.OWN_FORMS, 0)
    files = st.file_uploader(
        "Photos or scans of sheets" if kind is Kind.SHEETS else "Photos of pages",
        [*_PICTURES, "pdf"] if kind is Kind.SHEETS else _PICTURES,
        accept_multiple_files=True,
        key=f"forms_{kind}_{version}",
        max_upload_size=_MOST_MB,
    )
    if files:
        try:
            brought_pages.take(files, kind)
        except MnistDashError as e:
            st.error(escape_markdown(e), icon=":material/error:")
        else:
            # The next uploader is a new one, so that this server need not hold the files in memory any longer.
            st.session_state[Key.OWN_FORMS] = version + 1
            st.session_state.pop(Key.OWN_FORMS_TOLD, None)
            st.rerun()
    if told := st.session_state.get(Key.OWN_FORMS_TOLD):
        st.success(escape_markdown(told), icon=":material/check:")
    _show_brought(chosen)


def _show_brought(chosen: OwnSet) -> None:
    """What is to be looked through; one file is read at a time, so that many do not take all of the machine."""
    reading = False
    for brought in brought_pages.recall():
        with st.container(border=True, key=f"brought_{brought.key}"):
            if reading and not brought.is_read:
                brought_pages.show_waiting(brought)
                continue
            try:
                _VIEWS[brought.kind](chosen, brought)
            except MnistDashError as e:
                st.error(escape_markdown(e), icon=":material/error:")
            reading = reading or brought.is_being_read


_VIEWS = {Kind.SHEETS: sheets.show, Kind.PAGE: any_page.show}
