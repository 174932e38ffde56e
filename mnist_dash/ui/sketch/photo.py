"""Digits from a photo in place of the sketch pad: from a file or the camera, and what was found in it."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from mnist_dash.errors import ImageError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import photo as figures
from mnist_dash.sketch.image_files import SUFFIXES
from mnist_dash.sketch.mnist_preprocessing import Stages, Step, preprocess
from mnist_dash.sketch.photo import Photo
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.answer import Source
from mnist_dash.words import join_words

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

WIDTH = 340
"""Pixels of the column with the photo."""
MOST_MB = 40
_LISTED = 8
"""Lines of which it is said how many digits each has."""
_HINT = "Bring a photo of digits on paper or on a board. The answer appears as soon as it is read."
_FILE = (
    "PNG, JPEG, HEIC, WebP, GIF or BMP, up to 40 megapixels, JPEG up to 80. Paper may be ruled, squared or in a "
    "shadow, and turned by a few degrees; digits should be at least a twentieth of the photo high."
)
_CAMERA = "Your browser asks you before it opens the camera. The photo stays on the machine that runs this page."
_INSECURE = (
    "Browsers open the camera only on pages that come over https or from your own machine, and this one does not. "
    "Take the photo with your camera's own app, and bring the file."
)
_NOTHING = (
    "No digits were found. Write with a darker pen, go closer, and keep the camera straight. Below you see what was "
    "taken for ink."
)


def show_photo(without: Collection[Step] = ()) -> list[Stages]:
    """Ask for a photo and show it; its digits line by line, each on its way to 28×28, `without` some steps."""
    for file in _files():
        if file.file_id not in state.photo_state().seen:
            state.put_photo_state(_read(file, state.photo_state()))
    kept = state.photo_state()
    if kept.error:
        st.error(escape_markdown(kept.error), icon=":material/error:")
    if kept.photo is None:
        return []
    _show(kept.photo)
    return [made for alone in kept.photo.alone if (made := preprocess(alone, without))]


def source() -> Source:
    """What there is to say of the photo beside its digits."""
    found = state.photo_state().photo
    return Source(_HINT, () if found is None else tuple(found.lines))


def _files() -> Iterator["UploadedFile"]:
    """What was uploaded and what the camera took, as far as there is anything."""
    version = state.photo_state().version
    kinds = [suffix.removeprefix(".") for suffix in SUFFIXES]
    uploaded = st.file_uploader("Photo", kinds, key=f"photo_{version}", max_upload_size=MOST_MB, help=_FILE)
    if uploaded is not None:
        yield uploaded
    secure = is_secure(st.context.url)
    wanted = st.toggle("Use the camera", key=f"camera_wanted_{version}", disabled=not secure, help=_CAMERA)
    if not secure:
        st.caption(_INSECURE)
    if wanted and (taken := st.camera_input("Camera", key=f"camera_{version}", label_visibility="collapsed")):
        yield taken


def is_secure(url: str | None) -> bool:
    """Whether browsers let a page at that address use the camera: over https, or from this machine."""
    parts = urlsplit(url or "")
    host = parts.hostname or "localhost"
    return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost") or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(file: "UploadedFile", kept: state.PhotoState) -> state.PhotoState:
    """What is kept once this file was looked at: where it cannot be read, the photo before it stays."""
    content = file.getvalue()
    seen = kept.seen | {file.file_id}
    try:
        found = resources.photo_of(hashlib.sha256(content).hexdigest(), file.name, content)
    except ImageError as e:
        return replace(kept, error=str(e), seen=seen)
    return replace(kept, photo=found, error=None, seen=seen)


def _show(found: Photo) -> None:
    """The photo with its digits outlined, and below it the ink."""
    for note in found.notes:
        st.caption(f":material/info: {escape_markdown(note)}")
    outlined = figures.draw_outlines(found.shown, found.boxes, colours(), 2 * WIDTH)
    show_picture(outlined, f"The photo with {len(found.boxes)} digits outlined")
    if not found.boxes:
        st.warning(_NOTHING, icon=":material/search_off:")
    elif len(found.lines) > 1:
        counts = join_words([str(count) for count in found.lines[:_LISTED]])
        several = f"of {counts}" if len(found.lines) <= _LISTED else f"with {len(found.boxes)}"
        st.caption(f"{len(found.lines)} lines {several} digits are read one after the other.")
    st.caption("What was taken for ink")
    show_picture(figures.draw_ink(found, colours(), 2 * WIDTH), "The ink that was found in the photo")
    st.button("Remove", icon=":material/delete:", key="remove_photo", on_click=remove)


def remove() -> None:
    """Forget the photo, and show an empty uploader."""
    state.put_photo_state(state.PhotoState(version=state.photo_state().version + 1))
