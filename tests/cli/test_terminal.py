import json

import numpy as np
import pytest

from mnist_dash.cli import terminal


def test_progress_is_not_told_more_often_than_it_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mnist_dash.cli.terminal.time.monotonic", iter(np.arange(0, 10, 0.05)).__next__)
    line = terminal.print_progress_lines()
    for n in range(101):
        line("Reading", n / 100)
    told = [json.loads(text)["share"] for text in capsys.readouterr().out.splitlines()]
    assert 20 <= len(told) <= 27
    assert (told[0], told[-1]) == (0, 1)


def test_the_last_line_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_result(token="abc")  # noqa: S106 - the name of a staging, no secret
    assert json.loads(capsys.readouterr().out) == {"result": {"token": "abc"}}


def test_what_is_said_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("Run 1, \x1b[2Jgone\r", "a\nb", "\udce4.csv")
    terminal.say("5 \x9b31m", error=True)
    said = capsys.readouterr()
    assert said.out.splitlines() == [r"Run 1, \x1b[2Jgone\r", r"a\nb", r"\udce4.csv"]
    assert said.err == "5 \\x9b31m\n"


def test_progress_moves_no_cursor_but_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    terminal.show_progress("Reading \x1b[31m.csv", 0.5)
    assert capsys.readouterr().err == "\rReading \\x1b[31m.csv  50%"


def test_what_takes_minutes_says_how_long_it_may_still_take(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("mnist_dash.cli.terminal.time.monotonic", iter((0.0, 0.5, 30.0, 60.0)).__next__)
    show = terminal.show_time_left()
    for text, share in (("Drawing the first", 0.1), ("Drawing the second", 0.25), ("Ready", 1.0)):
        show(text, share)
    first, second, last = capsys.readouterr().err.lstrip("\r").split("\r")
    assert first == "Drawing the first  10%"
    assert second == "Drawing the second, 1:30 min left  25%"
    assert last == f"{'Ready, 0 s left':<{len('Drawing the second, 1:30 min left')}} 100%\n"
