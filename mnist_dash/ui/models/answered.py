"""A model and its answers to all images that are asked about: asked once in a process of its own, and kept."""

from dataclasses import dataclass

import streamlit as st

from mnist_dash.analysis.answers import ModelAnswers, make_answers_key, read_answers
from mnist_dash.analysis.evaluated_images import EvaluatedImages, Part, take_part
from mnist_dash.analysis.evaluation import Evaluation, evaluate
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.answering import AnsweringModel, find_answering, identify
from mnist_dash.runs import process
from mnist_dash.ui.components import job_progress
from mnist_dash.ui.shell import resources


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What `who` answered to the images of a `part` of a data set, and what that comes to."""

    who: AnsweringModel
    data: Dataset
    part: Part
    asked: EvaluatedImages
    answers: ModelAnswers
    result: Evaluation


def spec_of(who: AnsweringModel) -> RunSpec | None:
    """The spec of the run that made it, if one did."""
    return who.run.spec if who.run else None


def ask(name: str, data: Dataset, part: Part, divided_by: AnsweringModel) -> Answered | None:
    """The answers of the model of that name to that part of a data set, as another one's run may have divided it.

    None while a process of its own asks it, or where it cannot be asked, which is shown instead.
    """
    who = find_answering(resources.database(), name)
    if who.learning:
        assert who.run is not None  # noqa: S101 - what learns is a run
        _explain_learning(who)
        return None
    asked = take_part(data, part, spec_of(divided_by))
    key = make_answers_key(identify(who), data.sha256, asked)
    words = [who.name, "--data", data.name, "--split", part, "--divided-by", divided_by.name]
    answers = _read(who, asked, key, words)
    return (
        None
        if answers is None
        else Answered(who, data, part, asked, answers, evaluate(answers.probabilities, answers.labels))
    )


def _read(who: AnsweringModel, asked: EvaluatedImages, key: str, words: list[str]) -> ModelAnswers | None:
    """What is kept under the key; where that is nothing yet, how far the process is that finds it."""
    path = find_result_file(resources.settings(), ResultKind.ANSWERS, key)
    commands = resources.background_commands()
    job = commands.find(key)
    # Looked at before the file: what has ended without an error has written it by then.
    stopped, failed = job is not None and job.stopped, job.error if job is not None and job.ended else None
    content = read_result(path)
    answers = read_answers(content) if content is not None else None
    if answers is not None and len(answers.index) == len(asked.index):
        return answers
    command = process.make_command("evaluate", *words, "--out", str(path), "--progress")
    if failed and job is not None:
        commands.forget(key, job)
        raise MnistDashError(failed)
    if stopped:
        st.caption("It was stopped before it had read every image.")
        st.button("Go on", icon=":material/play_arrow:", key=f"go_on_{key}", on_click=_send, args=(key, command))
        return None
    text = f"{who.title} reads {len(asked.index):,} images"
    job_progress.follow_command(commands.send(key, command), text, key)
    return None


def _send(key: str, command: list[str]) -> None:
    resources.background_commands().send(key, command)


def _explain_learning(who: AnsweringModel) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"{escape_markdown(who.title)} is still learning. Its figures come when it has ended.")
        query = {"run": str(who.run.id)} if who.run else {}
        st.page_link("pages/train.py", label="Watch it", icon=":material/show_chart:", query_params=query)
