"""What the states mean."""

from mnist_dash.runs.records import State


def test_a_run_is_active_until_it_has_ended() -> None:
    assert [state for state in State if state.active] == [State.QUEUED, State.RUNNING]
