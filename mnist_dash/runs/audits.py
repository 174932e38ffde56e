"""What audits have found: for each image the probabilities of networks that never saw it, and the labels they doubt.

Kept as one blob beside the models of runs, written anew after each fold.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float32s, Folds, Labels
from mnist_dash.data.dataset import CLASSES, Dataset


@dataclass(frozen=True, slots=True, eq=False)
class LabelIssues:
    """Images in which the networks read another digit than the label says, the most doubtful label first.

    The first `confident` of them are those that confident learning counts as wrong; the others may as well be hard to
    read. Every array (n,) has an entry for each image: `index` is its place in its split, `given` its label,
    `suggested` what is read instead, `quality` how well the label fits, from 0 to 1; then the probabilities of the
    given and of the suggested digit.
    """

    index: npt.NDArray[np.int64]
    given: Labels
    suggested: Labels
    quality: Float32s
    given_share: Float32s
    suggested_share: Float32s
    confident: int

    def __len__(self) -> int:
        """How many there are."""
        return len(self.index)


@dataclass(frozen=True, slots=True, eq=False)
class Audit:
    """How far an audit is, and of which data set: its name and the checksums that it had.

    `train` (n, 10) float16 has the probabilities of the network that did not see the image, NaN where its fold is
    still to come; `test` (m, 10) float32 is the mean over the networks of the finished `folds`. The label issues
    are None until all folds are finished.
    """

    data: str
    sha256: Mapping[str, str]
    folds: int
    train: npt.NDArray[np.float16]
    test: Float32s
    train_issues: LabelIssues | None = None
    test_issues: LabelIssues | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """The audit of which nothing is done yet."""
        train = np.full((len(dataset.train), CLASSES), np.nan, np.float16)
        return cls(dataset.name, dict(dataset.sha256), 0, train, np.zeros((len(dataset.test), CLASSES), np.float32))

    def after(self, fold: int, assigned: Folds, validation: Float32s, test: Float32s) -> Self:
        """With what the network of `fold` reads in the images assigned to it, and in the test images."""
        train, mean = self.train.copy(), self.test + (test - self.test) / fold
        train[assigned == fold] = validation
        return replace(self, folds=fold, train=train, test=mean.astype(np.float32))

    def fits(self, dataset: Dataset) -> bool:
        """Whether it is of that very data set, image by image."""
        sizes = (len(self.train), len(self.test)) == (len(dataset.train), len(dataset.test))
        return sizes and (self.data, self.sha256) == (dataset.name, dict(dataset.sha256))


def to_bytes(audit: Audit) -> bytes:
    """The audit as a compressed NPZ file without pickled objects."""
    about = json.dumps({"data": audit.data, "sha256": dict(audit.sha256), "folds": audit.folds})
    arrays = {"about": np.array(about), "train": audit.train, "test": audit.test}
    for split, issues in (("train", audit.train_issues), ("test", audit.test_issues)):
        if issues is not None:
            arrays |= {f"{split}_{field.name}": getattr(issues, field.name) for field in fields(LabelIssues)}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def from_bytes(content: bytes) -> Audit:
    """The audit that `to_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(str(arrays["about"]))
    return Audit(
        **about,
        train=arrays["train"],
        test=arrays["test"],
        train_issues=_label_issues(arrays, "train"),
        test_issues=_label_issues(arrays, "test"),
    )


def _label_issues(arrays: Mapping[str, npt.NDArray[Any]], split: str) -> LabelIssues | None:
    if f"{split}_index" not in arrays:
        return None
    found = {field.name: arrays[f"{split}_{field.name}"] for field in fields(LabelIssues)}
    return LabelIssues(**found | {"confident": int(found["confident"])})  # type: ignore[arg-type]
