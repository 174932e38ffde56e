"""Two processes share the tests so that what belongs together stays together."""

from pathlib import Path

import pytest

from tests.together import FIRST, OWN_SERVER, arrange, group_of

BROWSER = Path(__file__).parent / FIRST


def test_tests_that_share_a_server_stay_together_and_all_others_by_file() -> None:
    assert group_of("tests/browser/test_train.py::test_a[1]") == group_of("tests/browser/test_why.py::test_b") == FIRST
    assert group_of("tests/data/test_split.py::Test::test_a") == "tests/data/test_split.py"
    for name in OWN_SERVER:
        assert (BROWSER / name).is_file()
        assert group_of(f"tests/browser/{name}::test_a") == f"tests/browser/{name}"


def test_the_browser_comes_first_and_tensorflow_last(request: pytest.FixtureRequest) -> None:
    rooms = [Path(item.path).parent.name for item in request.session.items]
    assert rooms == sorted(rooms, key=lambda room: (room != FIRST, room == "training"))


def test_whoever_starts_a_process_is_slow_and_others_are_not(request: pytest.FixtureRequest) -> None:
    def of(*fixtures: str) -> pytest.Function:
        item = pytest.Function.from_parent(request.node.parent, name="test_x", callobj=lambda: None)
        item.fixturenames[:] = fixtures
        return item

    quick, starting = of("tmp_path"), of("tmp_path", "start")
    arrange([quick, starting])
    assert [item.get_closest_marker("slow") is not None for item in (quick, starting)] == [False, True]
