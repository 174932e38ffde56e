import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.analysis.shape import MEASURES, Shapes, count_loops, measure_shapes, measure_thickness
from mnist_dash.arrays import Images
from mnist_dash.data.dataset import Dataset

FINE = 8
"""Points along each side of a pixel when a line is drawn."""


def line(width: float, lean: float, length: float = 22) -> Images:
    """A straight stroke through the middle that leans `lean` degrees to the right of upright: (1, 28, 28)."""
    y, x = (np.mgrid[: 28 * FINE, : 28 * FINE] + 0.5) / FINE - 14
    angle = np.deg2rad(lean)
    along, across = x * np.sin(angle) - y * np.cos(angle), x * np.cos(angle) + y * np.sin(angle)
    inside = (np.abs(along) <= length / 2) & (np.abs(across) <= width / 2)
    shares = inside.reshape(28, FINE, 28, FINE).mean(axis=(1, 3))
    return np.asarray(np.rint(255 * shares), np.uint8)[np.newaxis]


def drawn(*rows: str) -> Images:
    """A picture of #, one sign a pixel, in the middle of an image: (1, 28, 28)."""
    cells = np.array([[255 * (sign == "#") for sign in row] for row in rows], np.uint8)
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 5 : 5 + len(rows), 5 : 5 + len(rows[0])] = cells
    return image


def only(found: npt.NDArray[np.floating | np.integer]) -> float:
    return float(found.item())


def test_every_measure_has_one_number_an_image() -> None:
    found = measure_shapes(np.concatenate([line(3, 0), line(3, 20)]))
    assert {measure.name for measure in MEASURES} == set(Shapes.__slots__)
    assert {getattr(found, measure.name).shape for measure in MEASURES} == {(2,)}


def test_ink_is_the_mean_pixel_in_per_cent() -> None:
    half = np.zeros((1, 28, 28), np.uint8)
    half[:, :14] = 51
    assert only(measure_shapes(half).ink) == pytest.approx(10)


@pytest.mark.parametrize("lean", [-40, -10, 0, 25])
def test_slant_is_the_angle_at_which_a_stroke_leans_to_the_right(lean: float) -> None:
    assert only(measure_shapes(line(2.5, lean)).slant) == pytest.approx(lean, abs=2)


@pytest.mark.parametrize("width", [2.0, 3.0, 4.0, 6.0])
@pytest.mark.parametrize("lean", [0, 10, 22.5, 30, 60, 90])
def test_thickness_is_that_of_the_pen_at_every_angle(width: float, lean: float) -> None:
    expected = width * 22 / (width + 22)
    assert only(measure_thickness(np.asarray(line(width, lean) / 255, np.float32))) == pytest.approx(expected, rel=0.06)


def test_thickness_does_not_depend_on_how_pale_the_ink_is() -> None:
    bold = line(4, 10)
    assert only(measure_shapes(bold // 2).thickness) == pytest.approx(only(measure_shapes(bold).thickness), rel=0.01)


@pytest.mark.parametrize(
    ("expected", "rows"),
    [
        (0, ("####", "#...", "####")),
        (1, ("####", "#..#", "####")),
        (2, ("#######", "#..#..#", "#######")),
        (1, (".##.", "#..#", "#..#", ".##.")),
        (0, (".##.", "#..#", "#...", ".##.")),
        (0, ("###", "#.#", "###")),
        (1, ("#####", "#.#.#", "#..##", "#####")),
    ],
    ids=["open", "zero", "eight", "corners close", "gap", "single pixel", "corners do not join paper"],
)
def test_loops_are_areas_of_paper_within_ink(expected: int, rows: tuple[str, ...]) -> None:
    assert only(count_loops(drawn(*rows))) == expected


def test_loops_of_one_image_are_not_counted_in_another() -> None:
    zero, nothing = drawn("####", "#..#", "####"), np.zeros((1, 28, 28), np.uint8)
    assert count_loops(np.concatenate([nothing, zero, 255 - nothing, zero, nothing])).tolist() == [0, 1, 0, 1, 0]


def test_the_box_is_that_of_the_ink() -> None:
    found = measure_shapes(drawn("######", "..#...", "..#..."))
    assert (only(found.width), only(found.height), only(found.aspect)) == (6, 3, 2)


def test_the_centre_of_mass_is_measured_from_the_edges() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 3, 20] = 200
    found = measure_shapes(image)
    assert (only(found.centre_x), only(found.centre_y)) == pytest.approx((20.5, 3.5), abs=1e-4)


def test_bare_paper_has_no_shape_but_its_ink_is_none() -> None:
    found = measure_shapes(np.zeros((1, 28, 28), np.uint8))
    assert (only(found.ink), only(found.loops)) == (0, 0)
    assert all(np.isnan(only(getattr(found, name))) for name in ("slant", "thickness", "width", "aspect", "centre_x"))


def test_no_images_have_no_shapes() -> None:
    assert measure_shapes(np.zeros((0, 28, 28), np.uint8)).slant.shape == (0,)


def test_the_work_tells_how_far_it_is() -> None:
    told: list[float] = []
    measure_shapes(np.repeat(line(3, 0), 3_000, axis=0), lambda _text, share: told.append(share))
    assert told == sorted(told)
    assert len(told) == 3
    assert told[-1] == 1


def test_eights_mostly_have_two_loops_and_ones_none(mnist: Dataset) -> None:
    digits = mnist.test
    found = count_loops(digits.images)
    assert np.mean(found[digits.labels == 1] == 0) > 0.95
    assert np.median(found[digits.labels == 8]) == 2
    assert np.median(found[digits.labels == 0]) == 1
