"""A set in figures: counts, seconds, hands, and how it is read."""

from dataclasses import replace

import pytest

from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.sets import SKETCH
from mnist_dash.own_digits.summary import Hand, read_tally, summarise_set
from mnist_dash.store.database import Database
from tests.own_digits.test_collection import a_digit

pytestmark = pytest.mark.both_databases


@pytest.fixture
def kept(database: Database) -> Database:
    """Two 7s and a 4 by Ada, a 4 by nobody, and something that is no digit."""
    digits = [(7, 7, "Ada", 2.0), (7, 1, "Ada", 4.0), (4, 4, "Ada", 9.0), (4, 4, None, None), (None, 3, None, 3.0)]
    for place, (label, read, writer, seconds) in enumerate(digits):
        save(database, replace(a_digit(label, place, read), writer=writer, seconds=seconds))
    return database


def test_everything_is_counted(kept: Database) -> None:
    found = summarise_set(kept, SKETCH, "cnn")
    assert (found.counts[7], found.counts[4], found.counts[0], found.others) == (2, 2, 0, 1)
    assert (found.seconds[7], found.seconds[4], found.seconds[0], found.median) == (3.0, 9.0, None, 3.5)
    assert found.minutes == pytest.approx(18 / 60)
    assert (found.right, found.asked) == (3, 4)
    assert found.hands == (Hand("", 2, 3 / 60, 3.0), Hand("Ada", 3, 15 / 60, 4.0))
    assert summarise_set(kept, SKETCH, "reader").asked == 0


def test_of_a_set_without_digits_nothing_is_known(database: Database) -> None:
    found = summarise_set(database, SKETCH, "cnn")
    assert (sum(found.counts), found.median, found.minutes, found.hands) == (0, None, 0, ())


def test_the_tally_knows_pace_and_certainty_of_each_digit(kept: Database) -> None:
    tally = read_tally(kept, SKETCH)
    assert (tally.counts[7], tally.seconds[7], tally.timed) == (2, 3.0, 3)
    assert tally.sure[7] == pytest.approx((0.91 + 0.01) / 2)
    assert tally.sure[0] is None
