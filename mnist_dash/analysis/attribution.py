"""Which parts of an image speak for the answer, and which against it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.perturbations import INK, Perturbations, log_odds
from mnist_dash.arrays import Float64s, Image
from mnist_dash.data.dataset import FEATURES, SIDE

_THIRDS = (("top left", "top", "top right"), ("left", "middle", "right"), ("bottom left", "bottom", "bottom right"))


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Which part is worth a word, and what it is called.

    No script of the choosing was kept; `benchmarks.why` measures whether the values that it goes by are true.
    """

    # Pixels from the middle of a part that is put into words to its rim.
    reach: int = 2
    # Pixels across which a digit, such as a 1, has no sides of its own: only what is beside it lies left or right.
    narrow: int = 6
    # The share of the strongest part below which a part is not worth a word.
    faint: float = 0.2


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """What each pixel (28, 28) says about the `digit` that is read: for it above 0, against it below.

    In log-odds: how far those of the digit fall, on average, where this pixel is changed: ink wiped off, paper inked.
    `log_odds` are those of the answer as it is.
    """

    digit: int
    log_odds: float
    values: Float64s


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the digit in words: its `place`, and whether it is its ink that speaks, or its paper."""

    place: str
    ink: bool


def attribute(perturbations: Perturbations) -> Attribution:
    """The mean effect of the perturbations on each pixel, by how much of it they change.

    The average over patches of several sizes at many places takes from each its blocks and keeps what they share; a
    wiped or inked patch counts as it is, so that no second model has to be fitted.
    """
    digit, image = perturbations.digit, perturbations.image
    own = float(log_odds(perturbations.before[np.newaxis], digit)[0])
    effect = own - log_odds(perturbations.answers, digit)
    change = np.abs(perturbations.changed.astype(np.float32) - image).reshape(-1, FEATURES)
    touched = change.sum(axis=0)
    mean = np.divide(effect @ change, touched, out=np.zeros(FEATURES), where=touched > 0)
    return Attribution(digit, own, mean.reshape(SIDE, SIDE))


def find_strongest(found: Attribution, image: Image) -> tuple[Part | None, Part | None]:
    """The part of an image (28, 28) that speaks most for the answer, and the one against; None where none does."""
    parts = [(_around(np.maximum(sign * found.values, 0)), sign) for sign in (1, -1)]
    most = max(float(sums.max()) for sums, _ in parts)
    least = _TUNED.faint * most
    told = [_part(sums, sign * found.values, image) if sums.max() > least else None for sums, sign in parts]
    return told[0], told[1]


def _part(sums: Float64s, values: Float64s, image: Image) -> Part:
    middle = np.unravel_index(int(sums.argmax()), sums.shape)
    square = tuple(slice(max(0, int(at) - _TUNED.reach), int(at) + _TUNED.reach + 1) for at in middle)
    speaking = np.zeros_like(values)
    speaking[square] = np.maximum(values[square], 0)
    ink, (row, column) = image >= INK, np.indices(values.shape)
    at = [round(float((speaking * places).sum() / speaking.sum())) for places in (row, column)]
    return Part(_place(at[0], at[1], image), bool(speaking[ink].sum() > speaking[~ink].sum()))


def _around(values: Float64s) -> Float64s:
    """The sum over a square around each pixel (28, 28)."""
    padded = np.pad(values, _TUNED.reach)
    size = 2 * _TUNED.reach + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return np.asarray(windows.sum(axis=(2, 3)))


def _place(row: int, column: int, image: Image) -> str:
    """Which third of the digit's own box a pixel lies in, down and across."""
    ink = image >= INK
    down, across = _third(row, np.any(ink, axis=1)), _third(column, np.any(ink, axis=0))
    return _THIRDS[down][across]


def _third(at: int, inked: npt.NDArray[np.bool_]) -> int:
    ends = np.flatnonzero(inked)
    first, last = (ends[0], ends[-1]) if len(ends) else (0, SIDE - 1)
    if last - first < _TUNED.narrow:
        return 1 + int(at > last) - int(at < first)
    return int(np.clip(3 * (at - first) // (last - first + 1), 0, 2))
