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
from mnist_dash.runs.background_command import SECONDS, BackgroundCommand
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


@dataclass(frozen=True, slots=True)
class Question:
    """What a process is sent for under a `key`; the words and the rest are those of `Wanted`.

    It is ended after so many `seconds`.
    """

    key: str
    command: Sequence[str]
    text: str
    offer: str
    label: str
    icon: str
    at_once: bool = False
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Sent:
    """How the process stood that was sent for something, if any, before its results were looked for.

    What has ended without an error has written them by then.
    """

    job: BackgroundCommand | None
    over: bool
    stopped: bool
    error: str | None


def look_after(key: str) -> Sent:
    """How the process for `key` stands; to be called before the results are looked for."""
    job = resources.background_commands().find(key)
    if job is None:
        return Sent(None, over=True, stopped=False, error=None)
    return Sent(job, job.ended, job.stopped, job.error if job.ended else None)


def find(wanted: Wanted[T]) -> T | None:
    """The result; None while it is found, or where that must be asked for. Raises the error of what has failed."""
    path = find_result_file(resources.settings(), wanted.kind, wanted.key)
    sent = look_after(wanted.key)
    content = read_result(path)
    found = wanted.read(content) if content is not None else None
    if found is None:
        words = (wanted.text, wanted.offer, wanted.label, wanted.icon)
        follow(Question(wanted.key, (*wanted.command, "--out", str(path)), *words, wanted.at_once), sent)
    return found


def follow(asked: Question, sent: Sent) -> None:
    """Show how far the process is, or offer to send it; raises the error of one that has failed."""
    commands = resources.background_commands()
    if sent.error and sent.job is not None:
        commands.forget(asked.key, sent.job)
        raise MnistDashError(sent.error)
    command = process.make_command(*asked.command, "--progress")
    if sent.stopped or (sent.over and not asked.at_once):
        _offer(asked, command)
    else:
        job_progress.follow_command(commands.send(asked.key, command, asked.seconds), asked.text, asked.key)


def _offer(asked: Question, command: list[str]) -> None:
    if asked.offer:
        st.write(asked.offer)

    def send() -> None:
        # Where somebody else has pressed the same button a moment before, that job is waited for.
        resources.background_commands().send(asked.key, command, asked.seconds)

    st.button(asked.label, icon=asked.icon, type="primary", key=f"ask_{asked.key}", on_click=send)
