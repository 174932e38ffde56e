"""Forms in a picture: found by the codes in their corners, wherever they lie, however they are turned or tilted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

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
_TIMES, _SHARPEN = 2, ImageFilter.UnsharpMask(radius=3, percent=150, threshold=0)
"""By how much a picture is enlarged, and how it is sharpened then, to read codes whose modules are 2 pixels wide.

Chosen on imaginary photos of other seeds than those of `benchmarks.forms`.
"""
_NONE = (
    "There is no form in this picture: none of its corner marks can be read. Photograph the whole sheet, sharp and "
    "from above, or scan it."
)


Code = tuple[str, Points]
"""What a QR code says, and its corners (4, 2) in pixels, from its own upper left one clockwise."""


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
    if not _is_complete(codes):
        codes = _look_closer(grey, codes)
    corners = _list_corners_read(codes)
    labels = {label.page: label for text, _ in codes if (label := read_label(text))}
    _check_once(corners)
    pages = sorted({corner.page for corner, _ in corners})
    whole = [_place(page, corners, labels.get(page)) for page in pages]
    found = [form if form.label else _look_again(grey, form) for form in whole if form is not None]
    if not found:
        raise FormError(_explain(corners))
    return found


def _list_corners_read(codes: Sequence[Code]) -> list[tuple[Corner, Points]]:
    return [(corner, points) for text, points in codes if (corner := read_corner(text))]


def _is_complete(codes: Sequence[Code]) -> bool:
    """Whether there is a form, and all four corner marks of each."""
    pages = Counter(corner.page for corner, _ in _list_corners_read(codes))
    return bool(pages) and min(pages.values()) >= len(layout.MARKS)


def _look_closer(grey: GreyBytes, codes: Sequence[Code]) -> list[Code]:
    """The `codes` of a picture, and those that are read in it besides, once it is enlarged and sharpened.

    Where a sheet takes little of the picture, the modules of its codes are 2 pixels wide: few of them are read as they
    are, and every corner mark that is not makes all boxes less sure.
    """
    image = Image.fromarray(grey)
    large = image.resize((_TIMES * image.width, _TIMES * image.height), Image.Resampling.BICUBIC).filter(_SHARPEN)
    # From the middles of its pixels to those of the picture's.
    closer = [(text, (points + 0.5) / _TIMES - 0.5) for text, points in _read_codes(np.asarray(large))]
    _check_once(_list_corners_read(closer))
    known = {text for text, _ in codes}
    return [*codes, *(code for code in closer if code[0] not in known)]


def _check_once(corners: Sequence[tuple[Corner, Points]]) -> None:
    """Raise FormError where a page is there twice: nobody could say which corner belongs to which."""
    twice = sorted({one.page for at, (one, _) in enumerate(corners) if one in [other for other, _ in corners[:at]]})
    if twice:
        raise FormError(
            f"The page {twice[0]} is twice in this picture, as copies of one sheet are. Photograph one sheet at a "
            "time, and print a new one for every sheet."
        )


def _look_again(grey: GreyBytes, form: FoundForm) -> FoundForm:
    """The form with its label, if that can be read once it lies flat and large, as it is or sharpened."""
    left, top, side = layout.LABEL
    area = (left - _QUIET, top - _QUIET, left + side + _QUIET, top + side + _QUIET)
    flat = lay_flat(Image.fromarray(grey), form.matrix, area, _LARGE)
    codes = [code for each in (flat, flat.filter(_SHARPEN)) for code in _read_codes(np.asarray(each))]
    labels = [label for text, _ in codes if (label := read_label(text))]
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


def _read_codes(grey: GreyBytes) -> list[Code]:
    """The QR codes in a picture (h, w)."""
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
