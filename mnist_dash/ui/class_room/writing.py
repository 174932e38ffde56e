"""What a phone is asked for, the sheet, how many are left, and thanks at the end."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_dash.errors import DataError
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits.class_room import ClassRoom, Phone
from mnist_dash.own_digits.records import LONGEST_NAME, name_label
from mnist_dash.ui.class_room import visit
from mnist_dash.ui.class_room.visit import Visit
from mnist_dash.ui.components.phone_sheet import phone_sheet
from mnist_dash.ui.shell.keys import Key

_HINT = "Write it with a finger, as you always do, and press Keep."
_NAME = "Kept beside your digits from now on, and seen by everybody here. Leave it empty, and nobody is named."


def show(room: ClassRoom) -> None:
    """The next digit of this phone, or why there is none."""
    # The end and the sheet have places of their own: where one came into the other's, what stood below it would move.
    end = st.empty()
    try:
        now = visit.recall(room)
    except DataError as e:
        with _take_place(end):
            st.title("Class room", anchor=False)
            st.error(escape_markdown(e), icon=":material/error:")
        return
    written = len(now.phone.written) if now.phone else 0
    kept = "1 digit of this phone is kept" if written == 1 else f"{written} digits of this phone are kept"
    if now.phone and written >= room.most:
        _show_end(end, "Thank you!", f"{kept}. Watch the wall.", now)
    elif not room.is_open:
        # A phone that nobody knows yet is asked for its number by the sheet alone.
        words = f"{kept}; no more are taken now." if now.phone else "No more digits are taken now."
        _show_end(end, "The class is closed", words, now)
    else:
        _show_sheet(room, now, written)


def _show_sheet(room: ClassRoom, now: Visit, written: int) -> None:
    asked = now.phone.asked if now.phone else None
    with st.container(key="class_page", gap="small"):
        st.title("Class room" if asked is None else f"Write {name_label(asked)}", anchor=False)
        phone_sheet(Key.CLASS_SHEET, room.code, asked, now.heard, _noted, visit.take, refused=now.refused)
        # A place of its own, so that what is below stays where it is.
        with st.container(key="class_told"):
            st.caption(escape_markdown(now.told) or _HINT)
        st.progress(written / room.most, f"{written} of {room.most} kept")
        if room.named and now.phone:
            _ask_name(now.phone)


def _ask_name(phone: Phone) -> None:
    if Key.CLASS_NAME not in st.session_state:
        # What this phone has said before it loaded the page again.
        st.session_state[Key.CLASS_NAME] = phone.name
    # A class may be closed for a moment, and opened again.
    st.text_input(
        "First name (optional)", key=Key.CLASS_NAME, max_chars=LONGEST_NAME, help=_NAME, persist_state="session"
    )


def _take_place(end: DeltaGenerator) -> DeltaGenerator:
    # The sheet goes first.
    st.empty()
    return end.container(key="class_page", gap="small")


def _show_end(end: DeltaGenerator, title: str, words: str, now: Visit) -> None:
    with _take_place(end):
        st.title(title, anchor=False)
        st.write(words)
        st.caption(escape_markdown(now.told))
        st.button("Look again", icon=":material/refresh:", key="look_for_class")


def _noted() -> None:
    """Make the number of the phone known to the component; the script that follows reads it."""
