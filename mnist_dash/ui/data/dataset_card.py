"""A data set in the list of all: what it is, and what can be done with it."""

import io
from collections.abc import Callable

import streamlit as st

from mnist_dash.data.io.export import FileFormat, save
from mnist_dash.data.present_digits import describe_missing
from mnist_dash.data.progress import silent
from mnist_dash.data.store import catalog
from mnist_dash.data.store.copies import NamedSet
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.housekeeping import delete_set
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.users import refuse_change

_FORMATS = {FileFormat.NPZ: "NPZ", FileFormat.PICTURES: "PNG pictures", FileFormat.IDX: "IDX"}


def show(name: str, named: NamedSet | None) -> None:
    """Both splits of a set in a line, where it came from, and links, downloads and its end; `named` if it has one."""
    with st.container(border=True):
        account, owner = named.owner if named else ("", "")
        refused = refuse_change(resources.database().user, f"The data set {name}", account, owner)
        is_here = named.is_here if named else catalog.is_ready(resources.settings(), name)
        ready = is_here or resources.datasets().holds(name)
        whose = f", of {escape_markdown(owner)}" if owner else ""
        st.markdown(f"**{escape_markdown(dataset_picker.title(name))}**{whose}")
        later = "On another machine. It is fetched" if named else "Not read yet. It is"
        st.caption(escape_markdown(_told(name)) if ready else f"{later} when you look at it for the first time.")
        with st.container(horizontal=True, vertical_alignment="center"):
            for page, label, icon in (("explore", "Explore", "grid_view"), ("train", "Train on it", "show_chart")):
                link = {Key.DATA.value: name}
                st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:", query_params=link)
            if ready:
                _take_away(name)
            if named:
                _delete(name, refused)


def _told(name: str) -> str:
    try:
        found = resources.datasets().dataset(name, silent)
    except MnistDashError as e:
        return str(e)
    kind = "The official set. " if found.official else ""
    origin = f"From {found.origin}." if found.origin else ""
    missing = f" {words}" if (words := describe_missing(found)) else ""
    return f"{len(found.train):,} training and {len(found.test):,} test images.{missing} {kind}{origin}"


def _take_away(name: str) -> None:
    with st.popover("Download", icon=":material/download:"):
        st.caption("Both splits in one file, which can be brought back here.")
        for file_format, title in _FORMATS.items():
            st.download_button(
                title,
                _writer(name, file_format),
                f"{name}{file_format}",
                key=f"take_{name}{file_format}",
                on_click="ignore",
                width="stretch",
            )


def _writer(name: str, file_format: FileFormat) -> Callable[[], bytes]:
    def content() -> bytes:
        found, stream = resources.datasets().dataset(name, silent), io.BytesIO()
        save(stream, file_format, found.train, found.test)
        return stream.getvalue()

    return content


def _delete(name: str, refused: str | None) -> None:
    words = escape_markdown(refused) if refused else None
    with st.popover("Delete", icon=":material/delete:", disabled=bool(refused), help=words):
        st.write("Its images are removed for good, for everybody who uses them.")
        if st.button("Delete it", key=f"delete_{name}", type="primary"):
            try:
                delete_set(resources.database(), resources.settings(), name)
            except MnistDashError as e:
                st.error(escape_markdown(e), icon=":material/error:")
                return
            resources.datasets().forget(name)
            st.rerun()
