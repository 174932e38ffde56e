"""What takes long to find and is found once: at once where it is kept, otherwise by a process that is waited for."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.errors import MnistDashError
from mnist_dash.runs import process
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.shell import resources

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """A result of a `kind` under its `key`: how it is `read` from its file, None where that is damaged.

    `command` are the words of the program's command that finds it, and `text` says so while it does. Where nobody has
    asked for it, or somebody has stopped it, `offer` stands over a button with the words `label` and an `icon`; with
    `at_once` it is asked for without being pressed the first time.
    """

    kind: ResultKind
    key: str
    read: Callable[[bytes], T | None]
    command: Sequence[str]
    text: str
    offer: str
    label: str
    icon: str
    at_once: bool = False


def make_key(*identity: object) -> str:
    """What a result is kept under: 16 hexadecimal digits of all that decides it."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def find(wanted: Wanted[T]) -> T | None:
    """The result; None while it is found, or where that must be asked for. Raises the error of what has failed."""
    path = find_result_file(resources.settings(), wanted.kind, wanted.key)
    commands = resources.background_commands()
    job = commands.find(wanted.key)
    # Looked at before the file: what has ended without an error has written it by then.
    stopped, error = job is not None and job.stopped, job.error if job is not None and job.ended else None
    over = job is None or job.ended
    content = read_result(path)
    found = wanted.read(content) if content is not None else None
    if found is not None:
        return found
    if error and job is not None:
        commands.forget(wanted.key, job)
        raise MnistDashError(error)
    command = process.make_command(*wanted.command, "--out", str(path), "--progress")
    if stopped or (over and not wanted.at_once):
        _offer(wanted, command)
    else:
        job_progress.follow_command(commands.send(wanted.key, command), wanted.text, wanted.key)
    return None


def _offer(wanted: Wanted[T], command: list[str]) -> None:
    st.write(wanted.offer)

    def send() -> None:
        # Where somebody else has pressed the same button a moment before, that job is waited for.
        resources.background_commands().send(wanted.key, command)

    st.button(wanted.label, icon=wanted.icon, type="primary", key=f"ask_{wanted.key}", on_click=send)
