"""What one session alone remembers, under the keys of `keys`; what links hold too stands in `link`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Split
    from mnist_dash.sketch.photo import Photo
    from mnist_dash.ui.shell.drawing import DrawnSketch


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


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A choice that widgets show, and the `version`th of those widgets, which shows it."""

    value: Any
    version: int = 0

    def widget_key(self, key: Key) -> str:
        """The key of that widget."""
        return f"{key}_{self.version}"


def mirror(key: Key, value: object) -> str:
    """The key of a widget that shows this value, which others change too: another widget wherever they did.

    A browser that has not taken in yet what was put into a widget sends what it showed before along with its next
    message, as one of a fragment that looks again by itself; Streamlit 1.67 takes that for a choice.
    """
    mirrored: Mirrored = st.session_state.get(key, Mirrored(value))
    if mirrored.value != value:
        mirrored = Mirrored(value, mirrored.version + 1)
    widget = mirrored.widget_key(key)
    st.session_state[key], st.session_state[widget] = mirrored, value
    return widget


def take_choice(key: Key) -> Any:  # noqa: ANN401 - whatever the widget's options are
    """What a person has chosen in the widget that shows the choice of `key`; to be called when it changes."""
    mirrored: Mirrored = st.session_state[key]
    widget = mirrored.widget_key(key)
    chosen = st.session_state[widget]
    st.session_state[key] = replace(mirrored, value=chosen)
    return chosen


def recall_mirrored(key: Key) -> Any:  # noqa: ANN401 - whatever the widget's options are
    """The choice of `key` that `mirror` has shown last, None before."""
    kept: Mirrored | None = st.session_state.get(key)
    return kept.value if kept else None


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
        for drawing in (Key.SKETCH, Key.OWN_SKETCH):
            if drawing in st.session_state:
                put_sketch(sketch(drawing).anew(), drawing)


def photo_state() -> PhotoState:
    """The photo of this session."""
    kept: PhotoState = st.session_state.get(Key.PHOTO, PhotoState())
    return kept


def put_photo_state(brought: PhotoState) -> None:
    """Remember the photo."""
    st.session_state[Key.PHOTO] = brought


def sketch(key: Key = Key.SKETCH) -> "DrawnSketch":
    """A drawing of this session, on whatever page it is shown."""
    from mnist_dash.ui.shell.drawing import DrawnSketch  # with what it needs to draw, which other pages can do without

    kept: DrawnSketch = st.session_state.get(key) or DrawnSketch()
    return kept


def put_sketch(sketch: "DrawnSketch", key: Key = Key.SKETCH) -> None:
    """Remember the drawing."""
    st.session_state[key] = sketch


def put_deleted(run_ids: Sequence[int]) -> None:
    """Remember the runs whose deletion can be taken back; none of them where something else was done since."""
    st.session_state[Key.DELETED] = tuple(run_ids)


def recall_deleted() -> tuple[int, ...]:
    """The runs whose deletion can be taken back."""
    run_ids: tuple[int, ...] = st.session_state.get(Key.DELETED, ())
    return run_ids


def open_sample(split: "Split", index: int) -> None:
    """Let the next run of the Explore page show this image among the samples of its split."""
    st.session_state[Key.WANTED] = {Key.SPLIT: split.value}
    link.keep_text(Key.VIEW, "samples")
    link.IMAGE.keep(index)


def open_page(page: str, choices: Mapping[Key, str]) -> None:
    """Show another page with these choices, whatever was chosen there before; it asks for them by `arrive`."""
    st.session_state[Key.WANTED] = dict(choices)
    # The link says it too: a change of page starts with an empty one.
    st.switch_page(page, query_params={str(key): text for key, text in choices.items()})


def arrive() -> None:
    """Give widgets what somebody has asked for since they were drawn; to be called before they are."""
    for key, value in st.session_state.pop(Key.WANTED, {}).items():
        st.session_state[key] = value
