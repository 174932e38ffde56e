"""Files that were brought: kept in the home, each read by a process of its own, until they are looked through.

The link names them, so that they are there again after a reload. What was read is kept by what is in a file: the same
file is never read twice.
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from mnist_dash.data.store import staging
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.files import whole
from mnist_dash.forms.reading import ReadSheets
from mnist_dash.forms.reading_files import VERSION, read_page_file, read_sheets_file
from mnist_dash.forms.told import PageInPhoto
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.answering import find_answering, identify
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.kept_result import Wanted
from mnist_dash.ui.shell import link, resources
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

T = TypeVar("T", bound=ReadSheets | PageInPhoto)
MOST = 50
"""Files that may wait to be looked through."""
_LONGEST = 60
"""Letters of a file's name that are kept: fewer bytes than any disk takes."""
_GONE = "A file"


class Kind(StrEnum):
    """What was brought."""

    SHEETS = "sheets"
    PAGE = "page"


_KEY = re.compile(rf"({'|'.join(Kind)})-[0-9a-f]{{16}}")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was brought as that `kind`, under the `key` of its content."""

    kind: Kind
    key: str

    @property
    def folder(self) -> Path:
        """Where the file is kept until it is read."""
        return resources.settings().home / "incoming" / f"form-{self.key}"

    @property
    def is_read(self) -> bool:
        """Whether what was read in it is kept."""
        return find_result_file(resources.settings(), ResultKind.FORMS, self.key).exists()

    @property
    def is_being_read(self) -> bool:
        """Whether a process is at work on it."""
        return not kept_result.look_after(self.key).over

    def find_file(self) -> Path | None:
        """The file itself, as long as it is there."""
        return next((path for path in self.folder.glob("*") if path.is_file()), None)


def recall() -> list[Brought]:
    """What was brought and is not put away."""
    keys = [key for key in dict.fromkeys(link.OWN_PAGES.recall() or ()) if _KEY.fullmatch(key)][:MOST]
    link.OWN_PAGES.publish(keys)
    return [Brought(Kind(key.partition("-")[0]), key) for key in keys]


def take(files: Sequence["UploadedFile"], kind: Kind) -> None:
    """Keep files and list them; raises DataError where that cannot be, and keeps none of those that follow."""
    for file in files:
        content = file.getvalue()
        brought = _name(content, kind)
        listed = [other.key for other in recall() if other.key != brought.key]
        if len(listed) >= MOST:
            raise DataError(f"{MOST} files wait to be looked through. Keep or put away some of them first.")
        if brought.find_file() is None and _recall_read(brought, _READ[kind]) is None:
            _write(brought.folder, file.name, content)
        _forgive(brought)
        link.OWN_PAGES.keep([*listed, brought.key])


def put_away(brought: Brought) -> None:
    """List it no longer, and stop reading it; what was read of it stays known."""
    link.OWN_PAGES.keep([other.key for other in recall() if other != brought])
    _forgive(brought)
    if job := kept_result.look_after(brought.key).job:
        job.stop()
    shutil.rmtree(brought.folder, ignore_errors=True)


def show_waiting(brought: Brought) -> None:
    """That a file waits for those before it."""
    path = brought.find_file()
    _show_head(brought, path.name if path else _GONE)
    st.caption("It is read as soon as those above are.")


def find_sheets(brought: Brought) -> ReadSheets | None:
    """The sheets in it, as `_find` has them."""
    return _find(brought, _read_sheets, "Reading the sheets")


def find_page(brought: Brought) -> PageInPhoto | None:
    """The page in it, as `_find` has it."""
    return _find(brought, _read_page, "Reading the page")


@resources.cache_once(entries=MOST)
def _read_sheets(content: bytes) -> ReadSheets | None:
    return read_sheets_file(content)


@resources.cache_once(entries=MOST)
def _read_page(content: bytes) -> PageInPhoto | None:
    return read_page_file(content)


_READ: Mapping[Kind, Callable[[bytes], ReadSheets | PageInPhoto | None]] = {
    Kind.SHEETS: _read_sheets,
    Kind.PAGE: _read_page,
}


def _find(brought: Brought, read: Callable[[bytes], T | None], text: str) -> T | None:
    """What was read; None while a process reads it, and where it was stopped or has failed, which is then shown.

    What has failed is read again when a person asks for that: a broken file stays broken. Above all of it stands the
    file's name.
    """
    head, path = st.container(), brought.find_file()
    found = _read_once(brought, path, read, text) if path else _recall_read(brought, read)
    with head:
        _show_head(brought, found.name if found else path.name if path else _GONE)
    if found is None and path is None:
        st.info("It is not there any more: what is brought is kept for a day. Bring it again.", icon=":material/info:")
    return found


def _recall_read(brought: Brought, read: Callable[[bytes], T | None]) -> T | None:
    """What was read in a file before; None where it was not, or what is kept is damaged."""
    content = read_result(find_result_file(resources.settings(), ResultKind.FORMS, brought.key))
    return read(content) if content else None


def _read_once(brought: Brought, path: Path, read: Callable[[bytes], T | None], text: str) -> T | None:
    place = st.container()
    if brought.is_being_read:
        _forgive(brought)
    refused = _recall_refused()
    try:
        found = kept_result.find(_want(brought, path, read, text, why_not=refused.get(brought.key)))
    except MnistDashError as e:
        st.session_state[Key.OWN_PAGES_REFUSED] = {**refused, brought.key: str(e)}
        st.rerun()
    if found is not None:
        _forgive(brought)
        shutil.rmtree(brought.folder, ignore_errors=True)
    elif brought.key in refused:
        place.error(escape_markdown(refused[brought.key]), icon=":material/error:")
    return found


def _want(
    brought: Brought, path: Path, read: Callable[[bytes], T | None], text: str, *, why_not: str | None
) -> Wanted[T]:
    return Wanted(
        ResultKind.FORMS,
        brought.key,
        read,
        ("read-form", str(path), *(["--any-page"] if brought.kind is Kind.PAGE else [])),
        text,
        "" if why_not else "It was stopped before all of it was read.",
        "Read it again",
        ":material/refresh:",
        at_once=not why_not,
    )


def _show_head(brought: Brought, name: str) -> None:
    """The name of the file, and the way to be rid of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(escape_markdown(name), anchor=False, width="stretch")
        st.button(
            "Put away",
            icon=":material/close:",
            type="tertiary",
            key=f"put_away_{brought.key}",
            on_click=put_away,
            args=(brought,),
        )


