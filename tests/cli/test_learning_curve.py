"""The command `own-curve` keeps every point, and measures none twice."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mnist_dash.analysis.learning_curve import (
    Curve,
    Point,
    Task,
    Way,
    digest_digits,
    divide,
    plan,
    read_curve,
    write_curve,
)
from mnist_dash.cli import learning_curve
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.own_digits.collection import digits_of
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.drawn import write_ones_and_sevens
from tests.training.lazily import MARKS

pytestmark = MARKS


def begin(database: Database, with_data: Settings, file: Path, left: Sequence[Task]) -> Curve:
    """A set of 60 digits, and a file with all points of its curves but those that are `left`."""
    made = make_own_set(database, "mine", "")
    write_ones_and_sevens(database, 60, made.key)
    digits = digits_of(database, made.key)
    learnt, own = divide(digits)
    tested = len(open_dataset(with_data, "mnist").test)
    done = [Point(task, 1, 2) for task in plan(len(learnt), [0]) if task not in left]
    curve = Curve(digest_digits(digits), tested, len(own), tuple(done))
    file.write_bytes(write_curve(curve))
    return curve


def test_only_what_is_left_is_measured_and_kept(
    ask: Ask, database: Database, with_data: Settings, tmp_path: Path
) -> None:
    file, left = tmp_path / "curve.npz", [Task(0, 10, Way.DENSE), Task(0, 48, Way.RANDOM)]
    before = begin(database, with_data, file, left)
    rows = ask("own-curve", "--set", "mine", "--out", str(file), "--seeds", "1", "--json").lines
    after = read_curve(file.read_bytes())
    assert after is not None
    assert after.points[: len(before.points)] == before.points
    assert [point.task for point in after.points[len(before.points) :]] == left
    # Ones and sevens alone are learnt, and read where nobody has learnt from them.
    assert after.points[-2].own == before.left_out == 12
    known = {(row["way"], row["learnt"], row["read"]): row["accuracy"] for row in rows}
    assert known["dense", 10, "own digits"] == 1.0
    assert known["random", 48, "mnist"] == after.points[-1].test / before.tested
    assert len(rows) == 2 * len(plan(48, [0]))


def test_the_curves_of_other_digits_are_not_gone_on_with(
    ask: Ask, database: Database, with_data: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The shortest point alone: what is asked here is which points are there before.
    monkeypatch.setattr(learning_curve, "plan", lambda images, _seeds: [Task(0, images, Way.RANDOM)])
    file = tmp_path / "curve.npz"
    begin(database, with_data, file, [])
    write_ones_and_sevens(database, 12, "sketch")
    ask("own-curve", "--out", str(file), "--seeds", "1")
    found = read_curve(file.read_bytes())
    assert found is not None
    assert [point.task for point in found.points] == [Task(0, 12, Way.RANDOM)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "There are 0 own digits with a label in that set; a curve begins with 10"),
        (("--set", "nobody's"), "There is no set of own digits"),
        (("--seeds", "0"), "--seeds is 0; allowed is 1 to 100."),
        (("--out", "curve.csv"), "allowed is a .npz file"),
    ],
)
def test_what_cannot_be_measured_is_refused(ask: Ask, words: tuple[str, ...], said: str) -> None:
    assert said in ask("own-curve", *words).refusal
