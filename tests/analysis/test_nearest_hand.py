"""The nearest hand is the writer's own, where it is there; few digits are trusted less; what is rare is told."""

import json
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.components import Basis, find_basis
from mnist_dash.analysis.nearest_hand import (
    FOUND_AGAIN,
    FOUND_BY_ONE_EACH,
    FOUND_BY_OTHER_PEN,
    FOUND_OF_FEW,
    OTHER_LIKENESS,
    OWN_LIKENESS,
    HandMeans,
    Variation,
    average_hands,
    find_variation,
    measure_likeness,
    measure_rarity,
    project,
)
from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import generate


@pytest.fixture(scope="module")
def many() -> Digits:
    """Digits of forty imaginary writers."""
    return generate(2_400, 1, handwriting=parse_handwriting({"digits_each": "60"}))


@pytest.fixture(scope="module")
def basis(many: Digits) -> Basis:
    """The components in which they differ most."""
    return find_basis(many.images)


@pytest.fixture(scope="module")
def components(many: Digits, basis: Basis) -> Float32s:
    """Where they lie."""
    return project(many.images, basis)


@pytest.fixture(scope="module")
def variation(many: Digits, components: Float32s) -> Variation:
    """How they vary."""
    assert many.writers is not None
    return find_variation(components, many.labels, many.writers)


def row(hands: HandMeans, at: int) -> HandMeans:
    """One of some hands."""
    return HandMeans(hands.means[at : at + 1], hands.counts[at : at + 1])


def test_half_of_a_writers_digits_find_the_other_half(many: Digits, components: Float32s, variation: Variation) -> None:
    assert many.writers is not None
    even = np.arange(len(many)) % 2 == 0
    first, second = (average_hands(components[half], many.labels[half], many.writers[half]) for half in (even, ~even))
    found = [int(measure_likeness(row(first, at), second, variation).argmax()) == at for at in range(40)]
    # By chance it would be one of them.
    assert np.mean(found) > 0.8


def test_what_the_page_tells_was_measured() -> None:
    record = Path(__file__).parents[2] / "benchmarks" / "results" / "nearest_hand.json"
    found = json.loads(record.read_text("utf-8"))["result"]
    training, few = found["training_writers"], found["test_writers"]["halves"]
    shares = [*(training[way]["nearest"] for way in ("halves", "one_each", "other_pen")), few["nearest"]]
    assert [round(share, 2) for share in shares] == [FOUND_AGAIN, FOUND_BY_ONE_EACH, FOUND_BY_OTHER_PEN, FOUND_OF_FEW]
    likeness = [training["halves"][whose] for whose in ("own_likeness", "other_likeness")]
    assert [round(each, 1) for each in likeness] == [OWN_LIKENESS, OTHER_LIKENESS]


def test_variances_are_those_that_were_drawn() -> None:
    rng = np.random.default_rng(0)
    writers = np.repeat(np.arange(3_000), 5)
    hands = rng.normal(0, 2, (3_000, 1))[writers]
    components = (7 + hands + rng.normal(0, 3, (15_000, 1))).astype(np.float32)
    found = find_variation(components, np.full(15_000, 4, np.uint8), writers)
    assert found.mean[4] == pytest.approx(7, abs=0.2)
    assert found.within[4] == pytest.approx(9, rel=0.05)
    assert found.between[4] == pytest.approx(4, rel=0.1)


EVEN = Variation(np.zeros((10, 1)), np.ones((10, 1)), np.ones((10, 1)))


def hands(values: dict[int, tuple[float, ...]], counts: dict[int, tuple[int, ...]]) -> HandMeans:
    """Hands with these means of some digits in a single component, and so many of each."""
    size = len(next(iter(values.values())))
    made = HandMeans(np.zeros((size, 10, 1)), np.zeros((size, 10)))
    for digit in values:
        made.means[:, digit, 0], made.counts[:, digit] = values[digit], counts[digit]
    return made


def test_hands_are_alike_in_how_they_differ_from_the_usual_and_not_by_how_far() -> None:
    own = hands({3: (2,), 4: (1,)}, {3: (9,), 4: (9,)})
    theirs = hands({3: (1, -2, 1), 4: (0.5, -1, -2)}, {3: (9, 9, 9), 4: (9, 9, 9)})
    assert measure_likeness(own, theirs, EVEN) == pytest.approx([1, -1, 0])


def test_a_mean_of_few_digits_counts_less() -> None:
    own = hands({3: (1,), 4: (1,)}, {3: (9,), 4: (9,)})
    theirs = hands({3: (1, 1), 4: (-1, -1)}, {3: (50, 1), 4: (1, 50)})
    many_alike, few_alike = measure_likeness(own, theirs, EVEN)
    assert many_alike > 0.3
    assert few_alike < -0.3


def test_digits_that_it_lacks_are_passed_over_and_what_others_lack_is_not_alike() -> None:
    own = hands({3: (1,), 4: (1,)}, {3: (9,), 4: (9,)})
    theirs = hands({3: (1, 1), 4: (1, 0), 7: (5, 0)}, {3: (9, 9), 4: (9, 0), 7: (9, 0)})
    assert measure_likeness(own, theirs, EVEN) == pytest.approx([1, np.sqrt(0.5)])


def test_who_wrote_nothing_is_like_nobody() -> None:
    nobody = hands({3: (0,)}, {3: (0,)})
    assert measure_likeness(nobody, hands({3: (1,)}, {3: (9,)}), EVEN).tolist() == [0]


def test_what_lies_far_from_its_like_is_rare(many: Digits, basis: Basis, variation: Variation) -> None:
    images = many.images[:50].copy()
    images[7] = 255 - images[7]
    rarity = measure_rarity(project(images, basis), many.labels[:50], variation)
    assert rarity.argmax() == 7
    assert 0.5 < np.median(rarity) < 1.5
