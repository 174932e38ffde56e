"""Addresses that people may have kept open what they opened when they were made."""

import pytest

from mnist_dash.runs.records import Run
from tests.pages.conftest import Open

OLD: list[tuple[str, dict[str, str], dict[str, object]]] = [
    ("train", {"run": "1"}, {"run": 1}),
    ("train", {"data": "mnist"}, {"data": "mnist"}),
    (
        "train",
        {"method": "cnn", "epochs": "7", "schedule": "one_cycle", "shift": "1.5"},
        {"method": "cnn", "cnn_epochs_1": 7, "cnn_schedule_1": "one_cycle", "cnn_shift_1": 1.5},
    ),
    ("runs", {"runs": "1"}, {"runs": (1,)}),
    ("runs", {"runs": "x,1,1"}, {"runs": (1,)}),
    ("sketch", {"closer": "why"}, {"closer": "why"}),
    ("sketch", {"way": "photo"}, {"way": "photo"}),
    ("sketch", {"model": "cnn", "closer": "models", "beside": "cnn"}, {"model": "cnn", "beside": ["cnn"]}),
    (
        "explore",
        {"data": "mnist", "view": "samples", "split": "Test", "digit": "3", "size": "L", "image": "5"},
        {"data": "mnist", "view": "samples", "split": "test", "digit": "3", "size": "L", "image": 5},
    ),
    (
        "explore",
        {"view": "samples", "order": "Shuffled", "shuffle": "4", "sheet": "2"},
        {"order": "random", "shuffle": 4, "sheet": 2},
    ),
    (
        "explore",
        {"view": "classes", "face": "Median", "one": "3", "other": "5", "ends_of": "7"},
        {"face": "median", "one": 3, "other": 5, "ends_of": 7},
    ),
    ("explore", {"view": "shapes", "tails_of": "2"}, {"tails_of": "2"}),
    ("explore", {"view": "pixels", "pixels_of": "8"}, {"pixels_of": "8"}),
    ("explore", {"view": "map", "map_tint": "Split"}, {"map_tint": "split"}),
    ("explore", {"view": "quality", "twins": "true"}, {"twins": True}),
]


@pytest.mark.parametrize(("page", "query", "session"), OLD, ids=[f"{page}-{'-'.join(query)}" for page, query, _ in OLD])
def test_old_addresses_go_on_working(
    opened: Open, finished: Run, page: str, query: dict[str, str], session: dict[str, object]
) -> None:
    assert finished.id == 1
    app = opened(page, **query)
    assert not app.exception
    assert {key: app.session_state[key] for key in session} == session
    assert {name: str(app.query_params[name]) for name in query if name != "runs"} == {
        name: text for name, text in query.items() if name != "runs"
    }
