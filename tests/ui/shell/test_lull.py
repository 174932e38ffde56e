"""What would hold up a visitor waits until nobody asks for anything."""

from threading import Event, Thread

import pytest

from mnist_dash.ui.shell.lull import Lull
from tests.awaiting import deadline

NEVER = Event()


def test_a_server_that_nobody_has_asked_anything_has_its_lull_after_a_moment() -> None:
    lull = Lull()
    assert lull.wait(0.01, deadline(), NEVER)


def test_a_lull_begins_only_when_the_last_visitor_has_been_served() -> None:
    lull, passed = Lull(), Event()

    def pass_by() -> None:
        if lull.wait(0.0, deadline(), NEVER):
            passed.set()

    waiting = Thread(target=pass_by, daemon=True)
    with lull.interrupt():
        with lull.interrupt():
            waiting.start()
        assert not passed.wait(0.3)
    assert passed.wait(deadline())
    waiting.join(deadline())


def test_a_visitor_whose_page_fails_is_served_too() -> None:
    lull = Lull()
    with pytest.raises(SystemExit), lull.interrupt():
        raise SystemExit
    assert lull.wait(0.0, deadline(), NEVER)


def test_what_is_patient_for_so_long_waits_no_longer() -> None:
    lull = Lull()
    with lull.interrupt():
        assert lull.wait(0.0, 0.05, NEVER)


def test_nothing_begins_at_a_server_that_ends() -> None:
    ended = Event()
    ended.set()
    assert not Lull().wait(0.0, deadline(), ended)
