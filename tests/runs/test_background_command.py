import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psutil
import pytest

from mnist_dash.runs.background_command import BackgroundCommand, BackgroundCommands
from tests.awaiting import deadline, until

TOLD = """
import json, sys
print(json.dumps({"share": 0.5, "text": "Half way"}), flush=True)
print(json.dumps({"result": {"count": 3}}), flush=True)
"""
WAITING = """
import json, threading
print(json.dumps({"share": 0.25, "text": "Waiting"}), flush=True)
threading.Event().wait()
"""
GREEDY = """
import threading
held = bytearray(400_000_000)
threading.Event().wait()
"""


def _errand(script: str, **limits: float) -> BackgroundCommand:
    return BackgroundCommand([sys.executable, "-c", script], **limits)  # type: ignore[arg-type]


def test_an_errand_tells_how_far_it_is_and_what_came_of_it() -> None:
    errand = _errand(TOLD)
    assert errand.wait(deadline())
    assert (errand.share, errand.text) == (0.5, "Half way")
    assert errand.result == {"count": 3}
    assert errand.error is None


def test_an_errand_that_is_stopped_leaves_no_process_and_no_error() -> None:
    errand = _errand(WAITING)
    until(lambda: errand.text == "Waiting")
    before = psutil.Process().children()
    errand.stop()
    assert errand.wait(deadline())
    assert errand.stopped
    assert (errand.result, errand.error) == (None, None)
    assert len(psutil.Process().children()) == len(before) - 1


def test_an_error_that_is_meant_for_people_is_handed_on() -> None:
    errand = _errand("pass")
    assert errand.wait(deadline())
    assert errand.error == "The process ended with status 0: it said nothing. Try again."
    errand = _errand("import sys; print('mnist_dash: Nothing at x.', file=sys.stderr); sys.exit(2)")
    assert errand.wait(deadline())
    assert errand.error == "Nothing at x."


def test_a_process_that_breaks_down_says_so() -> None:
    errand = _errand("raise RuntimeError('broken')")
    assert errand.wait(deadline())
    assert errand.error == "The process ended with status 1: RuntimeError: broken. Try again."


def test_an_errand_that_grows_too_large_is_ended() -> None:
    errand = _errand(GREEDY, memory=200_000_000)
    assert errand.wait(deadline())
    assert errand.error is not None
    assert "more than 200 MB" in errand.error


def test_an_errand_that_takes_too_long_is_ended() -> None:
    errand = _errand(WAITING, seconds=1)
    assert errand.wait(deadline())
    assert errand.error is not None
    assert "longer than 1 s" in errand.error


def test_the_time_left_follows_from_the_share() -> None:
    errand = _errand(WAITING)
    assert errand.left is None
    assert until(lambda: errand.left, seconds=60)
    errand.stop()


def _all_at_once(act: Callable[[], object], threads: int = 12) -> list[object]:
    """What `act` gives to each of so many threads that begin at the same moment."""
    barrier = Barrier(threads)

    def meet(_: int) -> object:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(meet, range(threads)))


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_sessions_that_send_for_the_same_thing_at_the_same_moment_wait_for_one_process() -> None:
    errands, before = BackgroundCommands(), _children()
    sent = _all_at_once(lambda: errands.send("map", [sys.executable, "-c", WAITING]))
    assert len(set(map(id, sent))) == 1
    assert len(_children() - before) == 1
    errand = errands.find("map")
    assert errand is not None
    assert errand is sent[0]
    errand.stop()
    assert errand.wait(deadline())
    again = errands.send("map", [sys.executable, "-c", TOLD])
    assert again is not errand
    assert again.wait(deadline())


def test_every_session_may_forget_what_failed_and_none_forgets_what_was_sent_for_since() -> None:
    errands = BackgroundCommands()
    failed = errands.send("map", [sys.executable, "-c", "raise SystemExit(1)"])
    assert failed.wait(deadline())
    _all_at_once(lambda: errands.forget("map", failed))
    assert errands.find("map") is None
    newer = errands.send("map", [sys.executable, "-c", TOLD])
    errands.forget("map", failed)
    assert errands.find("map") is newer
    assert newer.wait(deadline())


def test_of_errands_that_ended_the_oldest_are_forgotten_but_none_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnist_dash.runs.background_command.KEPT", 2)
    errands = BackgroundCommands()
    waiting = errands.send("waiting", [sys.executable, "-c", WAITING])
    for number in range(5):
        assert errands.send(str(number), [sys.executable, "-c", ""]).wait(deadline())
    errands.send("last", [sys.executable, "-c", ""]).wait(deadline())
    assert len(errands) == 4
    assert [key for key in ("waiting", *"01234", "last") if errands.find(key)] == ["waiting", "3", "4", "last"]
    waiting.stop()
    assert waiting.wait(deadline())
