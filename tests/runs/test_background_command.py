import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psutil
import pytest

from mnist_dash.runs import places, process
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


def _job(script: str, **limits: float) -> BackgroundCommand:
    return BackgroundCommand([sys.executable, "-c", script], **limits)  # type: ignore[arg-type]


def test_a_job_tells_how_far_it_is_and_what_came_of_it() -> None:
    job = _job(TOLD)
    assert job.wait(deadline())
    assert (job.share, job.text) == (0.5, "Half way")
    assert job.result == {"count": 3}
    assert job.error is None


def test_a_job_that_is_stopped_leaves_no_process_and_no_error() -> None:
    job = _job(WAITING)
    until(lambda: job.text == "Waiting")
    before = psutil.Process().children()
    job.stop()
    assert job.wait(deadline())
    assert job.stopped
    assert (job.result, job.error) == (None, None)
    assert len(psutil.Process().children()) == len(before) - 1


def test_an_error_that_is_meant_for_people_is_handed_on() -> None:
    job = _job("pass")
    assert job.wait(deadline())
    assert job.error == "The process ended with status 0: it said nothing. Try again."
    job = _job("import sys; print('mnist_dash: Nothing at x.', file=sys.stderr); sys.exit(2)")
    assert job.wait(deadline())
    assert job.error == "Nothing at x."


def test_a_process_that_breaks_down_says_so() -> None:
    job = _job("raise RuntimeError('broken')")
    assert job.wait(deadline())
    assert job.error == "The process ended with status 1: RuntimeError: broken. Try again."


def test_a_job_that_grows_too_large_is_ended() -> None:
    job = _job(GREEDY, memory=200_000_000)
    assert job.wait(deadline())
    assert job.error is not None
    assert "more than 200 MB" in job.error


def test_a_job_that_takes_too_long_is_ended() -> None:
    job = _job(WAITING, seconds=1)
    assert job.wait(deadline())
    assert job.error is not None
    assert "longer than 1 s" in job.error


def test_the_time_left_follows_from_the_share() -> None:
    job = _job(WAITING)
    assert job.left is None
    assert until(lambda: job.left, seconds=60)
    job.stop()


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
    jobs, before = BackgroundCommands(), _children()
    sent = _all_at_once(lambda: jobs.send("map", [sys.executable, "-c", WAITING]))
    assert len(set(map(id, sent))) == 1
    assert len(_children() - before) == 1
    job = jobs.find("map")
    assert job is not None
    assert job is sent[0]
    job.stop()
    assert job.wait(deadline())
    again = jobs.send("map", [sys.executable, "-c", TOLD])
    assert again is not job
    assert again.wait(deadline())


def test_every_session_may_forget_what_failed_and_none_forgets_what_was_sent_for_since() -> None:
    jobs = BackgroundCommands()
    failed = jobs.send("map", [sys.executable, "-c", "raise SystemExit(1)"])
    assert failed.wait(deadline())
    _all_at_once(lambda: jobs.forget("map", failed))
    assert jobs.find("map") is None
    newer = jobs.send("map", [sys.executable, "-c", TOLD])
    jobs.forget("map", failed)
    assert jobs.find("map") is newer
    assert newer.wait(deadline())


def test_of_jobs_that_ended_the_oldest_are_forgotten_but_none_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnist_dash.runs.background_command.KEPT", 2)
    jobs = BackgroundCommands()
    waiting = jobs.send("waiting", [sys.executable, "-c", WAITING])
    for number in range(5):
        assert jobs.send(str(number), [sys.executable, "-c", ""]).wait(deadline())
    assert jobs.send("last", [sys.executable, "-c", ""]).wait(deadline())
    assert len(jobs) == 4
    assert [key for key in ("waiting", *"01234", "last") if jobs.find(key)] == ["waiting", "3", "4", "last"]
    waiting.stop()
    assert waiting.wait(deadline())


def test_more_jobs_than_places_wait_for_their_turn_and_say_for_how_many() -> None:
    jobs = BackgroundCommands(places=2)
    waiting = [sys.executable, "-c", WAITING]
    with ThreadPoolExecutor(5) as pool:
        # One a session; two of them are of one session alone.
        sent = list(pool.map(lambda at: jobs.send(f"{at}", waiting), range(3)))
    sent += [jobs.start(waiting) for _ in range(2)]
    try:
        until(lambda: [job.text for job in sent].count("Waiting") == 2)
        assert sorted(job.before for job in sent) == [0, 0, 2, 3, 4]
        # Whoever waits may stop waiting, and leaves no process.
        sent[3].stop()
        assert sent[3].wait(deadline())
        assert (sent[3].stopped, sent[3].error, sent[4].before) == (True, None, 3)
        first = next(job for job in sent if job.text == "Waiting")
        first.stop()
        until(lambda: [job.text for job in sent].count("Waiting") == 3)
        assert sent[4].before == 2
        assert sent[4].left is None
    finally:
        for job in reversed(sent):
            job.stop()
            assert job.wait(deadline())


def test_a_process_that_cannot_be_started_says_so_and_leaves_its_place() -> None:
    jobs = BackgroundCommands(places=1)
    lost = jobs.start(["/there/is/no/such/program"])
    assert lost.ended
    assert str(lost.error).startswith("Its process cannot be started (No such file")
    job = jobs.start([sys.executable, "-c", TOLD])
    assert job.wait(deadline())
    assert job.result == {"count": 3}


def test_there_is_a_place_a_core_as_far_as_memory_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    for memory, count in ((64e9, 8), (12e9, 3), (1e9, 1)):
        monkeypatch.setattr(process, "read_memory", lambda memory=memory: int(memory))
        assert places.count_places(2_000_000_000) == count
