"""The data sets at hand that people wrote, and what a model has answered to their images, where it was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.analysis.answers import ModelAnswers, make_answers_key, read_answers
from mnist_dash.analysis.elsewhere import SetReading, choose_part, find_same_images
from mnist_dash.analysis.evaluated_images import EvaluatedImages, Part, take_part
from mnist_dash.analysis.evaluation import Evaluation, evaluate
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import silent
from mnist_dash.data.store import catalog
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.errors import DataError
from mnist_dash.models.registry.answering import AnsweringModel, identify
from mnist_dash.models.registry.learnt import find_learnt, has_learnt
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import resources


@dataclass(frozen=True, slots=True, eq=False)
class OtherSet:
    """A data set, and which of its images are read."""

    data: Dataset
    part: Part
    images: EvaluatedImages

    @property
    def called(self) -> str:
        """What people call it."""
        return call_set(self.data.name)


def call_set(name: str) -> str:
    """What people call the set of that name."""
    return dataset_picker.title(name)


@dataclass(frozen=True, slots=True)
class OtherSets:
    """Those that are `ready`, the names of those that are still to be opened, and why others are left out, in words."""

    ready: tuple[OtherSet, ...]
    unopened: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The names of those that are read, or will be."""
        return sorted([*(other.data.name for other in self.ready), *self.unopened])


def list_other_sets() -> OtherSets:
    """All sets that people wrote; those with the same images as one before them are left out."""
    names = catalog.list_written(resources.settings())
    ready = [name for name in names if catalog.is_ready(resources.settings(), name)]
    opened, left_out = [], []
    for name in ready:
        try:
            opened.append(resources.datasets().dataset(name, silent))
        except DataError as e:
            left_out.append(f"{name} is left out: {e}")
    same, empty = find_same_images(opened), [data.name for data in opened if not data.test and not data.train]
    left_out += [f"{name} is left out: its images are those of {call_set(other)}." for name, other in same.items()]
    kept = [data for data in opened if data.name not in same and data.name not in empty]
    return OtherSets(tuple(map(_take, kept)), tuple(name for name in names if name not in ready), tuple(left_out))


def _take(data: Dataset) -> OtherSet:
    part = choose_part(data)
    return OtherSet(data, part, take_part(data, part))


def read_column(who: AnsweringModel, sets: Sequence[OtherSet]) -> list[SetReading | None]:
    """What a model reads of each set by the answers that are kept; None where it was not asked."""
    learnt = find_learnt(resources.database(), who, _find_data)
    return [_read_kept(who, other, learnt) for other in sets]


def _read_kept(who: AnsweringModel, other: OtherSet, learnt: frozenset[str]) -> SetReading | None:
    path = _find_file(who, other)
    try:
        changed = path.stat().st_mtime
    except OSError:
        return None
    found = _evaluate_file(str(path), changed, len(other.images.index))
    if found is None:
        return None
    return SetReading(other.data.name, other.part, found, has_learnt(learnt, other.data, other.images.split))


def open_answered(who: AnsweringModel, other: OtherSet) -> Answered | None:
    """The kept answers themselves, with what they come to; None where there are none any more."""
    content = read_result(_find_file(who, other))
    answers = _read(content, len(other.images.index)) if content is not None else None
    if answers is None:
        return None
    result = evaluate(answers.probabilities, answers.labels)
    return Answered(who, other.data, other.part, other.images, answers, result)


def _find_file(who: AnsweringModel, other: OtherSet) -> Path:
    key = make_answers_key(identify(who), other.data.sha256, other.images)
    return find_result_file(resources.settings(), ResultKind.ANSWERS, key)


@resources.cache_once(entries=128)
def _evaluate_file(path: str, changed: float, images: int) -> Evaluation | None:  # noqa: ARG001 - the key
    """What the answers in a file come to; None where it is damaged."""
    content = read_result(Path(path))
    answers = _read(content, images) if content is not None else None
    return None if answers is None else evaluate(answers.probabilities, answers.labels)


def _read(content: bytes, images: int) -> ModelAnswers | None:
    answers = read_answers(content)
    return answers if answers is not None and len(answers.index) == images else None


def _find_data(name: str) -> Dataset | None:
    """The data set of a run, where it is open already or opened in a moment."""
    if name not in resources.datasets().names() or not catalog.is_ready(resources.settings(), name):
        return None
    try:
        return resources.datasets().dataset(name, silent)
    except DataError:
        return None
