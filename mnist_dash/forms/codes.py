"""What the printed codes of a form say: which corner this is and of which page, and whose digits they are.

QR codes are written and read by zxing-cpp.
"""

import json
import re
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Bytes
from mnist_dash.errors import FormError
from mnist_dash.forms.layout import MARKS, VERSION
from mnist_dash.own_digits.records import LONGEST_NAME

PAGE = re.compile(r"[0-9A-Z]{4}")
"""What a page is called: four capital letters or digits, so that its corner marks have the fewest modules."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that nobody takes for others."""
_CORNER = re.compile(r"MD(\d+) (\d) ([0-9A-Z]{4})")


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner mark: of which version of the form, which corner from 0, and of which page."""

    version: int
    number: int
    page: str

    @property
    def text(self) -> str:
        """What its code says."""
        return f"MD{self.version} {self.number} {self.page}"


@dataclass(frozen=True, slots=True)
class Label:
    """Whose digits a page is for: the name of a `set`, and of a `writer`, which may be empty."""

    set: str
    writer: str
    page: str

    @property
    def text(self) -> str:
        """What its code says."""
        return "MD " + json.dumps([self.page, self.set, self.writer], ensure_ascii=False, separators=(",", ":"))


def name_page(chance: bytes) -> str:
    """A name for a page from four bytes of chance."""
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance[:4])


def make_corners(page: str) -> list[Corner]:
    """The four corner marks of a page; raises FormError for a name that is none."""
    if not PAGE.fullmatch(page):
        raise FormError(f"The page is called {page[:20]!r}; allowed are four capital letters or digits. Name it so.")
    return [Corner(VERSION, number, page) for number in range(len(MARKS))]


def check_label(label: Label) -> None:
    """Raise FormError where the names of set and writer do not go on a form."""
    for what, text in (("set", label.set), ("writer", label.writer)):
        if len(text) > LONGEST_NAME or not text.isprintable():
            raise FormError(
                f"The name of the {what} has {len(text)} characters; allowed are {LONGEST_NAME} of one line. "
                "Shorten it."
            )


def draw_code(text: str, level: str) -> Bytes:
    """A QR code (modules, modules), 0 where it is black, with so much of it to spare: `L`, `M`, `Q` or `H`."""
    import zxingcpp  # only forms need it

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return np.array(code.to_image(scale=1, add_quiet_zones=False))


def read_corner(text: str) -> Corner | None:
    """What the code of a corner mark says; None for any other."""
    found = _CORNER.fullmatch(text)
    if not found or int(found[2]) >= len(MARKS):
        return None
    return Corner(int(found[1]), int(found[2]), found[3])


def read_label(text: str) -> Label | None:
    """What the code for set and writer says; None for any other."""
    try:
        page, name, writer = json.loads(text.removeprefix("MD "))
    except (ValueError, TypeError, RecursionError):
        return None
    whole = all(isinstance(part, str) and len(part) <= LONGEST_NAME and part.isprintable() for part in (name, writer))
    return Label(name, writer, page) if whole and isinstance(page, str) and PAGE.fullmatch(page) else None