def _name(content: bytes, kind: Kind) -> Brought:
    """A file by its content, and by what would read it otherwise."""
    who = identify(find_answering(resources.database(), DEFAULT))
    return Brought(kind, f"{kind}-{kept_result.make_key(VERSION, who, hashlib.sha256(content).hexdigest())}")


def _write(folder: Path, name: str, content: bytes) -> None:
    """Keep a file in a folder of its own, whole or not at all; what nobody came back for leaves room for it."""
    try:
        resources.settings().prepare()
        folder.mkdir(parents=True, exist_ok=True)
        staging.clear_stale(folder.parent)
        with whole(folder / Path(name.replace("\\", "/")).name[-_LONGEST:]) as stream:
            stream.write(content)
    except OSError as e:
        shutil.rmtree(folder, ignore_errors=True)
        raise DataError(f"{folder} cannot be written ({e.strerror or e}). Free space there and try again.") from e


def _recall_refused() -> dict[str, str]:
    """Why files could not be read in this session, by their keys."""
    refused: dict[str, str] = st.session_state.get(Key.OWN_PAGES_REFUSED, {})
    return refused


def _forgive(brought: Brought) -> None:
    """Forget that a file could not be read."""
    others = {key: why for key, why in _recall_refused().items() if key != brought.key}
    st.session_state[Key.OWN_PAGES_REFUSED] = others
