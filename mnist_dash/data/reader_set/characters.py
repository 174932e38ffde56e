"""Characters of no alphabet: a few lines, arcs and curves that begin on one another, cross or stand side by side.

People write more signs than anybody can list; a network that has seen only letters of one alphabet takes those of
others for digits.
"""

from itertools import pairwise

import numpy as np

from mnist_dash.arrays import Curve
from mnist_dash.data.generator.kinematics import spline

_STROKES = np.array([0.12, 0.33, 0.3, 0.17, 0.08])
"""How often a character has one stroke, two, and so on."""
_BEGINS, _CROSSES, _REPEATS = 0.45, 0.7, 0.85
"""Chances, one upon the other, that a further stroke begins on an earlier one, crosses it or repeats it."""


def write_character(rng: np.random.Generator) -> list[Curve]:
    """The strokes of one character, each (n, 2) with x to the right and y down, about one unit high."""
    count = 1 + int(rng.choice(len(_STROKES), p=_STROKES))
    if count == 1:
        # A plain line or arc may well be a digit.
        return [(_draw_corners, _draw_curve)[rng.integers(2)](rng)]
    strokes: list[Curve] = []
    for _ in range(count):
        stroke = _draw_stroke(rng)
        strokes.append(_join(stroke, strokes, rng) if strokes else stroke + rng.normal(0, 0.1, 2))
    return strokes


def _draw_stroke(rng: np.random.Generator) -> Curve:
    kinds = (_draw_arc, _draw_line, _draw_curve, _draw_corners, _draw_dot)
    return kinds[rng.choice(len(kinds), p=(0.3, 0.3, 0.2, 0.15, 0.05))](rng)


def _join(stroke: Curve, strokes: list[Curve], rng: np.random.Generator) -> Curve:
    """A further stroke where it belongs: on an earlier one, across it, the same again elsewhere, or anywhere."""
    other, chance = strokes[rng.integers(len(strokes))], rng.random()
    meets = other[rng.integers(len(other))]
    if chance < _BEGINS:
        return np.asarray(stroke - stroke[0] + meets)
    if chance < _CROSSES:
        return np.asarray(stroke - stroke[len(stroke) // 2] + meets)
    if chance < _REPEATS:
        return np.asarray(other * (rng.choice((-1, 1)), 1) + rng.normal(0, 0.35, 2))
    return np.asarray(stroke + rng.uniform(-0.5, 0.5, 2))


def _draw_arc(rng: np.random.Generator) -> Curve:
    """Part of an ellipse, or a little more than the whole of it."""
    start, sweep = rng.uniform(0, 2 * np.pi), rng.choice((-1, 1)) * rng.uniform(0.5, 2.2) * np.pi
    angle = np.linspace(start, start + sweep, 24)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * rng.uniform(0.12, 0.5, 2)
    return np.asarray(ring @ _turn(rng.uniform(0, np.pi)))


def _draw_line(rng: np.random.Generator) -> Curve:
    angle = rng.choice((0.0, np.pi / 2, rng.uniform(0, np.pi))) + rng.normal(0, 0.08)
    along = np.linspace(-0.5, 0.5, 12)[:, None] * rng.uniform(0.3, 1.1)
    return np.asarray(along * (np.cos(angle), np.sin(angle)) + rng.normal(0, 0.01, (12, 2)))


def _draw_corners(rng: np.random.Generator) -> Curve:
    corners = rng.uniform(-0.5, 0.5, (int(rng.integers(3, 6)), 2))
    return np.concatenate([np.linspace(a, b, 8) for a, b in pairwise(corners)])


def _draw_curve(rng: np.random.Generator) -> Curve:
    points = rng.uniform(-0.55, 0.55, (int(rng.integers(3, 7)), 2))
    return np.asarray(spline(len(points))[0] @ points)


def _draw_dot(rng: np.random.Generator) -> Curve:
    return np.linspace(np.zeros(2), rng.normal(0, 0.03, 2), 3)


def _turn(angle: float) -> Curve:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
