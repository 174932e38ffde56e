"""The program's version has one home, where the package that is built finds it too."""

import re
import tomllib
from pathlib import Path

from mnist_dash import VERSION

ROOT = Path(__file__).resolve().parents[1]


def test_the_version_of_the_package_is_that_of_the_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    home = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert re.findall(r'^VERSION = "(.+)"$', home.read_text("utf-8"), re.MULTILINE) == [VERSION]
