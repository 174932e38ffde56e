"""How well digits are read by what learns from few of them, against how many those are: a learning curve.

Each point is a network that learnt from so many own digits, the same number of each as far as there are enough. It
reads MNIST's test images, and own digits that nobody has learnt from. Another seed draws other digits to learn from.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.seeds import student_interval
from mnist_dash.arrays import Indices
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.methods import few_images
from mnist_dash.methods.fine_tuning import GENERATED
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec

SEEDS = (0, 1, 2)
FEWEST = CLASSES
"""Own digits that are learnt from at least: one of each, where there is one."""
LEFT_OUT = 5
"""One own digit out of so many is left out of all learning, from SPARED digits on."""
SPARED = 50
_COUNTS = tuple(count for power in (10, 100, 1_000, 10_000) for count in (power, 2 * power, 5 * power))
_FEW_EPOCHS, _EPOCHS = 100, 10
"""How often a network without variations sees each of few images, as in the source that asks, and of many."""


class Way(StrEnum):
    """A way to learn from few digits."""

    RANDOM = "random"
    DENSE = "dense"
    CNN = "cnn"
    VARIED = "varied"
    GENERATED = "generated"
    READER = "reader"


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """What a point of the curve takes: a `way` learns from so many `images`, drawn by the `seed`."""

    seed: int
    images: int
    way: Way


@dataclass(frozen=True, slots=True)
class Point:
    """A task that is done, with how many test images and left out own digits are read right."""

    task: Task
    test: int
    own: int


@dataclass(frozen=True, slots=True)
class Curve:
    """All points that are known of the digits with that `digest`.

    Of `tested` test images and so many own digits that were `left_out` (0 where there were too few), points count those
    that are read right.
    """

    digest: str
    tested: int
    left_out: int
    points: tuple[Point, ...] = ()

    @property
    def done(self) -> frozenset[Task]:
        """The tasks whose points are known."""
        return frozenset(point.task for point in self.points)


@dataclass(frozen=True, slots=True)
class Mean:
    """Over its seeds, what share of the digits a way reads after so many `images`, with a 95 % interval.

    The interval is Student's t over seeds, from 0 to 1; None where there is one seed.
    """

    images: int
    share: float
    interval: tuple[float, float] | None
    seeds: int


def digest_digits(digits: Digits) -> str:
    """What tells these digits from others."""
    return hashlib.sha256(digits.images.tobytes() + digits.labels.tobytes()).hexdigest()[:16]


def divide(digits: Digits) -> tuple[Digits, Digits]:
    """The digits to learn from, and those that are left out: every LEFT_OUT-th of each, none of fewer than SPARED."""
    if len(digits) < SPARED:
        return digits, digits.take(slice(0, 0))
    left_out = np.zeros(len(digits), bool)
    for digit in range(CLASSES):
        left_out[np.flatnonzero(digits.labels == digit)[LEFT_OUT - 1 :: LEFT_OUT]] = True
    return digits.take(~left_out), digits.take(left_out)


def order_digits(digits: Digits, seed: int) -> Indices:
    """The digits (n,) in an order drawn by `seed` whose beginnings hold as many of each digit as they can."""
    rng = np.random.default_rng([seed, len(digits)])
    place = np.empty(len(digits), np.int64)
    for digit in range(CLASSES):
        where = np.flatnonzero(digits.labels == digit)
        place[where] = rng.permutation(len(where))
    return np.lexsort((digits.labels, place))


def list_counts(images: int) -> list[int]:
    """From how many of so many images points learn: steps of about two, and all; none where there are too few."""
    if images < FEWEST:
        return []
    return [count for count in _COUNTS if count < images] + [images]


def plan(images: int, seeds: Sequence[int] = SEEDS) -> list[Task]:
    """All tasks for so many images: the curves of the first seed come first, the shortest work of them first."""
    return [Task(seed, count, way) for seed in seeds for count in list_counts(images) for way in Way]


def make_spec(task: Task) -> RunSpec:
    """The settings by which a task's images are learnt, all of them: nothing is held out or chosen."""
    shared: dict[str, Value] = {"seed": task.seed, "validation_split": 0.0}
    few = task.images < few_images.FEW
    plain = {**shared, "batch_size": few_images.fit_batch(task.images), "epochs": _FEW_EPOCHS if few else _EPOCHS}
    match task.way:
        case Way.RANDOM:
            return RunSpec.of("random", "", seed=task.seed)
        case Way.DENSE:
            return RunSpec.of("dense_128", "", **plain)
        case Way.CNN:
            return RunSpec.of("cnn", "", **plain)
        case Way.VARIED:
            return few_images.suggest_spec("", task.images, **shared)
        case Way.GENERATED:
            return RunSpec.of("fine_tuned", "", start=GENERATED, **shared)
        case Way.READER:
            return RunSpec.of("fine_tuned", "", **shared)


def list_means(curve: Curve, way: Way, *, own: bool) -> Iterator[Mean]:
    """The points of a way over their seeds, by how many images they learnt from; of `own` digits or test images."""
    asked = curve.left_out if own else curve.tested
    for count in sorted({point.task.images for point in curve.points if point.task.way is way}) if asked else ():
        chosen = [point for point in curve.points if (point.task.way, point.task.images) == (way, count)]
        shares = np.array([point.own if own else point.test for point in chosen]) / asked
        yield Mean(count, float(shares.mean()), _interval(shares), len(shares))


def _interval(shares: np.ndarray) -> tuple[float, float] | None:
    if len(shares) < 2:
        return None
    _, low, high = student_interval(shares.tolist())
    return max(0.0, low), min(1.0, high)


def write_curve(curve: Curve) -> bytes:
    """The curve as an NPZ file."""
    content = io.BytesIO()
    tasks = [point.task for point in curve.points]
    np.savez(
        content,
        digest=np.array(curve.digest),
        asked=np.array([curve.tested, curve.left_out]),
        ways=np.array([str(task.way) for task in tasks], "U16"),
        tasks=np.array([(task.seed, task.images) for task in tasks], np.int64).reshape(-1, 2),
        right=np.array([(point.test, point.own) for point in curve.points], np.int64).reshape(-1, 2),
    )
    return content.getvalue()


def read_curve(content: bytes) -> Curve | None:
    """What `write_curve` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            tested, left_out = file["asked"].tolist()
            rows = zip(file["ways"].tolist(), file["tasks"].tolist(), file["right"].tolist(), strict=True)
            points = tuple(Point(Task(seed, images, Way(way)), *right) for way, (seed, images), right in rows)
            return Curve(str(file["digest"]), tested, left_out, points)
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return None
