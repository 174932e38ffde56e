"""Digits that imaginary writers write: their parameters with a live preview, and sets made of them."""

import io
from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.generator import writers
from mnist_dash.data.generator.parameters import (
    PARAMETERS,
    USUAL,
    Group,
    Handwriting,
    Parameter,
    parse_handwriting,
    write_changes,
)
from mnist_dash.data.io.pen_strokes import StrokeFormat, write_strokes
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits as pictures
from mnist_dash.runs import process
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import link, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.users import check_may_train

_ROWS, _SCALE, _GAP = 6, 4, 4
_FEWEST, _USUAL, _MOST = 100, 10_000, 200_000
"""Digits of a set that is made here; the command line makes larger ones."""
_STROKES = 5_000
"""Digits of which the strokes are downloaded here: a second's work."""
_CARD = (
    "Made without any MNIST image: the forms were drawn by hand. Which forms, and what is usual, was chosen on MNIST "
    "training images and on pen strokes of four institutions (UNIPEN)."
)


@st.fragment
def show() -> None:
    """A live preview and the parameters beside it; below, a set under a name."""
    _enter()
    result, choices = st.columns([7, 4], gap="large")
    with choices:
        handwriting = _choose()
    if link.read_settings(_NAMES) != _linked(handwriting):
        link.write_settings(_linked(handwriting), _NAMES)
    with result:
        seed = _seed()
        _preview(seed, handwriting)
    _make(seed, handwriting)


def _seed() -> int:
    return int(
        st.number_input(
            "Seed",
            min_value=0,
            max_value=2**31 - 1,
            key=Key.GENERATOR_SEED,
            persist_state="session",
            help="Other writers for every seed; the same seed and parameters give the same digits.",
            width=160,
        )
    )


def _key(name: str) -> str:
    return f"hand_{name}"


_NAMES = tuple(map(_key, PARAMETERS))


def _linked(handwriting: Handwriting) -> dict[str, str]:
    return {_key(name): text for name, text in write_changes(handwriting).items()}


def _enter() -> None:
    """Start the sliders with what the page's link says, or with what is usual."""
    if _NAMES[0] in st.session_state:
        return
    start, prefix = USUAL, len(_key(""))
    try:
        start = parse_handwriting({name[prefix:]: text for name, text in link.read_settings(_NAMES).items()})
    except DataError as e:
        st.warning(f"The link's parameters were not taken. {escape_markdown(e)}", icon=":material/link_off:")
    _put(start)


def _put(handwriting: Handwriting) -> None:
    st.session_state.update({_key(name): value for name, value in asdict(handwriting).items()})


def _choose() -> Handwriting:
    """The parameters, in groups."""
    values: dict[str, str] = {}
    # As high as the longest group, so that what stands below stays where it is.
    for group, tab in zip(Group, st.container(height=460, border=False).tabs([g.value for g in Group]), strict=True):
        with tab:
            values |= {name: _slider(each) for name, each in PARAMETERS.items() if each.group is group}
    st.button("As usual", icon=":material/restart_alt:", type="tertiary", on_click=_put, args=(USUAL,))
    return parse_handwriting(values)


def _slider(parameter: Parameter) -> str:
    """The chosen value as text, to as many digits as the slider shows."""
    label = f"{parameter.label} ({parameter.unit})" if parameter.unit else parameter.label
    kind: Callable[[float], float] = int if parameter.is_whole else float
    # Numbers up to thousands are written rather than slid to.
    widget = st.number_input if parameter.is_whole else st.slider
    value: float = widget(
        label,
        min_value=kind(parameter.low),
        max_value=kind(parameter.high),
        step=kind(parameter.step),
        format="%d" if parameter.is_whole else "%g",
        key=_key(parameter.name),
        help=f"{parameter.help} Allowed: {parameter.allowed}.",
        persist_state="session",
    )
    return f"{value:.6g}"


