"""Sixteen coordinates of a pen are drawn and are no picture of 4×4 pixels; pictures of so many stay what they are."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import write
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.pen_trajectories import NOTE, POINTS, READ, are_trajectories, draw_trajectories
from mnist_dash.models.bundled import DEFAULT, load_bundled

WRITTEN = tuple(write(80, 5, Handwriting(difference=0.5, variation=0.5, gaps=0.0)))
LABELS = np.array([written.label for written in WRITTEN], np.uint8)


def resampled(strokes: tuple[np.ndarray, ...]) -> np.ndarray:
    """Eight points at equal distances along the pen's way, with y upwards and the longer side from 0 to 100."""
    path = np.vstack(strokes)
    way = np.r_[0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    at = np.linspace(0, way[-1], POINTS)
    points = np.stack([np.interp(at, way, path[:, 0]), -np.interp(at, way, path[:, 1])], axis=1)
    points -= points.min(axis=0)
    return np.asarray(np.rint(points * 100 / points.max()), np.uint8).ravel()


ROWS = np.stack([resampled(written.strokes) for written in WRITTEN])


def test_trajectories_are_drawn_upright_and_can_be_read() -> None:
    images = draw_trajectories(ROWS)
    assert images.shape == (80, 28, 28)
    assert images.dtype == np.uint8
    assert (load_bundled(DEFAULT).probabilities(images).argmax(axis=1) == LABELS).mean() > 0.75


def test_rows_of_them_become_a_set_and_that_is_said(tmp_path: Path) -> None:
    lines = [", ".join(map(str, (*row, label))) for row, label in zip(ROWS, LABELS, strict=True)]
    (tmp_path / "pendigits.tra").write_text("\n".join(lines))
    found = read_dataset([tmp_path / "pendigits.tra"])
    assert NOTE in found.notes
    train, test = found.dataset.train, found.dataset.test
    assert len(train) + len(test) == 80
    assert sorted([*train.labels, *test.labels]) == sorted(LABELS)
    drawn = {image.tobytes() for image in draw_trajectories(ROWS)}
    assert {image.tobytes() for image in train.images} <= drawn


def test_drawing_them_tells_how_far_it_is(tmp_path: Path) -> None:
    lines = [",".join(map(str, (*row, label))) for row, label in zip(ROWS, LABELS, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    names = [f"@attribute a{at} numeric" for at in range(16)] + ["@attribute class {0,1,2,3,4,5,6,7,8,9}"]
    (tmp_path / "a.arff").write_text("\n".join(["@relation pen", *names, "@data", *lines]))
    for name in ("a.csv", "a.arff"):
        told: list[tuple[str, float]] = []
        read_dataset([tmp_path / name], progress=lambda text, share, told=told: told.append((text, share)))  # type: ignore[misc]
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        drawing = [share for text, share in told if text == "Drawing 80 digits"]
        assert len(drawing) >= 40
        assert max(after - before for before, after in pairwise(drawing)) < 0.05
        assert max(share for text, share in told if text == f"Reading {name}") <= READ


@pytest.mark.parametrize(
    "rows",
    [
        np.random.default_rng(0).integers(0, 256, (40, 16)),
        np.random.default_rng(0).integers(0, 101, (40, 16)),
        np.zeros((40, 16), np.uint8),
        ROWS[:, :-2],
        ROWS.reshape(80, 4, 4),
        ROWS[:0],
    ],
)
def test_pictures_of_4_by_4_pixels_and_the_like_are_none(rows: np.ndarray) -> None:
    assert are_trajectories(ROWS)
    assert not are_trajectories(rows)
