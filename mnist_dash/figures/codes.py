"""A link as a picture that phones scan."""

import numpy as np
from PIL import Image

from mnist_dash.figures.digits import encode_png
from mnist_dash.forms.codes import draw_code

_SCALE, _QUIET = 10, 4
"""Pixels of a module, and modules of white around the code, without which it is not found."""


def draw_link(address: str) -> bytes:
    """A PNG of a QR code, black on white in every theme: many phones read no other."""
    modules = np.pad(draw_code(address, "M"), _QUIET, constant_values=255)
    return encode_png(Image.fromarray(modules.repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)))
