"""Generated digits are balanced, repeatable, look like the digits of their labels, and come from consistent hands."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.arrays import Images
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.hands import MOST_POINTS, MOST_STROKES
from mnist_dash.data.generator.parameters import PARAMETERS, USUAL
from mnist_dash.data.generator.skeletons import SKELETONS
from mnist_dash.data.generator.writers import generate, ink_curves, write, write_skeleton
from mnist_dash.errors import DataError


@pytest.fixture(scope="module")
def digits() -> Digits:
    return generate(600, 0)


def nearest(known: Digits, asked: Digits) -> float:
    """The share of `asked` whose nearest neighbour among `known` has their label."""
    a, b = (each.images.reshape(len(each), -1).astype(np.float32) for each in (asked, known))
    distance = (b * b).sum(axis=1) - 2 * a @ b.T
    return float((known.labels[distance.argmin(axis=1)] == asked.labels).mean())


def test_the_same_seed_gives_the_same_bits(digits: Digits) -> None:
    again = generate(600, 0)
    assert np.array_equal(again.images, digits.images)
    assert np.array_equal(again.labels, digits.labels)


def test_another_seed_gives_other_digits(digits: Digits) -> None:
    other = generate(600, 1)
    assert not np.array_equal(other.labels, digits.labels)
    known = {image.tobytes() for image in digits.images}
    assert not any(image.tobytes() in known for image in other.images)


def test_no_two_digits_are_alike(digits: Digits) -> None:
    assert len({image.tobytes() for image in digits.images}) == len(digits)


@pytest.mark.parametrize("count", [1, 7, 10, 123, 200])
def test_every_digit_is_as_frequent_as_the_others(count: int) -> None:
    frequency = np.bincount(generate(count, 0).labels, minlength=10)
    assert frequency.sum() == count
    assert frequency.max() - frequency.min() <= 1


def test_labels_come_in_no_order(digits: Digits) -> None:
    assert np.abs(np.diff(digits.labels.astype(int))).mean() > 2
    assert len(set(digits.labels[:30].tolist())) > 5


def test_images_have_mnists_form(digits: Digits) -> None:
    assert (digits.images.max(axis=(1, 2)) == 255).all()
    assert not digits.images[:, 0, 0].any()
    filled = digits.images > 0
    longer = np.maximum(filled.any(axis=1).sum(axis=1), filled.any(axis=2).sum(axis=1))
    assert set(longer.tolist()) <= {17, 18, 19, 20}, "the tips of fine lines may be too pale to be seen"


@pytest.mark.slow
def test_a_digit_can_be_told_from_the_others(digits: Digits) -> None:
    assert nearest(generate(4000, 1), digits) > 0.82


def test_pens_are_of_many_breadths(digits: Digits) -> None:
    ones = digits.images[digits.labels == 1].mean(axis=(1, 2))
    assert np.percentile(ones, 90) > 1.5 * np.percentile(ones, 10)


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    generate(250, 0, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert 50 <= len(told) <= 130


@pytest.mark.parametrize("count", [0, -5, 1_000_001])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(DataError, match="allowed is 1 to 1,000,000"):
        generate(count, 0)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(DataError, match="The seed is -1; allowed is 0 or more"):
        generate(1, -1)


def images(**parameters: float) -> Images:
    return generate(60, 4, handwriting=replace(USUAL, **parameters)).images  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(set(PARAMETERS) - {"digits_each"}))
def test_every_parameter_changes_the_digits_at_both_ends(name: str) -> None:
    low, high = images(**{name: PARAMETERS[name].low}), images(**{name: PARAMETERS[name].high})
    assert not np.array_equal(low, high)


def test_a_parameter_changes_the_same_writers_and_no_others() -> None:
    plain, slanted = (list(write(30, 4, replace(USUAL, slant=slant))) for slant in (0.0, 30.0))
    assert [written.label for written in plain] == [written.label for written in slanted]
    assert [len(written.strokes) for written in plain] == [len(written.strokes) for written in slanted]
    assert [written.breadth for written in plain] == pytest.approx([w.breadth for w in slanted], rel=0.5)


def test_what_a_parameter_says_is_seen_in_the_digits() -> None:
    def span(**parameters: float) -> float:
        """How wide the strokes of ones are."""
        asked = replace(USUAL, difference=0.0, variation=0.0, evenness=0.0, **parameters)  # type: ignore[arg-type]
        return float(np.mean([np.ptp(np.vstack(w.strokes)[:, 0]) for w in write(400, 0, asked) if w.label == 2]))

    assert span(width=1.6) > 1.8 * span(width=0.8)
    assert images(pen=24).mean() > 1.5 * images(pen=8).mean()


def test_a_writer_is_consistent() -> None:
    """Ones of one writer lean alike; those of different writers do not."""
    ones = [w for w in write(6_000, 0, replace(USUAL, digits_each=60)) if w.label == 1 and len(w.strokes) == 1]
    lean = {
        writer: [float(np.subtract(*w.strokes[0][[0, -1], 0])) for w in ones if w.writer == writer]
        for writer in {w.writer for w in ones}
    }
    several = [leans for leans in lean.values() if len(leans) > 3]
    assert len(several) > 40
    assert np.mean([np.std(leans) for leans in several]) < 0.75 * np.std([w for leans in several for w in leans])


def test_a_writer_has_one_pen_and_a_favourite_form() -> None:
    hand = list(write(200, 3, replace(USUAL, digits_each=200, variation=0.0, gaps=0.0)))
    assert len({w.breadth for w in hand if w.label == 1}) == 1
    fours = [len(w.strokes[0]) for w in hand if w.label == 4]
    assert max(fours.count(length) for length in fours) >= len(fours) / 2


def test_writers_are_the_same_whoever_comes_before_them() -> None:
    both, second = list(write(20, 0, first_writer=0)), list(write(10, 0, first_writer=2))
    assert USUAL.digits_each == 5
    assert {w.writer for w in both[10:]} == {w.writer for w in second} == {2, 3}
    pens = [{w.breadth for w in part if w.label == 1} for part in (both[10:], second)]
    assert len(both[10:]) == len(second)
    assert pens


def test_gaps_leave_pieces_out() -> None:
    whole, torn = (list(write(200, 0, replace(USUAL, gaps=gaps))) for gaps in (0.0, 1.0))
    points = [sum(len(stroke) for w in part for stroke in w.strokes) for part in (whole, torn)]
    assert points[1] < 0.95 * points[0]
    assert sum(len(w.strokes) for w in torn) > sum(len(w.strokes) for w in whole)
    assert all(len(stroke) for w in torn for stroke in w.strokes)


@pytest.mark.parametrize("digit", SKELETONS)
def test_every_digit_is_written_in_several_forms(digit: int) -> None:
    forms = SKELETONS[digit]
    assert len(forms) >= 8
    assert len({form.name for form in forms}) == len({form.strokes for form in forms}) == len(forms)
    assert all(form.share > 0 for form in forms)
    assert all(1 <= len(form.strokes) <= MOST_STROKES for form in forms)
    assert all(sum(len(stroke.split()) + 2 for stroke in form.strokes) <= MOST_POINTS for form in forms)


@pytest.mark.parametrize("digit", SKELETONS)
def test_every_form_stays_about_one_unit_high_and_inside_its_sheet(digit: int) -> None:
    calm = replace(USUAL, difference=0.5, variation=0.5)
    for form in SKELETONS[digit]:
        for seed in range(5):
            curves = write_skeleton(form, np.random.default_rng(seed), calm)
            every = np.vstack(curves)
            assert np.isfinite(every).all()
            assert 0.6 < np.ptp(every[:, 1]) < 1.5, form.name
            ink = ink_curves(curves, 0.1)
            rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
            assert not rim.any(), form.name


@pytest.mark.parametrize("evenness", [0.0, 0.5, 1.0])
def test_forms_are_as_common_as_their_shares_say(evenness: float) -> None:
    """Of a thousand writers the share of dotted and slashed zeros, which are those of two strokes or more."""
    asked = replace(USUAL, digits_each=1, evenness=evenness, gaps=0.0)
    zeros = [w for w in write(8_000, 0, asked) if w.label == 0]
    crowd, forms = np.mean([len(w.strokes) > 1 for w in zeros]), SKELETONS[0]
    several = np.array([len(form.strokes) > 1 for form in forms])
    shares = np.array([form.share for form in forms])
    common = (1 - evenness) * shares[several].sum() / shares.sum() + evenness * several.mean()
    assert crowd == pytest.approx(common, abs=0.06)


def test_the_forms_that_people_ask_for_are_there() -> None:
    names = {digit: {form.name for form in forms} for digit, forms in SKELETONS.items()}
    asked = {
        0: {"slashed", "dotted", "open"},
        1: {"bar", "short upstroke", "long upstroke", "foot alone"},
        2: {"looped", "straight"},
        3: {"flat-topped"},
        4: {"open", "closed", "one stroke"},
        5: {"one stroke", "two strokes", "bar apart"},
        6: {"straight", "curled", "looped"},
        7: {"barred", "serifed", "hooked"},
        8: {"from the right", "from the left", "from the foot", "open at the top"},
        9: {"straight", "curled", "looped"},
    }
    assert [(digit, missing) for digit, wanted in asked.items() if (missing := wanted - names[digit])] == []
