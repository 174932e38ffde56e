"""The command line, called in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from mnist_dash.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        assert (self.status, self.err) == (0, "")
        objects = self.lines
        assert len(objects) == 1
        return objects[0]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects that were printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def refusal(self) -> str:
        """The one line that says what is wrong."""
        assert (self.status, self.out) == (2, "")
        assert self.err.startswith("mnist_dash: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        return self.err.removeprefix("mnist_dash: ").rstrip()


Ask = Callable[..., Answer]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Calls a command with its arguments."""

    def ask(*arguments: str) -> Answer:
        try:
            status = main(arguments)
        except SystemExit as e:
            status = int(e.code or 0)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return ask
