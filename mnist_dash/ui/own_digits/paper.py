"""Paper: sheets with boxes are printed, photographed when they are full, looked through, and their digits kept."""

import hashlib
import secrets
from collections.abc import Sequence
from functools import partial
from io import BytesIO

import numpy as np
import streamlit as st

from mnist_dash.arrays import Image
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits
from mnist_dash.forms.codes import Label, name_page
from mnist_dash.forms.keeping import keep_boxes
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.forms.printing import Paper, print_forms
from mnist_dash.forms.reading import State, WrittenBox, WrittenForm, read_forms
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.drawing_answers import Answers, answer_sketches
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.own_digits.records import LONGEST_NAME, name_label
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.sketch.image_files import SUFFIXES
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty, join_words

_PAPERS = {Paper.A4: "A4", Paper.LETTER: "Letter"}
_KINDS = [*(suffix.removeprefix(".") for suffix in SUFFIXES), "pdf"]
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
_LOOK = "What is read otherwise than was asked for, struck through or unclear. Choose what is right all the same."
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
    version = st.session_state.get(Key.OWN_FORMS, 0)
    files = st.file_uploader(
        "Photos or scans of sheets",
        _KINDS,
        accept_multiple_files=True,
        key=f"forms_{version}",
        max_upload_size=_MOST_MB,
    )
    told = st.session_state.get(Key.OWN_FORMS_TOLD)
    if told and not files:
        st.success(escape_markdown(told), icon=":material/check:")
    for file in files:
        content = file.getvalue()
        try:
            forms = read_file(hashlib.sha256(content).hexdigest(), file.name, content)
        except MnistDashError as e:
            st.error(escape_markdown(f"{file.name}: {e}"), icon=":material/error:")
            continue
        for form in forms:
            with st.container(border=True):
                _show_form(chosen, form)


@resources.cache_once("Cutting out the boxes, some seconds", entries=8)
def read_file(_digest: str, name: str, _content: bytes) -> list[WrittenForm]:
    """The forms in a photo or a scan; raises ImageError where there is none."""
    file = BytesIO(_content)
    file.name = name
    return [form for image in open_pictures(file) for form in read_forms(image, _ask)]


def _ask(sketches: Sequence[Stages]) -> Answers:
    return answer_sketches(resources.bundled_model(DEFAULT), resources.digit_detector(), sketches)


def _show_form(chosen: OwnSet, form: WrittenForm) -> None:
    """What was found on a sheet, what is doubtful, and the button that keeps the digits."""
    st.subheader(f"Sheet {form.page}", anchor=False)
    counts = [f"{form.count(state):,} {words}" for state, words in _TOLD.items() if form.count(state)]
    st.caption(f"{join_words(counts, len(counts))}. {_tell_label(chosen, form)}")
    good = [box for box in form.boxes if box.state is State.GOOD]
    doubtful = [box for box in form.boxes if box.state is State.DOUBTFUL]
    written = [*good, *doubtful]
    if not written:
        st.info("Nothing is written on this sheet.")
        return
    images = np.stack([box.stages.image for box in written if box.stages])
    names = [_name(box) for box in written]
    marked = list(range(len(good), len(written)))
    tiles(images, names, f"form_{form.page}", f"Digits of sheet {form.page}", times=1, wrong=marked)
    kept = [*good, *_choose_doubtful(form.page, doubtful)]
    writer = form.label.writer if form.label else st.session_state.get(Key.OWN_WRITER, "")
    st.button(
        f"Keep {len(kept):,} digits",
        key=f"keep_form_{form.page}",
        icon=":material/check:",
        type="primary",
        disabled=not kept,
        on_click=_keep,
        args=(chosen, form.page, kept, writer),
    )


def _tell_label(chosen: OwnSet, form: WrittenForm) -> str:
    """Whose digits the sheet says they are, where that is not what one would think."""
    if form.label is None:
        return f"What the sheet is for cannot be read: its digits go to {escape_markdown(chosen.name)}."
    by = f" It says that {escape_markdown(form.label.writer)} wrote it." if form.label.writer else ""
    if form.label.set == chosen.name:
        return by.strip()
    return f"It was printed for {escape_markdown(form.label.set)}, and goes to {escape_markdown(chosen.name)}.{by}"


def _choose_doubtful(page: str, doubtful: Sequence[WrittenBox]) -> list[WrittenBox]:
    """Those of the doubtful boxes that somebody says are right."""
    if not doubtful:
        return []
    st.markdown("**To look at**", help=_LOOK)
    found = []
    with st.container(horizontal=True, gap="small"):
        for box in doubtful:
            with st.container(width=112):
                show_picture(digits.draw_digit(_find_image(box), colours(), scale=3), _name(box), width=84)
                if st.checkbox(f"It is {name_label(box.box.digit)}", key=f"take_{page}_{box.box.number}"):
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
    return "Very wide, struck through or no digit" if read == box.box.digit else f"Read as {read}: {sure}"


def _name(box: WrittenBox) -> str:
    return f"Box {box.box.number + 1}, asked for {box.box.digit}"


def _keep(chosen: OwnSet, page: str, boxes: Sequence[WrittenBox], writer: str) -> None:
    try:
        who = find_answering(resources.database(), DEFAULT)
        kept = keep_boxes(resources.database(), boxes, who, chosen.key, writer)
    except MnistDashError as e:
        st.toast(escape_markdown(e), icon=":material/error:")
        return
    there = f" {kept.there:,} were there already." if kept.there else ""
    st.session_state[Key.OWN_FORMS_TOLD] = f"{kept.new:,} digits of sheet {page} are in {chosen.name} now.{there}"
    st.session_state[Key.OWN_FORMS] = st.session_state.get(Key.OWN_FORMS, 0) + 1
