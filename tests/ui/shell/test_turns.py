"""Scripts work in the order in which they came, a few at once, and nobody waits for one that waits itself."""

from threading import Event, Thread

import pytest

from mnist_dash.ui.shell.turns import PLACES, Turns
from tests.awaiting import deadline, until


class Script:
    """A script that works from when it is its turn until it is told to end."""

    def __init__(self, turns: Turns, begun: list["Script"]) -> None:
        """It stands in line once `start` has been called."""
        self._turns, self._begun, self._told = turns, begun, Event()
        self._thread = Thread(target=self._work, daemon=True)

    def start(self, waiting: int) -> None:
        """Stand in line; returns when so many do, or none of them where it begins at once."""
        self._thread.start()
        until(lambda: self in self._begun or (waiting > 0 and self._turns.waiting == waiting))

    def _work(self) -> None:
        with self._turns.take():
            self._begun.append(self)
            assert self._told.wait(deadline())

    def end(self) -> None:
        """Return."""
        self._told.set()
        self._thread.join(deadline())


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No script is taken to wait for something, however slow the machine."""
    monkeypatch.setattr("mnist_dash.ui.shell.turns.LONG", 2 * deadline())


@pytest.mark.usefixtures("patient")
def test_scripts_work_a_few_at_once_in_the_order_in_which_they_came() -> None:
    turns, begun = Turns(), list[Script]()
    scripts = [Script(turns, begun) for _ in range(PLACES + 3)]
    for place, script in enumerate(scripts):
        script.start(place + 1 - PLACES)
    assert begun == scripts[:PLACES]
    told = list[Script]()
    for ended in range(3):
        told.append(begun[ended])
        told[-1].end()
        until(lambda: len(begun) == PLACES + len(told))
        assert begun == scripts[: PLACES + ended + 1]
    for script in scripts:
        script.end()
    assert turns.waiting == 0


def test_who_waits_for_something_holds_nobody_up() -> None:
    turns, begun = Turns(), list[Script]()
    scripts = [Script(turns, begun) for _ in range(PLACES + 2)]
    for script in scripts:
        script.start(1)
    until(lambda: len(begun) == len(scripts))
    for script in reversed(scripts):
        script.end()


@pytest.mark.usefixtures("patient")
def test_a_script_that_fails_leaves_its_place() -> None:
    turns = Turns()
    for _ in range(PLACES + 1):
        with pytest.raises(SystemExit), turns.take():
            raise SystemExit


@pytest.mark.usefixtures("patient")
def test_a_script_that_is_broken_off_in_line_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, begun = Turns(), list[Script]()
    scripts = [Script(turns, begun) for _ in range(PLACES)]
    for script in scripts:
        script.start(1)

    def break_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("threading.Condition.wait", break_off)
        with pytest.raises(KeyboardInterrupt), turns.take():
            pytest.fail("it was not its turn")
    assert turns.waiting == 0
    for script in scripts:
        script.end()
    with turns.take():
        pass
