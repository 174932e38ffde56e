"""How it stands with a cluster: written down by the supervisor, read by pages, which ask no cluster themselves."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from mnist_dash.files import whole
from mnist_dash.runs import process
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from mnist_dash.words import join_words


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What the supervisor last knew: `trouble` why the cluster does not answer, None where it does.

    `nodes` are the names of its machines, `room` the runs that may be at work on them at once, and `waiting` the runs
    that it has taken and found no core for yet.
    """

    trouble: str | None = None
    nodes: tuple[str, ...] = ()
    room: int = 0
    waiting: tuple[int, ...] = ()


def write_state(settings: Settings, state: ClusterState) -> None:
    """Write down how it stands; on a disk that is full, pages go on with what was there."""
    with suppress(OSError), whole(process.cluster_state(settings)) as file:
        file.write(json.dumps(asdict(state)).encode())


def read_state(settings: Settings) -> ClusterState | None:
    """How it stands; None where nobody has looked yet."""
    try:
        told = json.loads(process.cluster_state(settings).read_bytes())
        return ClusterState(told["trouble"], tuple(told["nodes"]), told["room"], tuple(told["waiting"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def explain_waiting(settings: Settings, runs: Sequence[Run]) -> str | None:
    """Why runs wait that go to a cluster, and which nodes it has; None where runs stay here, or nothing goes on."""
    queued = [run for run in runs if run.state is State.QUEUED]
    if settings.cluster is None or not (queued or any(run.state is State.RUNNING for run in runs)):
        return None
    state = read_state(settings)
    if state is None:
        return f"The Ray cluster at {settings.cluster} has not been asked yet."
    if state.trouble:
        return f"{state.trouble} Runs wait, and go on when it answers; nothing that was recorded is lost."
    nodes = f"{len(state.nodes)} node{'' if len(state.nodes) == 1 else 's'} ({join_words(state.nodes)})"
    if not state.room:
        return f"The cluster has no core for a run: {nodes if state.nodes else 'no node'}. Runs wait for a node."
    told = f"The cluster has {nodes}, and room for {state.room} run{'' if state.room == 1 else 's'} at once."
    if state.waiting:
        names = join_words([str(number) for number in state.waiting])
        told += f" Run{' ' if len(state.waiting) == 1 else 's '}{names}: no core is free yet, others use them."
    at_work = len([run for run in runs if run.state is State.RUNNING])
    if queued and not state.waiting:
        told += (
            f" Waiting runs wait for a core: {at_work} at work."
            if at_work >= state.room
            else f" MNIST_DASH_SLOTS lets {settings.slots} be at work."
            if at_work >= settings.slots
            else ""
        )
    return told
