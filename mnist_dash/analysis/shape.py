"""The shape of a digit in numbers: how much ink, how slanted, how thick, how wide, how many loops."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import CHUNK, iterate_spans
from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.dataset import FEATURES, SIDE
from mnist_dash.data.progress import Progress, silent

INK = 128
"""A pixel counts as ink from half of full ink on, where one must say yes or no: for the box and the loops."""
_AT_ONCE = 128
"""Images at a time: what is computed from them stays in the processor's cache, which is twice as fast."""
_SMALLEST_LOOP = 2
"""Pixels of background that a loop encloses at least: a single one is a gap between scanned strokes, not a loop."""


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The shapes of n images, arrays (n,) named as in MEASURES; NaN where an image has no ink to measure."""

    ink: Float32s
    slant: Float32s
    thickness: Float32s
    loops: Float32s
    width: Float32s
    height: Float32s
    aspect: Float32s
    centre_x: Float32s
    centre_y: Float32s


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the arrays of Shapes: its name there, what people call it, its unit and what it means."""

    name: str
    title: str
    unit: str
    help: str


MEASURES = (
    Measure("ink", "Ink", "%", "The mean of all 784 pixels, as a share of full ink."),
    Measure("slant", "Slant", "°", "How far the strokes lean from upright: to the right above 0, to the left below."),
    Measure("thickness", "Stroke thickness", "px", "Twice the area of the ink divided by the length of its outline."),
    Measure("loops", "Loops", "", "Areas of paper that strokes enclose: most eights have two, most zeros one."),
    Measure("width", "Width", "px", "Columns from the leftmost to the rightmost pixel of at least half ink."),
    Measure("height", "Height", "px", "Rows from the uppermost to the lowest pixel of at least half ink."),
    Measure("aspect", "Width by height", "", "The width of the ink divided by its height: below 1 it is taller."),
    Measure("centre_x", "Centre from the left", "px", "The centre of mass of the ink: 14 is the middle of the image."),
    Measure("centre_y", "Centre from the top", "px", "The centre of mass of the ink: 14 is the middle of the image."),
)


def measure_shapes(images: Images, progress: Progress = silent) -> Shapes:
    """Measure images (n, 28, 28)."""
    found = np.empty((len(MEASURES), len(images)), np.float32)
    for span in iterate_spans(len(images), _AT_ONCE):
        found[:, span] = _measured(np.asarray(images[span]))
        if span.stop % CHUNK == 0 or span.stop == len(images):
            progress("Measuring the digits", span.stop / len(images))
    return Shapes(*found)


def measure_thickness(tones: Float32s) -> Float32s:
    """The mean thickness in pixels of the strokes in images (n, 28, 28) from 0 to 1: (n,), NaN without ink.

    A stroke of length l and width w has the area w·l and two long sides of l, so w is twice the area over the outline;
    its two ends, which are outline too, make that w·l / (w + l). By the coarea formula (Fleming and Rishel 1960) the
    total variation of a grey image is the mean outline of all its levels, so nothing has to be binarised. On 2×2 cells
    strokes from two pixels on are met within 5 % in every direction; thinner ones spread over two pixels and read so.
    """
    padded = np.pad(tones, ((0, 0), (1, 1), (1, 1)))
    falling = padded[:, 1:, 1:] - padded[:, :-1, :-1]
    rising = padded[:, 1:, :-1] - padded[:, :-1, 1:]
    # The two diagonals of a cell are its gradient turned by 45°, and longer by the root of two.
    falling *= falling
    falling += rising * rising
    outline = np.sqrt(falling, out=falling).sum(axis=(1, 2)) / np.sqrt(np.float32(2))
    return _ratio(2 * tones.sum(axis=(1, 2)), outline)


def count_loops(images: Images) -> npt.NDArray[np.int64]:
    """How many areas of background the ink of images (n, 28, 28) encloses: (n,).

    Background touches background along an edge (4-connected) and ink also at a corner (8-connected), as digital
    topology demands (Rosenfeld 1970): a diagonal stroke leaves no gap.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 100 ms that only this page needs

    # One frame of paper around each image joins all that is outside.
    paper = np.pad(images < INK, ((0, 0), (1, 1), (1, 1)), constant_values=True)
    areas, count = ndimage.label(paper, _WITHIN_AN_IMAGE)
    image_of = np.empty(count + 1, np.int64)
    image_of[areas] = np.arange(len(images))[:, np.newaxis, np.newaxis]
    large = np.bincount(areas.ravel(), minlength=count + 1)[1:] >= _SMALLEST_LOOP
    return np.bincount(image_of[1:][large], minlength=len(images)) - 1


def _measured(images: Images) -> Float32s:
    """All measures of images (n, 28, 28), in the order of MEASURES: (9, n)."""
    tones = images.astype(np.float32) / np.float32(255)
    ink, centre_x, centre_y, slant = _moments(tones)
    width, height = _box(images >= INK)
    of_strokes = (100 * ink / FEATURES, slant, measure_thickness(tones), count_loops(images).astype(np.float32))
    return np.stack([*of_strokes, width, height, width / height, centre_x, centre_y])


_WITHIN_AN_IMAGE = np.zeros((3, 3, 3), bool)
_WITHIN_AN_IMAGE[1] = [[False, True, False], [True, True, True], [False, True, False]]

_Y, _X = (np.indices((SIDE, SIDE)).reshape(2, FEATURES) - (SIDE - 1) / 2).astype(np.float32)
_MOMENTS = np.stack([np.ones(FEATURES, np.float32), _X, _Y, _X * _Y, _Y * _Y], axis=1)
"""(784, 5): products with the pixels give the moments about the middle of the image."""


def _moments(tones: Float32s) -> tuple[Float32s, Float32s, Float32s, Float32s]:
    """Ink in pixels, the centre of mass in pixels from the left and the top edge, and the slant in degrees.

    The slant is that of the line on which the centres of all rows lie best, weighted by their ink: the shear that
    deslanting takes back (LeCun et al. 1998).
    """
    ink, x, y, xy, yy = (tones.reshape(-1, FEATURES) @ _MOMENTS).T
    centre_x, centre_y = _ratio(x, ink), _ratio(y, ink)
    shear, tall = _ratio(xy, ink) - centre_x * centre_y, _ratio(yy, ink) - centre_y**2
    # Rows count downwards: strokes that go left on their way down lean to the right.
    slant = np.degrees(np.arctan2(-shear, np.maximum(tall, 0)))
    return ink, centre_x + SIDE / 2, centre_y + SIDE / 2, slant


def _box(inked: npt.NDArray[np.bool_]) -> tuple[Float32s, Float32s]:
    """Width and height in pixels of the box around what is true in (n, 28, 28)."""
    return _extent(np.asarray(inked.any(axis=1))), _extent(np.asarray(inked.any(axis=2)))


def _extent(lines: npt.NDArray[np.bool_]) -> Float32s:
    """From the first true to the last, of each row of (n, 28)."""
    extent = SIDE - lines.argmax(axis=1) - lines[:, ::-1].argmax(axis=1)
    return np.where(lines.any(axis=1), extent, np.nan).astype(np.float32)


def _ratio(part: Float32s, whole: Float32s) -> Float32s:
    return np.divide(part, whole, out=np.full(len(whole), np.nan, np.float32), where=whole > 0)
