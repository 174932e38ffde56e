"""The program's version is one."""

import tomllib
from pathlib import Path

from mnist_dash import VERSION


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION
