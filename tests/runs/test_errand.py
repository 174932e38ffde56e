import sys

import psutil
import pytest

from mnist_dash.runs.errand import Errand
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


def _errand(script: str, **limits: float) -> Errand:
    return Errand([sys.executable, "-c", script], **limits)  # type: ignore[arg-type]


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


@pytest.mark.slow
def test_an_errand_that_takes_too_long_is_ended() -> None:
    errand = _errand(WAITING, seconds=1)
    assert errand.wait(deadline())
    assert errand.error is not None
    assert "longer than 1 s" in errand.error


@pytest.mark.slow
def test_the_time_left_follows_from_the_share() -> None:
    errand = _errand(WAITING)
    assert errand.left is None
    assert until(lambda: errand.left)
    errand.stop()
