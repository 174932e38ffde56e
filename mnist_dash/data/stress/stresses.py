"""Every way in which digits can be put under stress, and how far: our own, and the fifteen corruptions of MNIST-C."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Directions, Floats, Images
from mnist_dash.data.corruptions.mnist_c import SEVERITIES, Corruption, corrupt, has_severities
from mnist_dash.data.dataset import Digits, check_images
from mnist_dash.data.stress import changes
from mnist_dash.errors import DataError

_MNIST_C = "mnist_c_"
LEVELS = 6
"""Amounts at which models are compared, from none to the most."""


@dataclass(frozen=True, slots=True)
class Stress:
    """A way to stress digits, by an amount from 0, which changes nothing, to `most` of a `unit`, in steps of `step`.

    `usual` is the amount to begin with, and `count` how many digits models are compared on. `apply` takes ink
    (n, 28, 28) from 0 to 1; a corruption of MNIST-C has none. One that is `aimed` at a model goes in directions that
    were found by asking that model.
    """

    title: str
    unit: str
    most: float
    step: float
    usual: float
    words: str
    apply: Callable[..., Floats] | None = None
    count: int = 2_000
    aimed: bool = False

    @property
    def levels(self) -> tuple[float, ...]:
        """The amounts at which models are compared."""
        count = min(LEVELS - 1, round(self.most / self.step))
        steps = np.round(np.linspace(0, self.most, count + 1) / self.step) * self.step
        return tuple(round(float(amount), 6) for amount in steps)


_NUDGE = "Every pixel by so much, up or down: where it misleads this very model most."


def _name_corruption(corruption: Corruption) -> Stress:
    title = f"MNIST-C: {corruption.replace('_', ' ')}"
    if has_severities(corruption):
        return Stress(
            title, "severity", float(max(SEVERITIES)), 1.0, 3.0, "Severities 1 to 5 as Mu and Gilmer set them."
        )
    return Stress(title, "on", 1.0, 1.0, 1.0, "Always the same: on or off.")


STRESSES: Mapping[str, Stress] = MappingProxyType(
    {
        "rotate": Stress("Rotate", "degrees", 90, 5, 30, "To either side, at random.", changes.rotate),
        "shift": Stress("Shift", "pixels", 12, 1, 4, "In a direction of its own for each digit.", changes.shift),
        "shrink": Stress("Shrink", "of its height", 0.7, 0.05, 0.4, "Towards the centre.", changes.shrink),
        "enlarge": Stress("Enlarge", "of its height", 1, 0.05, 0.4, "What leaves the image is lost.", changes.enlarge),
        "thicken": Stress("Thicken", "pixels", 6, 0.5, 2, "As by a broader pen.", changes.thicken),
        "thin": Stress("Thin", "pixels", 4, 0.5, 2, "As by a finer pen; hairlines stay.", changes.thin),
        "blur": Stress("Blur", "pixels", 4, 0.25, 1.5, "Standard deviation of a Gaussian.", changes.blur),
        "noise": Stress("Noise", "of full ink", 1, 0.05, 0.3, "Standard deviation of the noise.", changes.add_noise),
        "fog": Stress("Fog", "density", 4, 0.25, 1.5, "Clouds that swallow the contrast.", changes.add_fog),
        "stripes": Stress("Stripes", "columns", 14, 1, 5, "Inverted at either side.", changes.invert_stripes),
        "cover": Stress("Cover", "pixels", 22, 1, 10, "A square of paper over a part of it.", changes.cover),
        "invert": Stress(
            "Invert", "of the way", 1, 0.05, 0.6, "From white on black to black on white.", changes.invert
        ),
        "nudge": Stress("Nudge, adversarial", "of full ink", 0.5, 0.05, 0.25, _NUDGE, changes.nudge, 300, aimed=True),
        **{f"{_MNIST_C}{corruption}": _name_corruption(corruption) for corruption in Corruption},
    }
)
"""By their names, in the order in which people choose."""


def stress(images: Images, name: str, amount: float, seed: int = 0, directions: Directions | None = None) -> Images:
    """Images (n, 28, 28) uint8, white on black, under that stress, as new ones; the same for the same seed.

    A stress that is aimed goes in the `directions` that were found for these images. Raises DataError for other arrays,
    an unknown name, an amount outside 0 to the most, or directions that an aimed stress lacks.
    """
    check_images(images)
    kind = find_stress(name)
    if not 0 <= amount <= kind.most:
        raise DataError(
            f"{kind.title} was asked for by {amount:g}; allowed is 0 to {kind.most:g}. Choose between them."
        )
    if not amount:
        return images.copy()
    guide = _check_directions(kind, images, directions) if kind.aimed else np.random.default_rng(seed)
    if kind.apply is None:
        corruption = Corruption(name.removeprefix(_MNIST_C))
        severity = round(amount) if has_severities(corruption) else None
        return corrupt(images, corruption, np.random.default_rng(seed), severity)
    ink = images.astype(np.float32) / np.float32(255)
    return np.asarray(np.rint(255 * np.clip(kind.apply(ink, guide, amount), 0, 1)).astype(np.uint8))


def _check_directions(kind: Stress, images: Images, directions: Directions | None) -> Directions:
    if directions is None or directions.shape != images.shape:
        came = "none" if directions is None else f"those of {len(directions)}"
        raise DataError(
            f"{kind.title} is aimed at a model and needs its directions for {len(images)} images; {came} came. Find "
            "them for these images first."
        )
    return directions


def find_stress(name: str) -> Stress:
    """The stress of that name; raises DataError with those that there are."""
    if name not in STRESSES:
        raise DataError(f"There is no stress {name[:40]!r}; allowed are {', '.join(STRESSES)}. Choose one of these.")
    return STRESSES[name]


def draw_digits(digits: Digits, count: int, seed: int = 0) -> Digits:
    """At most `count` digits of a split in a random order, the first ones the same for every count."""
    return digits.take(np.random.default_rng(seed).permutation(len(digits))[:count])
