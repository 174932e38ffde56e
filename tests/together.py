"""Which tests stay together where several processes share them, which come first, and which are slow."""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TESTS = Path(__file__).parent
FIRST, LAST = "browser", "training"
"""The longest room comes first; TensorFlow stays loaded and slows down whatever follows, so it comes last."""
OWN_SERVER = {"test_cloud.py", "test_proxy.py", "test_runs.py"}
"""Tests in a browser that share no server with the others."""
SLOW_ROOMS = {FIRST, LAST, "pages"}
SLOW_FIXTURES = {"command", "detached", "mnist", "python", "start"}
"""These start processes, or read or write thousands of digits."""


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out the tests file by file in their order, but those that share a server and a browser as one."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        """Keep the order in which the tests were collected."""
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """What a test is handed out with: its file, or all that share a server and a browser."""
    path = nodeid.partition("::")[0]
    shared = f"/{FIRST}/" in path and path.rpartition("/")[2] not in OWN_SERVER
    return FIRST if shared else path


def arrange(items: list[pytest.Item]) -> None:
    """Put the tests in order, and mark the slow ones."""
    items.sort(key=lambda item: (_room(item) != FIRST, _room(item) == LAST))
    for item in items:
        if _room(item) in SLOW_ROOMS or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def is_slow_room(path: Path) -> bool:
    """Whether all that stands in a folder is slow."""
    return path.parent == TESTS and path.name in SLOW_ROOMS


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]
