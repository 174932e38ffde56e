"""Class room: a set is opened for many phones, with the link on the projector and a wall that fills as digits come."""

from functools import partial

import streamlit as st

from mnist_dash.figures.codes import draw_link
from mnist_dash.own_digits.class_room import MOST, USUAL, ClassRoom, close_room, find_room, open_room
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.own_digits import class_training, class_wall
from mnist_dash.ui.own_digits.class_link import ClassLink, find_own_address, make_link
from mnist_dash.ui.shell import messages, resources

_INTRODUCTION = (
    "A whole class fills this set at once. Everybody follows a link or scans its code, and is asked for one digit "
    "after another; the rarest come first. Here you see them come, and train on them with one click."
)
_LIMIT = "As many digits each phone may keep, over reloads and in all its tabs. Ten are one of each."
_NAMED = "Whoever likes may write a first name, which is kept beside each digit. Without it nobody is asked."
_TRUST = (
    "Whoever has the link can write, and whoever reaches this server can open all its pages. A browser that forgets, "
    "or a private window, counts as another phone."
)


def show(chosen: OwnSet) -> None:
    """The class that writes into the set, or how to open one."""
    room = find_room(resources.database(), chosen.key)
    if room is None:
        st.write(_INTRODUCTION)
        _set_up(chosen, None)
        return
    left, right = st.columns([3, 8], gap="large")
    with left:
        _show_link(
            make_link(st.context.url or "", room.code, st.get_option("server.address"), find_own_address()), room
        )
        _steer(chosen, room)
    with right:
        class_wall.show(room, chosen.name)


def _show_link(link: ClassLink, room: ClassRoom) -> None:
    with st.container(key="class_code"):
        if not room.is_open:
            st.info("The class is closed: what was kept stays, and no phone can add to it.", icon=":material/lock:")
        elif not link.reachable:
            st.warning(link.told, icon=":material/info:")
        else:
            show_picture(
                draw_link(link.address), "Code to scan with a phone, which leads to the class", width="stretch"
            )
    with st.container(key="class_address"):
        st.code(link.address, language=None, wrap_lines=True)
    st.markdown(f"Code of the class: **{room.code}**", help=_TRUST)
    if link.reachable and link.told:
        st.caption(link.told)
    if resources.settings().password:
        st.caption("Phones are asked for the password of this server first.")


def _steer(chosen: OwnSet, room: ClassRoom) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        if room.is_open:
            st.button("Close", icon=":material/lock:", key="close_class", on_click=_close, args=(chosen,))
        with st.popover("Limits" if room.is_open else "Open again", icon=":material/tune:"):
            _set_up(chosen, room)
    class_training.offer(chosen)


def _close(chosen: OwnSet) -> None:
    messages.do_or_tell(lambda: close_room(resources.database(), chosen.key))


def _set_up(chosen: OwnSet, room: ClassRoom | None) -> None:
    """Choose what holds for each phone, and open the class."""
    with st.form("class_room", border=False, width=320):
        most = st.number_input("Digits of each phone", 1, MOST, room.most if room else USUAL, help=_LIMIT)
        named = st.toggle("Ask for first names", room.named if room else False, help=_NAMED)
        label = "Save" if room and room.is_open else "Open the class"
        if st.form_submit_button(label, icon=":material/check:", type="primary"):
            messages.redraw_after(partial(open_room, resources.database(), chosen.key, int(most), named=named))
