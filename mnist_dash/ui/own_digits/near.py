"""One digit of a set from near: what is known of it, another label, its end, and the way back from both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import OwnDigit, Saved, Source, name_label
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_LABELS = (*range(CLASSES), None)
_MOST = 100
"""Changes that can be taken back, one after the other."""
_CAME = {Source.DRAWN: "Drawn", Source.PHOTO: "From a photo", Source.FORM: "From a sheet of paper"}


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """What was done in a set, in words: a digit got another label, or was deleted."""

    set_key: str
    words: str
    relabelled: Saved | None = None
    deleted: OwnDigit | None = None


def show(chosen: OwnSet, key: str | None) -> None:
    """The digit with that key, if there is one, and what was done last."""
    digit = collection.find(resources.database(), key, chosen.key) if key else None
    _show_changed(chosen)
    if digit is None:
        st.caption("Choose a digit to see it from near, and to correct its label.")
        return
    _show_digit(digit)
    st.caption("It is …")
    with st.container(horizontal=True, gap="xxsmall"):
        for label in _LABELS:
            st.button(
                "Not a digit" if label is None else str(label),
                # The key names the digit: a click that comes late must label no other.
                key=f"relabel_{digit.key}_{label}",
                type="primary" if label == digit.label else "secondary",
                on_click=_relabel,
                args=(chosen.key, digit.key, label),
            )
    st.button("Delete", icon=":material/delete:", key="delete_own", on_click=_delete, args=(chosen.key, digit.key))


def _show_digit(digit: OwnDigit) -> None:
    title = "Not a digit" if digit.label is None else f"Label {digit.label}"
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(width=140):
            show_picture(draw_shared(digits.draw_digit, digit.image, colours(), scale=10), title, 140)
        with st.container(width="stretch"):
            sure = certainty(digit.answer.probabilities[digit.answer.read])
            st.markdown(
                f"**{title}** :gray[{escape_markdown(digit.answer.title)} read {digit.answer.read} ({sure}).]",
            )
            st.caption(escape_markdown(_describe(digit)))


def _describe(digit: OwnDigit) -> str:
    """When it was saved, by whom it was written, and in how long."""
    came = _CAME[digit.source]
    took = "" if digit.seconds is None else f" in {digit.seconds:.1f} s"
    by = f" by {digit.writer}" if digit.writer else ""
    return f"{came}{by}{took}, {_date(digit.created)}."


def _date(created: float) -> str:
    """In the browser's time, where that is known."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return f"{datetime.fromtimestamp(created, UTC).astimezone(zone):%d %b %Y, %H:%M}"


def _show_changed(chosen: OwnSet) -> None:
    """What was done last and can be taken back; its place is held, so that nothing moves when it comes."""
    told = st.session_state.pop(Key.OWN_REFUSED, None)
    here = next((changed for changed in reversed(_recall_changes()) if changed.set_key == chosen.key), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="own_changed_place"):
        st.button(
            "Undo",
            icon=":material/undo:",
            type="tertiary",
            key="undo_own",
            disabled=here is None,
            on_click=_undo,
            args=(here,),
        )
        st.caption(escape_markdown(told or (here.words if here else "Nothing is changed yet.")), width="stretch")


def _relabel(set_key: str, key: str, label: int | None) -> None:
    def act() -> None:
        saved = collection.change_label(resources.database(), key, label, set_key)
        if saved.before and saved.before.label != label:
            words = f"It is {name_label(label)} now; it was {name_label(saved.before.label)}."
            _note(Changed(set_key, words, relabelled=saved))

    _try(act)


def _delete(set_key: str, key: str) -> None:
    def act() -> None:
        gone = collection.remove(resources.database(), key, set_key)
        if gone is not None:
            words = f"Deleted: {name_label(gone.label)}."
            _note(Changed(set_key, words, deleted=gone))

    _try(act)


def _recall_changes() -> tuple[Changed, ...]:
    """What this session has changed and not taken back, the last one last."""
    kept: tuple[Changed, ...] = st.session_state.get(Key.OWN_CHANGED, ())
    return kept


def _note(changed: Changed) -> None:
    st.session_state[Key.OWN_CHANGED] = (*_recall_changes(), changed)[-_MOST:]


def _undo(changed: Changed) -> None:
    # A second click that comes late takes nothing back twice.
    if changed not in _recall_changes():
        return
    st.session_state[Key.OWN_CHANGED] = tuple(other for other in _recall_changes() if other is not changed)

    def act() -> None:
        if changed.deleted:
            collection.keep_once(resources.database(), changed.deleted, changed.set_key)
            st.session_state[Key.OWN] = changed.deleted.key
        elif changed.relabelled and not collection.undo(resources.database(), changed.relabelled, changed.set_key):
            st.session_state[Key.OWN_REFUSED] = "It was changed or deleted meanwhile, so it stays as it is."

    _try(act)


def _try(action: Callable[[], None]) -> None:
    try:
        action()
    except MnistDashError as e:
        st.session_state[Key.OWN_REFUSED] = str(e)
