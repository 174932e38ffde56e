"""Progress as a browser keeps it: it comes back as it was, and any other text is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.lessons.progress import LONGEST_TEXT, from_text, name_step, to_text


@given(st.dictionaries(st.text(max_size=30), st.integers(-1_000, 1_000) | st.floats(-1e6, 1e6), max_size=30))
def test_progress_comes_back_as_it_was(progress: dict[str, float]) -> None:
    text = to_text(progress)
    assert len(text) > LONGEST_TEXT or from_text(text) == progress


@pytest.mark.parametrize("text", [None, 3, "", "{", "[]", "3", "[" * 5_000, "a" * (LONGEST_TEXT + 1)])
def test_other_text_is_no_progress(text: object) -> None:
    assert from_text(text) is None


def test_what_is_no_number_is_left_out() -> None:
    text = '{"a/b": 1, "c/d": "x", "e/f": true, "g/h": NaN, "i/j": 1e400, "k/l": ' + "9" * 400 + "}"
    assert from_text(text) == {name_step("a", "b"): 1}
