"""The set that the page is about: chosen, made, renamed and deleted; the page's link holds its name."""

from collections.abc import Callable, Mapping

import streamlit as st

from mnist_dash.data.store.named_sets import ALLOWED
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits.records import LONGEST_NAME
from mnist_dash.own_digits.sets import (
    SKETCH,
    OwnSet,
    change_set,
    delete_own_set,
    list_sets,
    make_own_set,
)
from mnist_dash.ui.shell import link, resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.users import refuse_change, refuse_training

_HELP = (
    "Every digit belongs to a set. The page's link names the set: send it, and others write into the same one. The "
    "first is where Sketch saves."
)
_OWNER = "Whoever the set is of, if that shall be said; everybody on this server sees it."


def choose() -> OwnSet:
    """The set that is chosen here, with what can be done with it."""
    sets = {one.name: one for one in list_sets(resources.database())}
    _explain_missing(sets)
    name = link.recall_one_of(Key.OWN_SET, tuple(sets))
    st.selectbox(
        "Set",
        tuple(sets),
        format_func=lambda name: _title(sets[name]),
        key=state.mirror(Key.OWN_SET_LIST, name),
        on_change=_take,
        help=_HELP,
        width=240,
    )
    user, chosen = resources.database().user, sets[name]
    if refuse_training(user) is None:
        _offer_new()
    refused = refuse_change(user, f"The set {chosen.name}", chosen.account, chosen.owner)
    if refused is None:
        _offer_changes(chosen)
    else:
        st.caption(f":material/lock: {escape_markdown(refused)}")
    return sets[name]


def _explain_missing(sets: Mapping[str, OwnSet]) -> None:
    """Say that the set of the link, or the one that was shown a moment ago, is not there any more."""
    named = link.OWN_SET.recall()
    if named and named not in sets:
        told = f"There is no set {named[:80]!r} any more: it was renamed or deleted. Choose another one."
        st.warning(escape_markdown(told), icon=":material/info:")


def _take() -> None:
    link.OWN_SET.keep(state.take_choice(Key.OWN_SET_LIST))


def _title(one: OwnSet) -> str:
    return f"{one.name}, of {one.owner}" if one.owner else one.name


def _offer_new() -> None:
    with st.popover("New set", icon=":material/add:"), st.form("new_own_set", border=False):
        name = st.text_input("Name", key="new_own_set_name", help=f"{ALLOWED}.")
        # Where people sign in, it is theirs.
        owner = "" if resources.database().user.account else _ask_owner("", "new_own_set_owner")
        if st.form_submit_button("Make it", icon=":material/check:"):
            _do(lambda: make_own_set(resources.database(), name, owner), name)


def _ask_owner(known: str, key: str) -> str:
    return st.text_input("Owner (optional)", known, max_chars=LONGEST_NAME, key=key, help=_OWNER)


def _offer_changes(chosen: OwnSet) -> None:
    # Opened, it counts anew: digits are kept without a look at this.
    with st.popover("Change", icon=":material/edit:", key="change_own_set", on_change="rerun"):
        with st.form(f"change_{chosen.key}", border=False):
            name = st.text_input("Name", chosen.name, key=f"name_{chosen.key}", help=f"{ALLOWED}.")
            signed_in = resources.database().user.account
            owner = chosen.owner if signed_in else _ask_owner(chosen.owner, f"owner_{chosen.key}")
            if st.form_submit_button("Save", icon=":material/check:"):
                _do(lambda: change_set(resources.database(), chosen.key, name, owner), name)
        _offer_end(chosen)


def _offer_end(chosen: OwnSet) -> None:
    """The end of a set, which says what goes with it; the popover itself is the question."""
    stays = " The set itself stays: Sketch saves to it." if chosen.key == SKETCH else ""
    digits = f"{chosen.digits:,} digit{'' if chosen.digits == 1 else 's'}"
    st.caption(f"Deleting removes {digits} for good; a download keeps them.{stays}")
    label = f"Delete {digits}" if chosen.key == SKETCH else f"Delete the set with {digits}"
    if st.button(label, icon=":material/delete:", key="delete_own_set", disabled=not chosen.digits and bool(stays)):
        # Sketch's is the first.
        _do(lambda: delete_own_set(resources.database(), chosen.key), list_sets(resources.database())[0].name)


def _do(action: Callable[[], object], name: str) -> None:
    """Do it and show the set of that name, or say why it cannot be done."""
    try:
        action()
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    link.OWN_SET.keep(name)
    st.rerun()
