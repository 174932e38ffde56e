"""Forms in a picture: found by the codes in their corners, wherever they lie, however they are turned or tilted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mnist_dash.arrays import GreyBytes, Matrix, Points
from mnist_dash.errors import FormError
from mnist_dash.forms import layout
from mnist_dash.forms.codes import Corner, Label, read_corner, read_label

if TYPE_CHECKING:
    from zxingcpp import Barcode

FEWEST = 2
"""Corner marks that say where a form lies; of one alone the farthest box would be a guess."""
_QUIET, _LARGE = 1.2, 14.0
"""Millimetres of paper around a code, and pixels for a millimetre, where it is looked for a second time."""
_NONE = (
    "There is no form in this picture: none of its corner marks can be read. Photograph the whole sheet, sharp and "
    "from above, or scan it."
)


@dataclass(frozen=True, slots=True, eq=False)
class FoundForm:
    """A page in a picture: `matrix` (3, 3) leads from millimetres of the layout to pixels, in homogeneous coordinates.

    `corners` are those that were read, of four; `label` is None where its code could not be read.
    """

    page: str
    matrix: Matrix
    corners: Sequence[int]
    label: Label | None


def find_forms(grey: GreyBytes) -> list[FoundForm]:
    """The forms in a picture (h, w); raises FormError where there is none that could be cut."""
    codes = _read_codes(grey)
    corners = [(corner, points) for text, points in codes if (corner := read_corner(text))]
    labels = {label.page: label for text, _ in codes if (label := read_label(text))}
    _check_once(corners)
    pages = sorted({corner.page for corner, _ in corners})
    whole = [_place(page, corners, labels.get(page)) for page in pages]
    found = [form if form.label else _look_again(grey, form) for form in whole if form is not None]
    if not found:
        raise FormError(_explain(corners))
    return found


def _check_once(corners: Sequence[tuple[Corner, Points]]) -> None:
    """Raise FormError where a page is there twice: nobody could say which corner belongs to which."""
    twice = sorted({one.page for at, (one, _) in enumerate(corners) if one in [other for other, _ in corners[:at]]})
    if twice:
        raise FormError(
            f"The page {twice[0]} is twice in this picture, as copies of one sheet are. Photograph one sheet at a "
            "time, and print a new one for every sheet."
        )


def _look_again(grey: GreyBytes, form: FoundForm) -> FoundForm:
    """The form with its label, if that can be read once it lies flat and large."""
    left, top, side = layout.LABEL
    area = (left - _QUIET, top - _QUIET, left + side + _QUIET, top + side + _QUIET)
    flat = lay_flat(Image.fromarray(grey), form.matrix, area, _LARGE)
    labels = [label for text, _ in _read_codes(np.asarray(flat)) if (label := read_label(text))]
    return replace(form, label=next((label for label in labels if label.page == form.page), None))


def lay_flat(image: Image.Image, matrix: Matrix, area: tuple[float, float, float, float], fine: float) -> Image.Image:
    """An area of the layout (left, top, right, bottom) as a picture of its own, `fine` pixels a millimetre."""
    left, top, right, bottom = area
    flat = np.array([[1 / fine, 0, left], [0, 1 / fine, top], [0, 0, 1]])
    way = matrix @ flat
    numbers = tuple((way / way[2, 2]).ravel()[:8].tolist())
    size = round((right - left) * fine), round((bottom - top) * fine)
    return image.transform(size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)


def map_points(matrix: Matrix, points: Points) -> Points:
    """Points (n, 2) through a matrix (3, 3) of homogeneous coordinates."""
    whole = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(whole[:, :2] / whole[:, 2:])


def _read_codes(grey: GreyBytes) -> list[tuple[str, Points]]:
    """What each QR code says, and its corners (4, 2) in pixels, from its own upper left one clockwise."""
    import zxingcpp  # only forms need it

    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return [(code.text, _list_corners(code)) for code in found]


def _list_corners(code: "Barcode") -> Points:
    at = code.position
    return np.array([(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)], np.float64)


def _place(page: str, corners: Sequence[tuple[Corner, Points]], label: Label | None) -> FoundForm | None:
    """The form of a page; None where its corners are too few or of another version."""
    own = {corner.number: points for corner, points in corners if corner == Corner(layout.VERSION, corner.number, page)}
    if len(own) < FEWEST:
        return None
    printed = np.concatenate([layout.find_corners(number) for number in own])
    return FoundForm(page, fit_matrix(printed, np.concatenate(list(own.values()))), sorted(own), label)


def _explain(corners: Sequence[tuple[Corner, Points]]) -> str:
    others = {corner.version for corner, _ in corners} - {layout.VERSION}
    if others:
        return (
            f"The form in this picture is of version {min(others)}; this program reads version {layout.VERSION}. Print "
            "a new one and write on that."
        )
    if corners:
        return (
            f"Only {len(corners)} of the form's four corner marks can be read; needed are {FEWEST}, better four. "
            "Photograph the whole sheet, sharp and without a finger on it."
        )
    return _NONE


def fit_matrix(points: Points, pixels: Points) -> Matrix:
    """The matrix (3, 3) that leads from points (n, 2) to pixels (n, 2), n at least 4, with the least squares.

    The direct linear transformation with normalised coordinates (Hartley and Zisserman, "Multiple view geometry in
    computer vision", 2004, algorithm 4.2).
    """
    (before, one), (after, other) = _normalise(points), _normalise(pixels)
    x, y, ones = one[:, 0], one[:, 1], np.ones(len(one))
    u, v, zeros = other[:, 0], other[:, 1], np.zeros(len(one))
    across = np.column_stack([x, y, ones, zeros, zeros, zeros, -u * x, -u * y, -u])
    down = np.column_stack([zeros, zeros, zeros, x, y, ones, -v * x, -v * y, -v])
    least = np.linalg.svd(np.concatenate([across, down]))[2][-1].reshape(3, 3)
    matrix = np.linalg.inv(after) @ least @ before
    return np.asarray(matrix / matrix[2, 2])


def _normalise(points: Points) -> tuple[Matrix, Points]:
    """A matrix that centres points and scales them to a mean distance of √2, and the points so."""
    centre = points.mean(axis=0)
    scale = np.sqrt(2) / np.linalg.norm(points - centre, axis=1).mean()
    matrix = np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])
    return matrix, (points - centre) * scale
