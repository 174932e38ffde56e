import pytest

from mnist_dash.words import certainty, duration, interval, join_words, percent, size


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0.0 %"),
        (0.0001, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.9876, "98.8 %"),
        (0.9996, "> 99.9 %"),
        (1, "100.0 %"),
    ],
)
def test_near_certainty_and_near_nothing_are_not_rounded_away(share: float, words: str) -> None:
    assert certainty(share) == words


@pytest.mark.parametrize(("share", "words"), [(0.99184, "99.18 %"), (0, "0.00 %"), (None, "–")])
def test_a_share_has_two_digits_and_its_unit(share: float | None, words: str) -> None:
    assert percent(share) == words


def test_an_interval_names_its_level() -> None:
    assert interval(0.98983, 0.99339) == "95 % interval 98.98 % to 99.34 %"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1:00 min"), (65, "1:05 min"), (7_800, "2:10 h")]
)
def test_a_duration_is_read_at_a_glance(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 kB"), (60_000, "60 kB"), (966_400_000, "966 MB"), (1_540_000_000, "1.5 GB")]
)
def test_bytes_are_written_in_the_unit_that_fits(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("words", "last", "text"),
    [
        ((), "and", "none"),
        (("a",), "or", "a"),
        (("a", "b"), "or", "a or b"),
        (("a", "b", "c"), "and", "a, b and c"),
        (("a", "b", "c", "d"), "and", "a, b, c and 1 more"),
    ],
)
def test_words_are_joined_and_of_very_many_the_rest_counted(words: tuple[str, ...], last: str, text: str) -> None:
    assert join_words(words, 3, last) == text
