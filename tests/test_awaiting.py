"""A test waits for as long as the machine needs, and says what it last saw where that was in vain."""

import os

import pytest

from tests.awaiting import ENOUGH, MOST, crowding, deadline, until


@pytest.mark.parametrize(("wanting", "least", "most"), [(0, 1, MOST), (3, 3, MOST), (1_000, MOST, MOST)])
def test_a_deadline_grows_with_how_many_want_each_processor(
    monkeypatch: pytest.MonkeyPatch, wanting: int, least: float, most: float
) -> None:
    load = float(wanting * (os.cpu_count() or 1))
    monkeypatch.setattr("tests.awaiting.psutil.getloadavg", lambda: (load, load, load))
    assert least <= crowding() <= most
    assert least * ENOUGH <= deadline() <= most * ENOUGH


def test_what_comes_is_given_as_soon_as_it_is_there() -> None:
    assert until(iter([0, "", "there"]).__next__) == "there"


def test_what_never_comes_is_told() -> None:
    with pytest.raises(AssertionError, match="last seen: 0"):
        until(lambda: 0, 0.05)
