"""A model and its answers to all images that are asked about: asked once in a process of its own, and kept."""

from dataclasses import dataclass

import streamlit as st

from mnist_dash.analysis.answers import ModelAnswers, make_answers_key, read_answers
from mnist_dash.analysis.evaluated_images import EvaluatedImages, Part, take_part
from mnist_dash.analysis.evaluation import Evaluation, evaluate
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.answering import AnsweringModel, find_answering, identify
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.kept_result import Wanted
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
    answers = kept_result.find(_want(who, asked, key, words))
    return None if answers is None else Answered(who, data, part, asked, answers, _evaluate(key, answers))


def _want(who: AnsweringModel, asked: EvaluatedImages, key: str, words: list[str]) -> Wanted[ModelAnswers]:
    def read(content: bytes) -> ModelAnswers | None:
        answers = read_answers(content)
        return answers if answers is not None and len(answers.index) == len(asked.index) else None

    return Wanted(
        ResultKind.ANSWERS,
        key,
        read,
        ("evaluate", *words),
        f"{who.title} reads {len(asked.index):,} images",
        "It was stopped before it had read every image.",
        "Go on",
        ":material/play_arrow:",
        at_once=True,
    )


@resources.cache_once(entries=16)
def _evaluate(key: str, _answers: ModelAnswers) -> Evaluation:  # noqa: ARG001 - the key names the answers
    """What answers come to: 20 ms for 60,000 of them, which no click shall wait for twice."""
    return evaluate(_answers.probabilities, _answers.labels)


def _explain_learning(who: AnsweringModel) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"{escape_markdown(who.title)} is still learning. Its figures come when it has ended.")
        query = {"run": str(who.run.id)} if who.run else {}
        st.page_link("pages/train.py", label="Watch it", icon=":material/show_chart:", query_params=query)
