"""What the program imports is pinned, at the version that it is tested with."""

import ast
import re
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLUSTER = (ROOT / "requirements-cluster.txt").read_text("utf-8")
PINNED = dict(
    line.split("==") for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if re.match(r"\w", line)
)
"""The version of each distribution."""


def _imported() -> set[str]:
    """The modules of others that the program imports anywhere, by their first name."""
    found: set[str] = set()
    for file in (ROOT / "mnist_dash").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"mnist_dash"}


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_whatever_is_imported_is_pinned_at_the_installed_version() -> None:
    pinned, there = {_same(name): number for name, number in PINNED.items()}, packages_distributions()
    imported = _imported()
    assert {"h5py", "pyarrow", "numpy", "streamlit"} <= imported
    for module in sorted(imported):
        names = {_same(name) for name in there[module]}
        assert names & set(pinned), f"{module} comes from {names}, which requirements.txt does not name"
        for name in names & set(pinned):
            assert pinned[name] == version(name)


def test_what_signs_people_in_is_pinned_at_the_installed_version() -> None:
    """Streamlit imports it when somebody signs in, and the program by its name."""
    assert {name: version(name) for name in ("Authlib", "httpx2")}.items() <= PINNED.items()


def test_the_driver_of_a_server_is_pinned_at_the_installed_version() -> None:
    assert f"\npsycopg[binary]=={version('psycopg')}\n" in CLUSTER
    assert version("psycopg-binary") == version("psycopg")


def test_the_cluster_is_pinned_at_the_installed_version_and_imported_by_nobody() -> None:
    assert f"\nray[default]=={version('ray')}\n" in CLUSTER
    assert "ray" not in _imported()
