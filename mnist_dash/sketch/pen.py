"""A pen: strokes, drawn as a person sees them, to binary ink."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from mnist_dash.arrays import Ink, Stroke


def draw(strokes: Sequence[Stroke], width: int, height: int, breadth: float) -> Ink:
    """Ink (height, width) of a round pen `breadth` pixels wide along each stroke; one point alone is a dot.

    Any breadth leaves ink, at least a pixel wide; what lies outside the canvas is cut off.
    """
    canvas = Image.new("1", (width, height))
    for stroke in strokes:
        follow(ImageDraw.Draw(canvas), stroke, breadth)
    return np.asarray(canvas)


def follow(canvas: ImageDraw.ImageDraw, stroke: Stroke, breadth: float, fill: int = 1) -> None:
    """Move the pen along one stroke."""
    radius = max(0.0, (breadth - 1) / 2)  # Pillow's ellipses include both ends of their box
    points = [(x, y) for x, y in np.asarray(stroke, np.float64).tolist()]
    canvas.point(points, fill=fill)
    if len(points) > 1:
        canvas.line(points, fill=fill, width=max(1, round(breadth)))
    for x, y in points:
        canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
