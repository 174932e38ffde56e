"""The map of digits: images as points, so that alike lies near alike, by their pixels or by what a network sees."""

import csv
import hashlib
import io
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.projection import project_pca, project_tsne
from mnist_dash.arrays import Images, Labels
from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import FEATURES, Dataset, Split
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import DataError, SpecError
from mnist_dash.models.features import compute_last_features
from mnist_dash.models.preparation import PLAIN, Preparation

FEWEST, MOST = 100, 10_000
"""Images that a map may show: fewer make no map, more take minutes and cover each other."""
COUNT = 5_000
PERPLEXITY = 30.0
SPLITS = tuple(Split)

_VERSION = 1
"""Raised when the same plan gives another map, so that no older file answers for it."""


class Method(StrEnum):
    """How points are found for images."""

    PCA = "pca"
    TSNE = "tsne"


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides a map beside images and model; raises SpecError where it is out of range.

    `count` images are drawn by `seed`; `perplexity` says how many neighbours t-SNE tries to keep.
    """

    method: Method = Method.TSNE
    count: int = COUNT
    seed: int = 0
    perplexity: float = PERPLEXITY

    def __post_init__(self) -> None:
        """Refuse what makes no map."""
        most = (self.count - 1) / 3
        if not FEWEST <= self.count <= MOST:
            raise SpecError(f"The map is to show {self.count:,} images; allowed are {FEWEST} to {MOST:,}.")
        if not 0 <= self.seed < 2**32:
            raise SpecError(f"The seed is {self.seed}; allowed is a whole number from 0 to {2**32 - 1}.")
        # Where perplexity exceeds a third of the images, every image has all others for neighbours.
        if self.method is Method.TSNE and not 2 <= self.perplexity <= most:
            raise SpecError(
                f"The perplexity is {self.perplexity:g}; allowed for {self.count:,} images is 2 to {most:g}. "
                "Take a smaller one, or more images."
            )


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Where each image lies.

    `points` (n, 2) float32 · `split` (n,) uint8, a place in SPLITS · `index` (n,) int32 within that split · `label`
    (n,) uint8 · `shares` the shares of the variance that both axes show, of PCA alone.
    """

    points: npt.NDArray[np.float32]
    split: npt.NDArray[np.uint8]
    index: npt.NDArray[np.int32]
    label: Labels
    shares: tuple[float, float] | None = None

    def to_npz(self) -> bytes:
        """The arrays as an NPZ file."""
        content = io.BytesIO()
        shares = np.array(self.shares or (), np.float64)
        np.savez(content, points=self.points, split=self.split, index=self.index, label=self.label, shares=shares)
        return content.getvalue()

    def to_csv(self) -> bytes:
        """A line for each image: index, split, label, x, y."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("index", "split", "label", "x", "y"))
        places = zip(self.index.tolist(), self.split.tolist(), self.label.tolist(), self.points, strict=True)
        writer.writerows((index, SPLITS[split], label, *map(str, point)) for index, split, label, point in places)
        return text.getvalue().encode()


def key_of(dataset: Dataset, content: bytes | None, plan: Plan, preparation: Preparation = PLAIN) -> str:
    """What a map is kept under: 16 hexadecimal digits of data, model file (None: pixels), preparation and plan."""
    chosen = asdict(plan) | {"perplexity": float(plan.perplexity) if plan.method is Method.TSNE else None}
    data = dict(dataset.sha256) or checksums(dataset.train, dataset.test)
    model = hashlib.sha256(content).hexdigest() if content is not None else None
    asked = [repr(preparation)] if preparation != PLAIN else []
    identity = json.dumps([_VERSION, data, model, chosen, *asked], sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def from_npz(content: bytes) -> Map | None:
    """The map that `Map.to_npz` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            shares = tuple(file["shares"].tolist())
            return Map(file["points"], file["split"], file["index"], file["label"], shares or None)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def draw(
    dataset: Dataset,
    plan: Plan,
    content: bytes | None = None,
    progress: Progress = silent,
    preparation: Preparation = PLAIN,
) -> Map:
    """The map of a sample of both splits: of pixels, or of the last features of the LiteRT model `content`.

    That model is given images with its `preparation`.

    The same arguments give the same map, on any number of cores. Raises
    DataError where there are too few images, ModelError where the model has no such features.
    """
    split, index, label = draw_sample(dataset, plan.count, plan.seed)
    images = images_of(dataset, split, index)
    if content is None:
        values, found = (images.reshape(-1, FEATURES) / np.float32(255)).astype(np.float32), 0.0
    else:
        values, found = compute_last_features(content, images, within(progress, 0, 0.1), preparation), 0.1
    points, shares = embed(values, plan, within(progress, found, 1))
    return Map(points, split, index, label, shares)


def embed(
    values: npt.NDArray[np.floating], plan: Plan, progress: Progress = silent
) -> tuple[npt.NDArray[np.float32], tuple[float, float] | None]:
    """Points (n, 2) float32 for values (n, d) by the plan's method, and for PCA the shares of the variance."""
    if plan.method is Method.PCA:
        points, shares = project_pca(values, 2)
        return points.astype(np.float32), (float(shares[0]), float(shares[1]))
    return project_tsne(values, plan.perplexity, plan.seed, progress), None


def draw_sample(dataset: Dataset, count: int, seed: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32], Labels]:
    """`count` images of both splits, sorted: split, index and label of each.

    Every digit of each split has its share, to one image.
    """
    labels = np.concatenate([dataset.train.labels, dataset.test.labels])
    if count > len(labels):
        raise DataError(f"{dataset.name} has {len(labels):,} images; a map of {count:,} was asked for. Ask for fewer.")
    rng = np.random.default_rng(seed)
    split = np.repeat(np.arange(2, dtype=np.uint8), [len(dataset.train), len(dataset.test)])
    shuffled = rng.permutation(len(labels))
    ordered = shuffled[np.lexsort((labels[shuffled], split[shuffled]))]
    # Equal steps through the digits, class by class, take of each its share.
    chosen = np.sort(ordered[((np.arange(count) + rng.random()) * len(labels) / count).astype(np.int64)])
    index = np.where(split[chosen] == 0, chosen, chosen - len(dataset.train))
    return split[chosen], index.astype(np.int32), labels[chosen]


def images_of(dataset: Dataset, split: npt.NDArray[np.uint8], index: npt.NDArray[np.int32]) -> Images:
    """The images (n, 28, 28) at these places, in their order."""
    images = np.empty((len(index), *dataset.train.images.shape[1:]), np.uint8)
    for place, digits in enumerate((dataset.train, dataset.test)):
        images[split == place] = digits.images[index[split == place]]
    return images
