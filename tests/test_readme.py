"""The README is true: every setting, command, method and page stands in it, and every picture that it shows exists."""

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest

from mnist_dash.cli import parser
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    """The commands that the program knows."""
    (actions,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(actions.choices)


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_described(name: str) -> None:
    assert f"| `MNIST_DASH_{name.upper()}` |" in README


@pytest.mark.parametrize("name", commands())
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"^{name} ", README, re.MULTILINE)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_is_described_with_its_parameters(method: Method) -> None:
    assert re.search(rf"^\| `{method.name}` \|.*\| {method.parameters:,} \|$", README, re.MULTILINE)


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
def test_every_page_is_described(page: str) -> None:
    assert f"| **{page.capitalize()}** |" in README


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


@pytest.mark.parametrize("result", sorted(path.stem for path in (ROOT / "benchmarks" / "results").glob("*.json")))
def test_every_measurement_is_quoted(result: str) -> None:
    assert f"`{result}`" in README
