"""How long an answer takes is measured, and a slow model is not asked for long."""

import time
from threading import Event

import numpy as np
import pytest

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.models import timing
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.timing import ENOUGH, TIMES, measure_milliseconds
from tests.awaiting import deadline


class Slow:
    """Takes a known time for each answer; counts them."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self.answers = seconds, 0

    def probabilities(self, images: Images) -> Probabilities:
        self.answers += 1
        Event().wait(self._seconds)
        return np.full((len(images), 10), 0.1, np.float32)


def test_the_time_of_one_answer_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    # Every answer is asked for, so that one that the machine holds up is none of those in the middle.
    monkeypatch.setattr(timing, "ENOUGH", deadline())
    for model, least in ((Slow(0.005), 5), (load_bundled(DEFAULT), 0)):
        started = time.perf_counter()
        found = measure_milliseconds(model)
        assert least < found < 1_000 * (time.perf_counter() - started) / (TIMES // 2)


def test_a_slow_model_is_asked_no_longer_than_need_be() -> None:
    slow, started = Slow(2 * ENOUGH), time.monotonic()
    measure_milliseconds(slow)
    assert slow.answers == 2 < TIMES
    assert time.monotonic() - started > 4 * ENOUGH - 0.05
