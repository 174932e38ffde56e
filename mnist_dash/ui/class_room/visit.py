"""One phone in a class: what it is asked for, and what becomes of each digit that its browser tells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.own_digits.class_room import ClassRoom, Phone, join, keep_from_phone, read_room
from mnist_dash.own_digits.records import OwnDigit, clean_name
from mnist_dash.sketch import traces
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.sheet import Sheet
from mnist_dash.ui.components.read_digit import describe_kept, read_digit
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key

_LONGEST_ID = 40
_WRONG = "What came from this browser is no digit on a sheet. Load the page again, and write it anew."


@dataclass(frozen=True, slots=True)
class Visit:
    """What this session knows of its phone in the class of that code; `phone` is None until the browser has told it.

    `heard` is the id of the digit that the browser told last, `refused` whether it could not be kept, and `told` what
    was said of it. What is asked for stays as it is while somebody writes it, whatever other tabs do.
    """

    code: str
    phone: Phone | None = None
    heard: str = ""
    refused: bool = False
    told: str = ""


def recall(room: ClassRoom) -> Visit:
    """The visit of this session to a class. Raises DataError where the class is full."""
    known: Visit | None = st.session_state.get(Key.CLASS_VISIT)
    if known is None or known.code != room.code:
        known = _put(Visit(room.code))
    number = _told().get("phone")
    if known.phone is None and isinstance(number, str):
        known = _put(replace(known, phone=join(resources.database(), room.code, number)))
    return known


def take() -> None:
    """Keep the digit that the browser tells, and ask for the next one; or say why not, and ask on."""
    visit, told = st.session_state[Key.CLASS_VISIT], _told().get("digit")
    try:
        digit_id, label, strokes, seconds = _read(told)
        after = _keep(visit, label, strokes, seconds)
    except MnistDashError as e:
        digit_id = str(told.get("id"))[:_LONGEST_ID] if isinstance(told, dict) else ""
        _put(replace(visit, heard=digit_id, refused=True, told=str(e)))
    else:
        _put(replace(after, heard=digit_id, refused=False))


def _keep(visit: Visit, label: int, strokes: object, seconds: float | None) -> Visit:
    if visit.phone is None:
        raise DataError(_WRONG)
    room = read_room(resources.database(), visit.code)
    digit = _draw(label, strokes, _name(room), seconds)
    phone = keep_from_phone(resources.database(), visit.code, digit, visit.phone.phone)
    return replace(visit, phone=phone, told=describe_kept(digit))


def _draw(label: int, strokes: object, writer: str, seconds: float | None) -> OwnDigit:
    sheet = Sheet().draw(traces.unpack(strokes))
    sketch = None if sheet.ink is None else preprocess(sheet.ink)
    if sketch is None:
        raise DataError(f"The sheet is empty. Write the {label} on it first.")
    return read_digit(sketch, label, sheet.drawing, writer, seconds)


def _read(told: object) -> tuple[str, int, object, float | None]:
    """Id, label, strokes and seconds of a digit that a browser told; raises DataError where it is none."""
    found = told if isinstance(told, dict) else {}
    digit_id, label, seconds = found.get("id"), found.get("label"), found.get("seconds")
    if not isinstance(digit_id, str) or len(digit_id) > _LONGEST_ID or type(label) is not int:
        raise DataError(_WRONG)
    if label not in range(CLASSES):
        raise DataError(_WRONG)
    known = float(seconds) if isinstance(seconds, int | float) and seconds >= 0 else None
    return digit_id, label, found.get("strokes"), known


def _name(room: ClassRoom) -> str:
    return clean_name(st.session_state.get(Key.CLASS_NAME) or "", "writer") if room.named else ""


def _told() -> Mapping[str, Any]:
    """What the sheet has told: state and triggers of its component."""
    return st.session_state.get(Key.CLASS_SHEET) or {}


def _put(visit: Visit) -> Visit:
    st.session_state[Key.CLASS_VISIT] = visit
    return visit
