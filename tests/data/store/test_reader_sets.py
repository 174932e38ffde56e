"""The set that the bundled reader learns from is made under a name, from MNIST, the generator and people's strokes."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from mnist_dash.data.reader_set import build
from mnist_dash.data.reader_set.build import Recipe
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.reader_sets import describe_people, make_reader_set, open_or_make_reader_set
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from tests.awaiting import deadline
from tests.data.samples import SmallSet

SMALL = Recipe(redrawn=4, usual=10, even=10, free=6, rare=6, broad=5, renderings=2)


@pytest.fixture
def with_mnist(settings: Settings, small: SmallSet, tmp_path: Path) -> Settings:
    """Settings under which a small set stands for MNIST."""
    return replace(settings, data=small.write_npz(tmp_path / "mnist.npz"), offline=True)


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    """Three digits by somebody."""
    path = tmp_path / "strokes.jsonl"
    digit = {"label": 1, "donor": "me", "strokes": [[[0, 200], [150, 0]], [[150, 0], [140, 1000]]]}
    path.write_text("\n".join([json.dumps(digit)] * 3), "utf-8")
    return path


def test_a_set_is_kept_and_the_last_training_images_are_not_in_it(
    with_mnist: Settings, small: SmallSet, strokes: Path
) -> None:
    told: list[float] = []
    made = make_reader_set(with_mnist, "mine", strokes, 1, lambda _text, share: told.append(share), SMALL)
    assert named_sets.names(with_mnist) == ("mine",)
    # 65 of 70 images, and what the recipe asks for.
    assert len(made.train) == 65 + 4 + 10 + 10 + 6 + 6 + 5 + 2 * 3
    assert np.array_equal(made.train.images[:65], small.train.images[:65])
    assert np.array_equal(made.test.images, small.test.images)
    assert made.origin == "MNIST, MNIST redrawn, pen-stroke generator 3, 3 pen-stroke digits of people, seed 1"
    assert told == sorted(told)
    assert told[-1] == 1


def test_nobody_needs_strokes(with_mnist: Settings) -> None:
    made = make_reader_set(with_mnist, "mine", recipe=SMALL)
    assert len(made.train) == 65 + 41
    assert made.origin == "MNIST, MNIST redrawn, pen-stroke generator 3, seed 1"


@pytest.mark.parametrize(
    ("name", "seed", "said"), [("mnist", 1, "already a data set"), ("mine", -1, "The seed is -1; allowed is 0 or more")]
)
def test_what_is_not_allowed_is_refused_before_anything_is_drawn(
    with_mnist: Settings, name: str, seed: int, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        make_reader_set(with_mnist, name, seed=seed, recipe=SMALL)
    assert named_sets.names(with_mnist) == ()


BROKEN = {
    "absent": (None, "cannot be read (No such file"),
    "empty": ("\n", "holds no digits"),
    "no strokes": ('{"label": 3}', "Line 1 of"),
    "no JSON": ("strokes", "is no JSON"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("by_setting", [False, True])
def test_strokes_that_cannot_be_taken_are_told_before_anything_is_looked_for_or_drawn(
    settings: Settings, strokes: Path, content: str | None, said: str, by_setting: bool
) -> None:
    if content is None:
        strokes.unlink()
    else:
        strokes.write_text(content, "utf-8")
    told: list[str] = []
    named = replace(settings, strokes=strokes) if by_setting else settings
    with pytest.raises(DataError, match=re.escape(said)) as refused:
        make_reader_set(
            named,
            "mine",
            None if by_setting else strokes,
            progress=lambda text, _share: told.append(text),
            recipe=SMALL,
        )
    assert str(strokes) in str(refused.value)
    assert ("MNIST_DASH_STROKES" in str(refused.value)) is (by_setting and "holds no" not in said)
    assert told == []
    assert not (settings.home / "sets").exists()


def test_the_strokes_of_the_settings_go_in_unless_others_are_named(
    with_mnist: Settings, strokes: Path, tmp_path: Path
) -> None:
    one = tmp_path / "one.jsonl"
    one.write_text(strokes.read_text("utf-8").splitlines()[0], "utf-8")
    named = replace(with_mnist, strokes=strokes)
    assert "3 pen-stroke digits of people" in make_reader_set(named, "theirs", recipe=SMALL).origin
    assert "1 pen-stroke digits of people" in make_reader_set(named, "mine", one, recipe=SMALL).origin


def test_a_set_says_whether_people_are_in_it_and_how_they_can_be(with_mnist: Settings, strokes: Path) -> None:
    named = replace(with_mnist, strokes=strokes)
    without, with_them = (make_reader_set(s, name, recipe=SMALL) for s, name in ((with_mnist, "a"), (named, "b")))
    assert describe_people(named) == f"Pen strokes of people go into it: those in {strokes}."
    assert "none are at hand. MNIST_DASH_STROKES names" in describe_people(with_mnist)
    assert describe_people(named, with_them) == "Pen strokes of people are in it."
    assert "MNIST_DASH_STROKES names" in describe_people(with_mnist, without)
    assert "though there are some now. Delete it" in describe_people(named, without)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual recipe takes no minutes."""
    monkeypatch.setattr(build, "Recipe", lambda: SMALL)


@pytest.mark.usefixtures("brief")
def test_a_set_is_made_where_there_is_none_and_opened_from_then_on(with_mnist: Settings) -> None:
    announced: list[str] = []
    made, again = (
        open_or_make_reader_set(with_mnist, "mine", announce=lambda: announced.append("made")) for _ in range(2)
    )
    assert made.sha256 == again.sha256
    assert announced == ["made"]


@pytest.mark.usefixtures("brief")
def test_whoever_wants_a_set_that_is_being_made_waits_for_it(with_mnist: Settings) -> None:
    at_work, go_on, waiting = Event(), Event(), Event()

    def hold(_text: str, _share: float) -> None:
        at_work.set()
        assert go_on.wait(deadline())

    def look(text: str, _share: float) -> None:
        if "waiting for it" in text:
            waiting.set()

    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(open_or_make_reader_set, with_mnist, "mine", hold)
        assert at_work.wait(deadline())
        second = hands.submit(open_or_make_reader_set, with_mnist, "mine", look)
        try:
            assert waiting.wait(deadline())
            assert named_sets.names(with_mnist) == ()
        finally:
            go_on.set()
        assert first.result(deadline()).sha256 == second.result(deadline()).sha256
