"""Everything that one session remembers, under the keys of `keys`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.sketch.photo import Photo
    from mnist_dash.ui.shell.drawing import DrawnSketch

_LONGEST_NUMBER = 19
"""Digits that a run's number may have in a link: what databases can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoState:
    """The last photo of this session that could be read, and the error of the one that could not be, if it came later.

    `seen` are the uploads that were looked at; `version` names the uploader on the screen.
    """

    photo: "Photo | None" = None
    error: str | None = None
    seen: frozenset[str] = frozenset()
    version: int = 0


@dataclass(frozen=True, slots=True)
class StartingValues:
    """Values that a method's widgets start with: those of a link or of another run, taken for the `version`th time."""

    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)


def adopt_values(method: str, values: Mapping[str, Any]) -> None:
    """Let a method's widgets start anew with these values."""
    kept = st.session_state.setdefault(Key.ADOPTED, {})
    kept[method] = StartingValues(_adopted(method).version + 1, values)


def starting_values(method: str) -> Mapping[str, Any]:
    """The values that were adopted for a method; none where its own defaults hold."""
    return _adopted(method).values


def setting(method: str, parameter: str) -> str:
    """The key of a hyperparameter's widget: each method remembers its own values."""
    version = _adopted(method).version
    return f"{method}_{parameter}_{version}" if version else f"{method}_{parameter}"


def _adopted(method: str) -> StartingValues:
    found: StartingValues = st.session_state.get(Key.ADOPTED, {}).get(method, StartingValues())
    return found


def has_entered() -> bool:
    """Whether this session came in through `app.py`."""
    return Key.PAGE in st.session_state


def enter(page: str) -> None:
    """Note which page is shown; a canvas is lost with its page, so the next one starts with the same drawing."""
    if st.session_state.get(Key.PAGE) != page:
        st.session_state[Key.PAGE] = page
        if Key.SKETCH in st.session_state:
            put_sketch(sketch().anew())


def photo_state() -> PhotoState:
    """The photo of this session."""
    kept: PhotoState = st.session_state.get(Key.PHOTO, PhotoState())
    return kept


def put_photo_state(brought: PhotoState) -> None:
    """Remember the photo."""
    st.session_state[Key.PHOTO] = brought


def sketch() -> "DrawnSketch":
    """The drawing of this session, on whatever page it is shown."""
    from mnist_dash.ui.shell.drawing import DrawnSketch  # with what it needs to draw, which other pages can do without

    kept: DrawnSketch = st.session_state.get(Key.SKETCH) or DrawnSketch()
    return kept


def put_sketch(sketch: "DrawnSketch") -> None:
    """Remember the drawing."""
    st.session_state[Key.SKETCH] = sketch


def from_link(key: Key, allowed: Collection[str]) -> None:
    """Give a widget the value that the page's link names, where this session has not chosen another."""
    linked = st.query_params.get(key)
    if key not in st.session_state and linked in allowed:
        st.session_state[key] = linked


def accept_old_words(key: Key, today: Mapping[str, str]) -> None:
    """Give a widget the value of `today` for the old word that the page's link names, as `from_link` does."""
    linked = st.query_params.get(key, "")
    if key not in st.session_state and linked in today:
        st.session_state[key] = today[linked]


def to_link(key: Key) -> None:
    """Put a widget's value into the page's link."""
    st.query_params[key] = st.session_state[key]


def choose_runs(run_ids: Sequence[int]) -> None:
    """Select these runs on the Runs page, here and in the page's link."""
    st.session_state[Key.RUNS] = tuple(run_ids)
    if run_ids:
        st.query_params[Key.RUNS] = ",".join(map(str, run_ids))
    else:
        st.query_params.pop(Key.RUNS, None)


def recall_chosen_runs() -> tuple[int, ...]:
    """The runs that the page's link names, or else those that were selected last."""
    linked = st.query_params.get(Key.RUNS, "").split(",")
    numbers = [int(text) for text in linked if text.isdecimal() and len(text) < _LONGEST_NUMBER]
    if numbers:
        st.session_state[Key.RUNS] = tuple(dict.fromkeys(numbers))
    chosen: tuple[int, ...] = st.session_state.get(Key.RUNS, ())
    return chosen


def put_deleted(run_ids: Sequence[int]) -> None:
    """Remember the runs whose deletion can be taken back; none of them where something else was done since."""
    st.session_state[Key.DELETED] = tuple(run_ids)


def recall_deleted() -> tuple[int, ...]:
    """The runs whose deletion can be taken back."""
    run_ids: tuple[int, ...] = st.session_state.get(Key.DELETED, ())
    return run_ids


def remember(key: Key, value: str) -> None:
    """Keep a choice for all pages of this session, and put it into the page's link."""
    st.session_state[key] = value
    st.query_params[key] = value


def recall(key: Key, options: Sequence[str]) -> str:
    """What the page's link names, or else what this session has chosen last, or else the first of the options."""
    linked = st.query_params.get(key)
    chosen = linked if linked in options else st.session_state.get(key)
    kept = chosen if chosen is not None and chosen in options else options[0]
    st.session_state[key] = kept
    # What holds without being named needs no place in the link.
    if kept != options[0] or linked is not None:
        st.query_params[key] = kept
    return kept


def open_sample(split: str, index: int) -> None:
    """Let the next run of the Explore page show this image among the samples of its split."""
    st.session_state[Key.WANTED] = {Key.SPLIT: split}
    remember(Key.VIEW, "samples")
    choose_image(index)


def arrive() -> None:
    """Give widgets what somebody has asked for since they were drawn; to be called before they are."""
    for key, value in st.session_state.pop(Key.WANTED, {}).items():
        st.session_state[key] = value


def choose_image(index: int) -> None:
    """Look at this image of the split from near, here and in the page's link."""
    st.session_state[Key.IMAGE] = index
    st.query_params[Key.IMAGE] = str(index)


def recall_chosen_image() -> int | None:
    """The image that the page's link names, or else the one that was chosen last."""
    linked = st.query_params.get(Key.IMAGE, "")
    if linked.isdecimal() and len(linked) < _LONGEST_NUMBER:
        st.session_state[Key.IMAGE] = int(linked)
    index: int | None = st.session_state.get(Key.IMAGE)
    return index


def watch_run(run_id: int) -> None:
    """Show this run on the Train page, here and in the page's link."""
    st.session_state[Key.RUN] = run_id
    if st.query_params.get("run") != str(run_id):
        st.query_params["run"] = str(run_id)


def recall_watched_run() -> int | None:
    """The run that the page's link names, or else the one that was shown last."""
    linked = st.query_params.get("run", "")
    if linked.isdecimal() and len(linked) < _LONGEST_NUMBER:
        st.session_state[Key.RUN] = int(linked)
    run_id: int | None = st.session_state.get(Key.RUN)
    return run_id
