"""A pen: strokes, drawn as a person sees them, to binary ink."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mnist_dash.sketch.procedure import Ink

Stroke = npt.NDArray[np.float64]
"""(points, 2): x to the right and y down, in pixels of the canvas."""


def draw(strokes: Sequence[Stroke], width: int, height: int, breadth: float) -> Ink:
    """Ink (height, width) of a round pen `breadth` pixels wide along each stroke; one point alone is a dot.

    Any breadth leaves ink, at least a pixel wide; what lies outside the canvas is cut off.
    """
    canvas = Image.new("1", (width, height))
    pen = ImageDraw.Draw(canvas)
    radius = max(0.0, (breadth - 1) / 2)  # Pillow's ellipses include both ends of their box
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke]
        pen.point(points, fill=1)
        if len(points) > 1:
            pen.line(points, fill=1, width=max(1, round(breadth)))
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1)
    return np.asarray(canvas)
