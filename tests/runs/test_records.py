"""What the states mean."""

from mnist_dash.runs.records import State
from tests.runs.conftest import SITUATIONS, Bring


def test_a_run_is_active_until_it_has_ended() -> None:
    assert [state for state in State if state.active] == [State.QUEUED, State.RUNNING, State.PAUSED]


def test_there_is_something_to_wait_for_until_a_run_has_ended_and_its_process_is_gone(bring: Bring) -> None:
    ended = {"done", "stopped", "failed"}
    assert {situation for situation in SITUATIONS if not bring(situation).changing} == ended
