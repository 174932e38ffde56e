"""Digits written a little differently each time they are learnt from, so that a network learns the shape.

`draw_warps` decides how each image of an epoch is changed and `augment` does it, for training and for the preview of it
alike: what is shown is what is learnt. Both are functions of their arguments alone, image by image, so a run that is
resumed in the middle of an epoch goes on with the same bits.
"""

from dataclasses import astuple, dataclass, fields

import numpy as np

from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.warping import FROM_CENTRE, NODES, change_thickness, make_displacement, sample_bilinear
from mnist_dash.errors import DataError

_UNIFORM, _NORMAL = 1, 2
"""Streams of random numbers beside those of the split and of the epoch's order, [seed, 0] and [seed, epoch]."""
_BLOCK = 128
"""Images worked on together: few enough for a core's own cache, enough that NumPy's calls cost next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How far a digit may be changed; 0 leaves it as it is.

    Each image draws its own amounts, uniformly up to these: `rotation` in degrees to either side; `shift` in pixels
    along each axis; `zoom` as a share below 1, for a scale from 1 - zoom to 1 + zoom; `shear` as the share of a
    row's distance from the centre by which it moves sideways; `thickness` in pixels, at most 2, by which strokes
    get broader or finer. `elastic` is the standard deviation, in pixels, of a smooth random displacement at each
    pixel along each axis; above about 1.5 it grows no further in most images, for no stroke is folded over.
    """

    rotation: float = 0
    shift: float = 0
    zoom: float = 0
    shear: float = 0
    elastic: float = 0
    thickness: float = 0

    @property
    def active(self) -> bool:
        """Whether any image is changed at all."""
        return any(astuple(self))


@dataclass(frozen=True, slots=True, eq=False)
class Warps:
    """How each of n images is changed, in float32; zeros, and a zoom of 1, change nothing.

    `rotation` (n,) in degrees anticlockwise, `shift` (n, 2) in pixels right and down, `zoom` (n,) as a factor,
    `shear` (n,) in pixels to the right for each row below the centre, `thickness` (n,) in pixels added to the
    breadth of a stroke, `elastic` (n, 2, 6, 6) in pixels: the random grids behind `displacement`, right and down.
    """

    rotation: Float32s
    shift: Float32s
    zoom: Float32s
    shear: Float32s
    thickness: Float32s
    elastic: Float32s

    @classmethod
    def of(cls, count: int, **amounts: Float32s) -> "Warps":
        """The warps of so many images of which the `amounts` alone, by their names, change anything."""
        still = {name: np.zeros(count, np.float32) for name in ("rotation", "shear", "thickness")}
        shift, zoom = np.zeros((count, 2), np.float32), np.ones(count, np.float32)
        none = {**still, "shift": shift, "zoom": zoom, "elastic": np.zeros((count, 2, NODES, NODES), np.float32)}
        return cls(**none | {name: np.asarray(amount, np.float32) for name, amount in amounts.items()})

    def __len__(self) -> int:
        """The number of images."""
        return len(self.rotation)

    def take(self, part: slice) -> "Warps":
        """The warps of some of the images."""
        return Warps(*(getattr(self, field.name)[part] for field in fields(self)))


def draw_warps(augmentation: Augmentation, count: int, seed: int, epoch: int) -> Warps:
    """The warps of the first `count` images in an epoch's order.

    What an image draws depends on seed, epoch and its place in the order alone, and is then multiplied by each
    strength: more images leave the first ones as they are, and so does one strength all that the others do.
    """
    unit = np.random.default_rng([seed, epoch, _UNIFORM]).random((count, 6), np.float32) * 2 - 1
    return Warps(
        rotation=unit[:, 0] * augmentation.rotation,
        shift=unit[:, 1:3] * augmentation.shift,
        zoom=unit[:, 3] * augmentation.zoom + 1,
        shear=unit[:, 4] * augmentation.shear,
        thickness=unit[:, 5] * augmentation.thickness,
        elastic=_grids(augmentation.elastic, count, np.random.default_rng([seed, epoch, _NORMAL])),
    )


def _grids(strength: float, count: int, rng: np.random.Generator) -> Float32s:
    shape = (count, 2, NODES, NODES)
    if not strength:
        return np.zeros(shape, np.float32)
    return rng.standard_normal(shape, np.float32) * strength


def augment(images: Images, warps: Warps) -> Images:
    """Each image (n, 28, 28) changed by its warp, as new images; what no warp changes keeps its very bits.

    The pen is made broader or finer first; then the digit is bent, sheared, turned and zoomed about the centre of
    the image, and shifted. Raises DataError where the numbers of images and warps differ.
    """
    if len(images) != len(warps):
        raise DataError(f"There are {len(images):,} images but {len(warps):,} warps; draw one warp for each image.")
    changed = np.empty_like(images)
    for start in range(0, len(images), _BLOCK):
        part = slice(start, start + _BLOCK)
        changed[part] = _changed(images[part], warps.take(part))
    return changed


def _changed(images: Images, warps: Warps) -> Float32s:
    ink = change_thickness(images, warps.thickness) if warps.thickness.any() else images
    return np.rint(sample_bilinear(ink, *_sources(warps)))


def _sources(warps: Warps) -> tuple[Float32s, Float32s]:
    """Column and row (n, 28, 28), from the centre, of the place in the image that each pixel of the result shows."""
    angle = np.deg2rad(warps.rotation)
    cos: Float32s = np.cos(angle)
    sin: Float32s = np.sin(angle)
    right, down = ((FROM_CENTRE - warps.shift[:, i, None]) / warps.zoom[:, None] for i in (0, 1))
    x = _plane(cos - warps.shear * sin, right, -sin - warps.shear * cos, down)
    y = _plane(sin, right, cos, down)
    if warps.elastic.any():
        moved = make_displacement(warps.elastic)
        x -= moved[:, 0]
        y -= moved[:, 1]
    return x, y


def _plane(across: Float32s, right: Float32s, along: Float32s, down: Float32s) -> Float32s:
    """(n, 28, 28): `across` (n,) for each pixel `right` (n, 28), and `along` (n,) for each pixel `down` (n, 28)."""
    columns, rows = across[:, None] * right, along[:, None] * down
    return columns[:, None, :] + rows[:, :, None]
