"""Models by others on Sketch: bring a file, see what it is and what it needs, use it so, or delete it."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.errors import MnistDashError, ModelError
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry import imported
from mnist_dash.models.registry.model_record import ImportedModel
from mnist_dash.runs import process
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.users import check_may_train

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

MEMORY = 1_500_000_000
"""Bytes that looking at a model may take."""
_FILES = (
    "A Keras model (.keras, or .h5 with the whole model) or a LiteRT file (.tflite) that gives ten values for a square "
    "image. It is read without running any code of the file's. Other kinds are named, with the line that converts them."
)


@dataclass(frozen=True, slots=True)
class IncomingModel:
    """What this session is bringing: the folder of the file, the model's name, and the process that looks at it."""

    folder: Path
    name: str
    job: BackgroundCommand


def show() -> None:
    """The way to bring a model, and a card for each that is there."""
    records = imported.list_imported(resources.database())
    unreadable = imported.list_unreadable(resources.database())
    count = len(records) + len(unreadable)
    incoming: IncomingModel | None = st.session_state.get(Key.INCOMING_MODEL)
    title = f"Models by others ({count})" if count else "Bring a model by others"
    with st.expander(title, icon=":material/deployed_code:", expanded=incoming is not None):
        if incoming is None:
            _upload()
        else:
            _follow(incoming)
        for record in records:
            _show_card(record)
        for model in unreadable:
            _show_unreadable(model)


def _upload() -> None:
    version = st.session_state.get(Key.MODEL_UPLOAD, 0)
    file = st.file_uploader("Model file", key=f"model_upload_{version}", help=_FILES)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        called = imported.suggest_name(resources.database(), file.name) if file else ""
        name = st.text_input("Name", called, key=f"model_name_{version}_{called}", help=imported.ALLOWED, width=240)
        wanted = st.button("Add it", type="primary", icon=":material/add:", disabled=file is None, key="add_model")
    if wanted and file is not None:
        try:
            imported.check_name(resources.database(), name)
            started = _start(file, name)
        except MnistDashError as e:
            st.error(escape_markdown(e), icon=":material/error:")
            return
        # The next uploader is a new one, so that this server need not hold the file in memory any longer.
        st.session_state[Key.MODEL_UPLOAD] = version + 1
        st.session_state[Key.INCOMING_MODEL] = started
        st.rerun()


def _start(file: "UploadedFile", name: str) -> IncomingModel:
    """Write the file to a folder of its own, and have a process look at it."""
    user = resources.database().user
    check_may_train(user)
    folder = resources.settings().home / "incoming" / f"model-{secrets.token_hex(8)}"
    path = folder / Path(file.name.replace("\\", "/")).name
    try:
        folder.mkdir(parents=True)
        path.write_bytes(file.getbuffer())
    except OSError as e:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"The file cannot be written ({e.strerror or e}). Free space and try again.") from e
    command = process.make_command("import-model", str(path), "--name", name, "--progress", user=user)
    return IncomingModel(folder, name, resources.background_commands().start(command, MEMORY))


def _follow(incoming: IncomingModel) -> None:
    job = incoming.job
    job_progress.follow_command(job, "Looking at the model", "incoming_model")
    if not job.ended:
        return
    shutil.rmtree(incoming.folder, ignore_errors=True)
    if job.error:
        st.error(escape_markdown(job.error), icon=":material/error:")
    elif job.result is not None:
        st.success(f"{escape_markdown(incoming.name)} is here now: choose it above.", icon=":material/check:")
    st.button("Bring another", icon=":material/add:", on_click=_forget, key="another_model")


def _forget() -> None:
    st.session_state.pop(Key.INCOMING_MODEL, None)


def _show_card(record: ImportedModel) -> None:
    """What a model is and needs, and what can be done with it."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(record.name)}**")
        for sentence in record.describe():
            st.caption(escape_markdown(sentence))
        with st.container(horizontal=True):
            if record.offer:
                text = "Use it as it is" if record.prepared else "Use it with this preparation"
                st.button(
                    text,
                    icon=":material/undo:" if record.prepared else ":material/tune:",
                    type="secondary" if record.prepared else "primary",
                    key=f"prepare_{record.name}",
                    on_click=_prepare,
                    args=(record.name, not record.prepared),
                )
            _offer_deletion(record.name)


def _show_unreadable(model: imported.UnreadableModel) -> None:
    """That nothing is known of a model any more, and its end; all others are as they were."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(model.name)}**")
        st.warning(escape_markdown(model.reason), icon=":material/warning:")
        _offer_deletion(model.name)


def _offer_deletion(name: str) -> None:
    st.button("Delete", icon=":material/delete:", key=f"delete_{name}", on_click=_delete, args=(name,))


def _prepare(name: str, prepared: bool) -> None:
    messages.do_or_tell(lambda: imported.prepare_imported(resources.database(), name, prepared=prepared))


def _delete(name: str) -> None:
    messages.do_or_tell(lambda: imported.delete_imported(resources.database(), name))
