"""A suite that leaves something behind fails, and says what it was."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.awaiting import deadline
from tests.leftovers import CACHES, VARIABLE, Session

LIVES = "import sys; print('alive', flush=True); sys.stdin.read()"
STARTS_AND_DIES = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True, "
    "stdin=sys.stdin, stdout=sys.stdout); print(child.pid)"
)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session that begins with a file and a cache in its tree."""
    monkeypatch.setenv(VARIABLE, os.environ.get(VARIABLE, ""))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "here.py").touch()
    return Session.begin(tmp_path / "tree")


def test_a_session_that_leaves_nothing_says_nothing(session: Session, tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", ""], check=False).returncode == 0
    for name in CACHES:
        (tmp_path / "tree" / name).mkdir()
        (tmp_path / "tree" / name / "kept").touch()
    assert session.leftovers(tmp_path / "tree") == []


def test_a_process_is_named_and_ended_even_where_its_parent_has_gone(session: Session, tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    line = [sys.executable, "-c", STARTS_AND_DIES, LIVES]
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        said = {parent.stdout.readline().strip() for _ in range(2)}
        assert parent.wait(deadline()) == 0
        (pid,) = said - {"alive"}
        (left,) = session.leftovers(tmp_path / "tree", patience=0)
        assert left.startswith(f"process {pid}: {sys.executable} -c import sys")
    assert session.leftovers(tmp_path / "tree") == []


def test_a_server_in_this_process_is_named(session: Session, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert session.leftovers(tmp_path / "tree") == [f"a server that listens on port {port}"]


def test_a_new_file_in_the_tree_is_named(session: Session, tmp_path: Path) -> None:
    (tmp_path / "tree" / "folder").mkdir()
    (tmp_path / "tree" / "folder" / "left.npz").touch()
    assert session.leftovers(tmp_path / "tree") == [f"the file {tmp_path / 'tree' / 'folder' / 'left.npz'}"]
