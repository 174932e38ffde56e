"""How far models hold: accuracy against the amount of stress, on many digits, measured on demand and kept."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis.robustness import Robustness, make_robustness_key, read_robustness
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.data.stress.stresses import STRESSES
from mnist_dash.errors import MnistDashError
from mnist_dash.figures import robustness
from mnist_dash.models.registry.answering import AnsweringModel, identify
from mnist_dash.runs import process
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.theme import colours

_COUNT, _SEED = 2_000, 0
_HELP = (
    "Every model reads the same test digits at every amount. The bands are 95 % intervals: where two of them overlap "
    "much, the difference may be chance."
)


def show(data: Dataset, who: Sequence[AnsweringModel], name: str) -> None:
    """The curves where they are known; otherwise a button that measures them, and how far that is."""
    count = min(_COUNT, len(data.test))
    st.header("How far they hold", anchor=False, help=_HELP)
    key = make_robustness_key([identify(each) for each in who], data.sha256, name, count, _SEED)
    path = find_result_file(resources.settings(), ResultKind.ROBUSTNESS, key)
    job = resources.background_commands().find(key)
    # Looked at before the file: what has ended without an error has written it by then.
    failed = job.error if job is not None and job.ended and not job.stopped else None
    is_at_work = job is not None and not job.ended
    content = read_result(path)
    found = read_robustness(content) if content is not None else None
    if found is not None and len(found.right) == len(who):
        _show_curves(found, who, name)
        return
    if failed and job is not None:
        resources.background_commands().forget(key, job)
        raise MnistDashError(failed)
    if is_at_work and job is not None:
        job_progress.follow_command(job, "Asking every model at every amount", key)
        return
    words = [*(each.name for each in who), "--kind", name, "--data", data.name, "--count", str(count)]
    command = process.make_command("stress", *words, "--out", str(path), "--progress")
    st.write(f"Accuracy on {count:,} test digits, from no change to the most: it takes some seconds and is kept.")
    label = f"Measure on {count:,} digits"
    st.button(label, icon=":material/show_chart:", type="primary", on_click=_send, args=(key, command))


def _send(key: str, command: list[str]) -> None:
    # Where somebody else has pressed the same button a moment before, that job is waited for.
    resources.background_commands().send(key, command)


def _show_curves(found: Robustness, who: Sequence[AnsweringModel], name: str) -> None:
    kind = STRESSES[name]
    figure = robustness.plot_robustness(found, [each.short for each in who], f"{kind.title} ({kind.unit})", colours())
    figure.layout.uirevision = name
    chart(figure, "endurance", robustness.HEIGHT, f"Accuracy of each model against {kind.title.lower()}")
    st.caption(f"Of {found.images:,} test digits, with 95 % intervals.")