def _preview(seed: int, handwriting: Handwriting) -> None:
    """The ten digits of each of the first writers, a row each."""
    shown = list(writers.write(_ROWS * CLASSES, seed, replace(handwriting, digits_each=CLASSES)))
    shown.sort(key=lambda written: (written.writer, written.label))
    images = np.stack([writers.draw_image(written) for written in shown])
    sheet = pictures.draw_sheet(images, colours(), columns=CLASSES, scale=_SCALE, gap=_GAP)
    show_picture(sheet, "Digits of six writers, a row each", pictures.sheet_width(CLASSES, _SCALE, _GAP) // 2)
    st.caption("A row is a writer: the same hand in every digit.")


def _make(seed: int, handwriting: Handwriting) -> None:
    """A set of such digits under a name, drawn in a process of its own; and their strokes."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = int(
            st.number_input(
                "Training digits",
                min_value=_FEWEST,
                max_value=_MOST,
                value=_USUAL,
                step=1_000,
                key=Key.GENERATOR_COUNT,
                persist_state="session",
                help="A sixth as many test digits come along, by other writers.",
                width=160,
            )
        )
        name = st.text_input("Name", placeholder="my-hands", help=f"{named_sets.ALLOWED}.", max_chars=80, width=200)
        started = st.button("Make the set", type="primary", icon=":material/edit_square:")
    if started:
        _start(name, count, seed, handwriting)
    _follow()
    _strokes(min(count, _STROKES), seed, handwriting)
    with st.expander("On the command line", icon=":material/terminal:"):
        st.code(_words(name or "my-hands", count, seed, handwriting), language="bash", wrap_lines=True)
    st.caption(_CARD)


def _words(name: str, count: int, seed: int, handwriting: Handwriting) -> str:
    return " ".join(["mnist-dash", *_arguments(name, count, seed, handwriting)])


def _arguments(name: str, count: int, seed: int, handwriting: Handwriting) -> list[str]:
    changes = [f"{name}={text}" for name, text in write_changes(handwriting).items()]
    asked = ["generate", "--name", name, "--count", str(count), "--seed", str(seed)]
    return asked + (["--parameter", *changes] if changes else [])


def _start(name: str, count: int, seed: int, handwriting: Handwriting) -> None:
    user = resources.database().user
    try:
        check_may_train(user)
        named_sets.check_name(resources.settings(), name)
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    command = process.make_command(*_arguments(name, count, seed, handwriting), "--progress", user=user)
    resources.background_commands().send(_job(name), command)
    st.session_state[Key.GENERATED] = name


def _job(name: str) -> str:
    return f"generate {name}"


def _follow() -> None:
    """How far the set is that this session makes, and what can be done with it once it is there."""
    name = st.session_state.get(Key.GENERATED)
    job = resources.background_commands().find(_job(name)) if name else None
    if job is None:
        return
    job_progress.follow_command(job, f"Drawing {name}", "generate")
    if job.error:
        st.error(escape_markdown(job.error), icon=":material/error:")
    elif job.ended and name in resources.datasets().names():
        st.success(f"{escape_markdown(name)} is here now.", icon=":material/check:")
        with st.container(horizontal=True):
            for page, label, icon in (("explore", "Explore", "grid_view"), ("train", "Train on it", "show_chart")):
                to = {Key.DATA.value: name}
                st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:", query_params=to)


def _strokes(count: int, seed: int, handwriting: Handwriting) -> None:
    def content() -> bytes:
        stream = io.BytesIO()
        write_strokes(stream, writers.write(count, seed, handwriting), StrokeFormat.PACKED)
        return stream.getvalue()

    st.download_button(
        f"Strokes of the first {count:,}",
        content,
        f"strokes-{seed}{StrokeFormat.PACKED}",
        icon=":material/download:",
        on_click="ignore",
        help="JSON lines: an object for each digit, with its label, its writer and where the pen went.",
    )
