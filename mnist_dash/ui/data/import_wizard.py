"""Digits that somebody brings: uploaded, read in a process of their own, shown as understood, then taken in or not."""

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.analysis.overview import draw_by_class
from mnist_dash.analysis.statistics import count_classes
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.file_sets import list_allowed
from mnist_dash.data.io.importing import ImportReport
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.readers import name_formats
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.present_digits import describe_missing
from mnist_dash.data.store import staging
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import data as figures
from mnist_dash.figures import digits as pictures
from mnist_dash.runs import process
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.data import import_orientation
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.users import refuse_training
from mnist_dash.words import join_words

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

MEMORY = 1_500_000_000
"""Bytes that reading may take."""
_ROWS = 4
_FILES = f"{list_allowed()[:1].upper()}{list_allowed()[1:]}. Give files that belong together at once."
_POLARITIES = {
    Polarity.AUTO: "Ask the border",
    Polarity.INK_IS_DARK: "Dark ink on light paper",
    Polarity.INK_IS_LIGHT: "Light ink on dark paper",
}
_FITS = {Fit.AUTO: "As needed", Fit.CENTRE: "Cut out, scale and centre", Fit.AS_IS: "As they are (28×28)"}
_FIT = "MNIST's digits are scaled to 20×20 and centred by mass in 28×28. Yours become so too, unless all are 28×28."
_HOLDOUTS = {Holdout.AUTO: "Yours, or the last seventh", Holdout.NONE: "None: all for training"}
_HOLDOUT = "Where your files have none, the last seventh of each digit becomes some. Without any, nothing is tested."
_FOUND = {
    Polarity.AUTO: "each picture by its border",
    **{key: text.lower() for key, text in _POLARITIES.items() if key},
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """What this session is bringing: the files, the process that reads them, and the token of what it read."""

    folder: Path
    names: tuple[str, ...]
    options: ReadingOptions = field(default_factory=ReadingOptions)
    job: BackgroundCommand | None = None
    token: str | None = None


def bring() -> str | None:
    """Everything from the upload to the name; the name of the set that was just taken in, None otherwise."""
    now: Incoming | None = st.session_state.get(Key.INCOMING)
    if now is None:
        _upload()
        return None
    if now.token is not None:
        return _decide(now, now.token)
    if now.job is not None:
        job_progress.follow_command(now.job, f"Reading {join_words(now.names)}", "incoming")
        _ended(now, now.job)
    return None


def _upload() -> None:
    refused = refuse_training(resources.database().user)
    if refused:
        st.caption(f":material/lock: {escape_markdown(refused)}")
        return
    version = st.session_state.get(Key.UPLOAD, 0)
    files = st.file_uploader("Files", accept_multiple_files=True, key=f"upload_{version}", help=_FILES)
    st.caption(f"{name_formats()}, or a ZIP or TAR of files or of pictures, of any size, dark or light.")
    if st.button("Read them", type="primary", disabled=not files, icon=":material/upload_file:"):
        folder = resources.settings().home / "incoming" / f"upload-{secrets.token_hex(8)}"
        names = _written(files, folder)
        # The next uploader is a new one, so that this server need not hold the files in memory any longer.
        st.session_state[Key.UPLOAD] = version + 1
        _read(Incoming(folder, names))


def _written(files: Sequence["UploadedFile"], folder: Path) -> tuple[str, ...]:
    """The uploaded files in a folder of their own; names are cut down to their last part."""
    names = tuple(Path(file.name.replace("\\", "/")).name for file in files)
    try:
        resources.settings().prepare()
        folder.mkdir(parents=True)
        for name, file in zip(names, files, strict=True):
            (folder / name).write_bytes(file.getbuffer())
    except OSError as e:
        shutil.rmtree(folder, ignore_errors=True)
        raise DataError(f"{folder} cannot be written ({e.strerror or e}). Free space there and try again.") from e
    return names


def _read(now: Incoming) -> None:
    """Start to read the files, and show that at once."""
    asked = now.options
    words = [
        "--polarity",
        asked.polarity,
        "--fit",
        asked.fit,
        "--orientation",
        asked.orientation,
        "--holdout",
        asked.holdout,
        "--stage",
        "--progress",
    ]
    command = process.make_command("import", *(str(now.folder / name) for name in now.names), *words)
    st.session_state[Key.INCOMING] = replace(
        now, job=resources.background_commands().start(command, MEMORY), token=None
    )
    st.rerun()


def _ended(now: Incoming, job: BackgroundCommand) -> None:
    if job.result is not None:
        st.session_state[Key.INCOMING] = replace(now, job=None, token=job.result["token"])
        st.rerun()
    if job.error:
        # What came and why not is one sentence; what to do stands below it.
        came, _, advice = job.error.partition(". ")
        st.error(f"{escape_markdown(came)}.\n\n{escape_markdown(advice)}", icon=":material/error:")
        # What another choice mends is read again without being brought again.
        _otherwise(now)
    st.button("Choose other files", icon=":material/arrow_back:", on_click=_forget)


def _forget() -> None:
    """Throw away what this session was bringing."""
    now: Incoming = st.session_state.pop(Key.INCOMING)
    if now.token:
        staging.discard(resources.settings(), now.token)
    shutil.rmtree(now.folder, ignore_errors=True)


def _decide(now: Incoming, token: str) -> str | None:
    """Show what was understood; it becomes a set under a name, is read in another way, or is thrown away."""
    try:
        understood = staging.open_staged(resources.settings(), token)
    except DataError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        st.button("Choose other files", icon=":material/arrow_back:", on_click=_forget)
        return None
    _show(understood)
    orientation = import_orientation.choose(understood)
    if orientation is not None:
        _read_again(now, replace(now.options, orientation=orientation))
    _show_counts(understood.dataset)
    _otherwise(now)
    return _name(now, token)


def _show(understood: ImportReport) -> None:
    dataset = understood.dataset
    st.markdown(f"**{len(dataset.train):,} training and {len(dataset.test):,} test digits** were understood.")
    st.caption(
        f"{escape_markdown(understood.format)}, {escape_markdown(understood.sizes)} pixels; "
        f"ink and paper: {_FOUND[understood.polarity]}; {_FITS[understood.fit].lower()}."
    )
    if understood.left_out:
        with st.expander(f"{understood.left_out:,} left out", icon=":material/warning:"):
            st.write("\n".join(f"- {escape_markdown(reason)}" for reason in understood.reasons))
    for note in filter(None, (describe_missing(dataset), dataset.notice, *understood.notes)):
        st.caption(f":material/info: {escape_markdown(note)}")
    drawn = draw_by_class(dataset.train.labels, _ROWS, 0)
    sheet = pictures.draw_sheet(dataset.train.images[drawn.index], colours(), drawn.columns, scale=4, gap=4)
    show_picture(sheet, "Some of the digits, by class", pictures.sheet_width(drawn.columns, 4, 4) // 2)


def _show_counts(dataset: Dataset) -> None:
    counts = (count_classes(dataset.train.labels), count_classes(dataset.test.labels))
    chart(figures.plot_class_counts(*counts, colours()), key="incoming_counts", height=380, alt="Images of each digit")


def _otherwise(now: Incoming) -> None:
    """Another way to read the same files."""
    with st.expander("Not as you meant it?", icon=":material/tune:"):
        polarity = st.selectbox("Ink and paper", _POLARITIES, format_func=_POLARITIES.__getitem__, key="polarity")
        fit = st.selectbox("Size and place", _FITS, format_func=_FITS.__getitem__, key="fit", help=_FIT)
        holdout = st.selectbox(
            "Test images", _HOLDOUTS, format_func=_HOLDOUTS.__getitem__, key="holdout", help=_HOLDOUT
        )
        if st.button("Read again", icon=":material/refresh:", key="read_again"):
            _read_again(now, replace(now.options, polarity=polarity, fit=fit, holdout=holdout))


def _read_again(now: Incoming, options: ReadingOptions) -> None:
    if now.token:
        staging.discard(resources.settings(), now.token)
    _read(replace(now, options=options))


def _name(now: Incoming, token: str) -> str | None:
    with st.form("take_in", border=False):
        name = st.text_input("Name", placeholder="my-digits", help="1 to 40 of a–z, 0–9, - and _.", max_chars=80)
        taken = st.form_submit_button("Take them in", type="primary", icon=":material/check:")
    st.button("Throw them away", icon=":material/delete:", type="tertiary", on_click=_forget)
    if not taken:
        return None
    try:
        staging.accept(resources.settings(), token, name, resources.database().user)
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return None
    shutil.rmtree(now.folder, ignore_errors=True)
    del st.session_state[Key.INCOMING]
    return name
