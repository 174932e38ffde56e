"""The arrays of this program by name: what is in them, of which type and range, and in which shape."""

from typing import Any

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""(28, 28): 0 is paper, 255 is full ink."""
Images = npt.NDArray[np.uint8]
"""(n, 28, 28): 0 is paper, 255 is full ink."""
Labels = npt.NDArray[np.uint8]
"""(n,): 0 to 9."""
Writers = npt.NDArray[np.integer]
"""(n,): a number for whoever wrote each image, the same for all of one person's."""
Probabilities = npt.NDArray[np.float32]
"""(n, 10): how likely each digit is, from 0 to 1; each row adds up to 1."""
Inputs = npt.NDArray[np.float32]
"""(n, 28, 28, 1): images as networks take them, from 0 to 1."""
Features = npt.NDArray[np.float32]
"""(n, d): what the last dense layer of a network sees of each image."""
Folds = npt.NDArray[np.uint8]
"""(n,): the fold of each image, from 1."""

Ink = npt.NDArray[np.bool_]
"""(height, width): true where there is ink."""
InkShare = npt.NDArray[np.float64]
"""(height, width): ink as a share from 0 to 1."""
GreyLevels = npt.NDArray[np.float64]
"""(height, width): from 0, black, to 255, white."""
GreyBytes = npt.NDArray[np.uint8]
"""(height, width): from 0, black, to 255, white."""
Lightness = npt.NDArray[np.float32]
"""(height, width, channels): from 0, black, to 255, white."""
Darkness = npt.NDArray[np.float32]
"""(height, width): the share of light that ink takes away, 0 on paper."""
Tones = npt.NDArray[np.uint8]
"""(height, width): 0 is paper, 255 is ink."""
Pixels = npt.NDArray[np.intp]
"""(n, 2): row and column of each pixel of ink."""
Stroke = npt.NDArray[np.float64]
"""(points, 2): x to the right and y down, in pixels of the canvas."""
Curve = npt.NDArray[np.float64]
"""(points, 2): x to the right and y down, about one unit high."""
Points = npt.NDArray[np.float64]
"""(n, 2): x to the right and y down."""
Matrix = npt.NDArray[np.float64]
"""(3, 3): from points to points, in homogeneous coordinates."""

Bytes = npt.NDArray[np.uint8]
"""Any shape: 0 to 255."""
Mask = npt.NDArray[np.bool_]
"""Any shape: true for what is meant."""
Indices = npt.NDArray[np.int64]
"""(n,): places in a split, from 0."""
Integers = npt.NDArray[np.integer]
Counts = npt.NDArray[np.integer]
"""How often something occurs, from 0."""
Directions = npt.NDArray[np.int8]
"""(n, 28, 28): where ink is added, 1, taken away, -1, or left, 0."""
Float32s = npt.NDArray[np.float32]
Float64s = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.floating | np.integer]
AnyNumbers = npt.NDArray[Any]
