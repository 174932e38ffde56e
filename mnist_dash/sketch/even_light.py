"""Ink of clean pictures: drawings, scans and cut-outs, where light is even and all that is not paper is ink.

A pixel that a line crosses is as dark as the share of it that the line covers. So half the darkness of ink is where a
stroke ends; of a line that is thinner than a pixel it is half of what the line itself reaches there.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Darkness, Floats, GreyLevels, Ink
from mnist_dash.sketch.pieces import are_no_dust, label_pieces

MIN_CONTRAST = 24
"""Grey levels, of 255, that ink and paper must lie apart; less is an empty sheet."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What is paper, what is ink, and what even light cannot explain: chosen on pen strokes that people wrote.

    `benchmarks.clean_pictures` with another seed chose them, beside `benchmarks.photo` on photos of training digits.
    """

    # A stroke ends where it is so dark, as a share of the ink's darkness, …
    edge: float = 0.5
    # … and a line thinner than a pixel is at least so dark, and so much darker than what is broader than it.
    faintest: float = 0.15
    # Nothing within so many times the usual spread of paper is ink.
    spreads: float = 5.0
    # Pixels of the picture that a line is at most wide, to be taken for thinner than it looks.
    thin: int = 3
    # Darkness by which paper differs from paper in even light, but for a share of it: in a large picture, …
    uneven: tuple[float, float] = (0.1, 0.01)
    # … and in a small one, as what somebody has cut out.
    uneven_small: tuple[float, float] = (0.2, 0.02)
    # Plainly a photo is where so much of a large one, seen on blocks of so many pixels a side, is so uneven.
    plain: float = 0.1
    block: int = 4
    # The least share of a large picture that is paper.
    paper: float = 0.3
    # Such a line ends where it is so dark, as a share of what it reaches there, if the picture is not enlarged: it may
    # run between two pixels.
    thin_edge: float = 0.3
    # A piece of ink this many times smaller than the largest one is dust, …
    speck: int = 50
    # … and so is what lies within this share of the picture's side along its border, as the edge of a scan does.
    rim: float = 0.01


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class EvenLight:
    """What even light makes of a picture: its `ink` (h, w), and how dark each place is, of ink 1 (h, w)."""

    ink: Ink
    dark: Darkness
    _times: int

    def explains(self, *, large: bool) -> bool:
        """Whether what is no ink is about as light as paper, but for blur beside ink; a large one is held strictly."""
        if not self.ink.any():
            return not large or not self.dark.any()
        paper = self.measure_paper()
        if large and paper.size < _TUNED.paper * self.ink.size:
            return False
        darkness, share = _TUNED.uneven if large else _TUNED.uneven_small
        return bool(np.count_nonzero(paper > darkness) <= share * paper.size)

    def measure_paper(self) -> Darkness:
        """(n,): by how much each place that is no ink, nor close beside any, differs from paper."""
        from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

        breadth = float(ndimage.distance_transform_edt(np.pad(self.ink, 1)).max())
        far = ndimage.distance_transform_edt(~self.ink) > max(3.0 * self._times, breadth)
        return np.asarray(np.abs(self.dark[far]))


def is_plainly_uneven(grey: GreyLevels, *, ink_is_dark: bool | None = None) -> bool:
    """Whether a glance at a large picture (h, w) shows that it is a photo: what follows takes a third of a second."""
    rows, columns = (side // _TUNED.block for side in grey.shape)
    if not (rows and columns):
        return False
    blocks = grey[: rows * _TUNED.block, : columns * _TUNED.block].reshape(rows, _TUNED.block, columns, _TUNED.block)
    seen = find_ink(blocks.mean(axis=(1, 3)), ink_is_dark=ink_is_dark)
    uneven = np.count_nonzero(seen.measure_paper() > _TUNED.uneven[0]) if seen.ink.any() else 0
    return bool(uneven > _TUNED.plain * seen.ink.size)


def find_ink(grey: GreyLevels, times: int = 1, *, ink_is_dark: bool | None = None) -> EvenLight:
    """The ink, with dust, of grey levels (h, w), 0 to 255, that were enlarged so many times; none without contrast.

    Where it is not told whether ink is dark, paper is what corners, border and the larger part of the picture are.
    """
    grey = level_light(grey)
    if ink_is_dark is None:
        ink_is_dark = _is_paper_light(grey)
    dark, faintest = _measure_darkness(grey if ink_is_dark else 255 - grey)
    return EvenLight((dark > _TUNED.edge) | _find_thin_lines(dark, faintest, times), dark, times)


def level_light(grey: GreyLevels) -> GreyLevels:
    """Grey levels without uneven light: a smooth surface through the paper at the border is evened out.

    The fit leaves out what lies far from it, such as ink that touches the border. Where too much does, the
    border is not all paper, and the levels stay as they are. Light multiplies what paper reflects; on a dark
    board it adds a haze.
    """
    y, x = (np.linspace(-1, 1, count) for count in grey.shape)
    ring = _border(grey.shape)
    at, level = _terms(*(side[place] for side, place in zip((y, x), np.nonzero(ring), strict=True))), grey[ring]
    near = np.ones(len(level), bool)
    for _ in range(3):
        fit = np.linalg.lstsq(at[near], level[near])[0]
        off = np.abs(level - at @ fit)
        near = off <= max(MIN_CONTRAST / 2, 2 * float(np.median(off)))
    if np.mean(off <= MIN_CONTRAST / 2) < 0.75:
        return grey
    one, along, down, along_twice, both, down_twice = fit
    paper = np.outer(y, both * x) + (one + along * x + along_twice * x * x) + (down * y + down_twice * y * y)[:, None]
    usual = np.median(level)
    even = grey * (usual / np.maximum(paper, usual / 4)) if usual > 64 else grey - paper + usual
    return np.asarray(np.clip(even, 0, 255))


def _terms(y: Floats, x: Floats) -> Floats:
    """(n, 6): what a smooth surface is made of, at places (n,) and (n,) from -1 to 1."""
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _border(shape: tuple[int, ...]) -> Ink:
    """(h, w): true in the outermost thirty-second of the picture, at least one pixel."""
    width = max(1, min(shape) // 32)
    ring = np.ones(shape, bool)
    ring[width:-width, width:-width] = False
    return ring


def _is_paper_light(grey: GreyLevels) -> bool:
    light = grey > (grey.min() + grey.max()) / 2
    height, width = max(1, grey.shape[0] // 16), max(1, grey.shape[1] // 16)
    rows, columns = (slice(height), slice(-height, None)), (slice(width), slice(-width, None))
    corners = np.mean([light[down, across].mean() for down in rows for across in columns])
    votes = 2 * corners + light[_border(grey.shape)].mean() + light.mean()
    return bool(votes >= 2)


def _measure_darkness(light: Floats) -> tuple[Darkness, float]:
    """How dark each place is beside the ink's own darkness, from paper at 0, and what passes for ink at the least.

    Where nothing is so dark that it could be ink, nothing passes.
    """
    paper = float(np.median(light[light >= (light.min() + light.max()) / 2]))
    dark = paper - light
    noise = float(np.median(np.abs(dark[dark <= dark.max() / 2]))) / 0.6745
    deep = dark[dark >= max(MIN_CONTRAST / 2, _TUNED.faintest * dark.max(), _TUNED.spreads * noise)]
    ink = float(np.percentile(deep, 75)) if deep.size else 0.0
    if ink < MIN_CONTRAST:
        # What differs from paper by less than ink must is left at less than the edge of ink.
        return np.clip(dark / (2 * MIN_CONTRAST), None, _TUNED.edge) * (np.ptp(dark) >= MIN_CONTRAST), 1.0
    return dark / ink, max(_TUNED.faintest, _TUNED.spreads * noise / ink)


def _find_thin_lines(dark: Darkness, faintest: float, times: int) -> Ink:
    """Where lines are that are too thin to be quite dark anywhere."""
    from scipy import ndimage

    side = (2 * (_TUNED.thin // 2 + 1)) * times + 1
    narrow = dark - ndimage.grey_opening(dark, (side, side))
    peak = ndimage.maximum_filter(dark, _TUNED.thin * times | 1)
    edge = _TUNED.thin_edge if times == 1 else _TUNED.edge
    return np.asarray((narrow > faintest) & (dark > edge * np.minimum(1, peak)))


def drop_specks(ink: Ink) -> Ink:
    """Ink without dust, which would stretch the bounding box."""
    rim = round(_TUNED.rim * max(ink.shape))
    pieces, sizes = label_pieces(ink)
    inner = np.bincount(pieces[rim : len(ink) - rim, rim : ink.shape[1] - rim].ravel(), minlength=len(sizes)) > 0
    inner[0] = False
    if inner.any():
        sizes[~inner] = 0
    return np.asarray((are_no_dust(sizes, _TUNED.speck) & (sizes > 0))[pieces] & ink)
