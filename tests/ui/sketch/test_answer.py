"""What is said of drawings: the number, how sure, and what looks like no digit."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.models.bundled import DIGIT_OR_NOT, read_bundled_file
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.drawing_answers import Answers
from mnist_dash.models.rejection import DigitDetector, Verdict
from mnist_dash.ui.shell import resources
from tests.awaiting import deadline


def page(kinds: list[str], chosen: int) -> None:
    """The reading of a seven, of a letter, or of a three that is struck through, for each of the kinds."""
    import numpy as np

    from mnist_dash.data.generator.skeletons import SKELETONS
    from mnist_dash.data.generator.writers import ink_curves, write_skeleton
    from mnist_dash.data.reader_set.letters import LETTERS
    from mnist_dash.models.bundled import load_bundled
    from mnist_dash.sketch.mnist_preprocessing import preprocess
    from mnist_dash.ui.sketch import answer

    seven = SKELETONS[7][0]
    three = SKELETONS[3][0]
    struck = three._replace(strokes=(*three.strokes, "-30,45 40,50 110,52"))
    ways = {"seven": seven, "letter": LETTERS["M"], "struck": struck}
    rng = np.random.default_rng(0)
    sketches = [preprocess(ink_curves(write_skeleton(ways[kind], rng), 0.12)) for kind in kinds]
    answer.show(lambda: load_bundled("cnn"), [sketch for sketch in sketches if sketch], chosen)


def shown(*kinds: str, chosen: int = 0) -> AppTest:
    app = AppTest.from_function(page, args=(list(kinds), chosen), default_timeout=deadline()).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def test_nothing_drawn_asks_for_a_digit() -> None:
    app = shown()
    assert app.metric[0].value == "–"
    assert "Draw a digit from 0 to 9" in words(app)


def test_a_digit_is_read_with_its_second_guess() -> None:
    app = shown("seven")
    assert app.metric[0].value == "7"
    assert "Second guess" in words(app)


def test_a_letter_is_refused_instead_of_read() -> None:
    app = shown("letter")
    assert app.metric[0].value == "?"
    assert "This does not look like a digit. If it had to be one: " in words(app)
    assert "Sure" not in words(app)


def test_what_is_struck_through_does_not_count() -> None:
    app = shown("struck")
    assert app.metric[0].value == "?"
    assert "This looks struck through. If it were to be read: " in words(app)
    assert "A straight stroke goes through it" in app.caption[-1].help


def test_between_read_and_refused_a_digit_is_unusual(monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = DigitDetector(LiteRT(read_bundled_file(DIGIT_OR_NOT)), 0.0, usual=1.1)
    monkeypatch.setattr(resources, "digit_detector", lambda: unsure)
    app = shown("seven")
    assert app.metric[0].value == "7"
    assert "This looks like a 7, but unusual. Sure: " in words(app)
    assert "Drawing 2 looks like a 7, but unusual." in words(shown("letter", "seven", chosen=1))


@pytest.mark.parametrize(("chosen", "sentence"), [(0, "Digit 1 is 7."), (1, "Drawing 2 does not look like a digit.")])
def test_among_digits_a_letter_is_a_question_mark(chosen: int, sentence: str) -> None:
    app = shown("seven", "letter", "seven", chosen=chosen)
    assert app.metric[0].value == "7?7"
    assert sentence in words(app)


def test_a_number_keeps_the_place_of_what_was_refused() -> None:
    answers = np.eye(10, dtype=np.float32)[[4, 0, 2]]
    assert Answers(answers, (Verdict.DIGIT, Verdict.NONE, Verdict.UNUSUAL)).number == "4?2"
