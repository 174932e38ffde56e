"""Runs on a real Ray cluster of two nodes: same figures, nothing lost or done twice, and what is said meanwhile."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.awaiting import deadline
from tests.runs.engines.ray_cluster import ISOLATED, find_reason

REASON = find_reason()
pytestmark = [
    pytest.mark.skipif(bool(REASON), reason=REASON or ""),
    pytest.mark.training,
    pytest.mark.slow,
]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def seen(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `ray_scenario` saw; everything that it started has ended with it."""
    home = tmp_path_factory.mktemp("cluster") / "home"
    words = [sys.executable, "-m", "tests.runs.engines.ray_scenario", str(home), str(small_file)]
    done = subprocess.run(
        [*ISOLATED, *words], capture_output=True, text=True, cwd=ROOT, timeout=4 * deadline(), check=False
    )
    assert done.returncode == 0, done.stderr[-6_000:]
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["database"] == ("SQLite" if postgres.REASON else "PostgreSQL")
    return told


def test_a_run_on_the_cluster_has_the_very_figures_of_one_on_this_machine(seen: dict[str, Any]) -> None:
    assert len(seen["here"][0]) == 2
    assert seen["here"][1]
    assert seen["there"] == [seen["here"], seen["here"]]


@pytest.mark.skipif(bool(postgres.REASON), reason=postgres.REASON or "")
def test_nodes_with_homes_of_their_own_learn_from_what_was_brought_to_the_web_server(seen: dict[str, Any]) -> None:
    assert seen["homes with the set"] == [True, True]


def test_two_nodes_do_a_run_each(seen: dict[str, Any]) -> None:
    assert "The cluster has 2 nodes (first and second), and room for 2 runs at once." in seen["two nodes say"]
    assert len(set(seen["nodes"])) == 2


def test_without_a_head_runs_wait_and_the_page_says_so(seen: dict[str, Any]) -> None:
    words, [run] = seen["without a head"]
    assert words.startswith("The Ray cluster at http://127.0.0.1:8265 cannot be reached.")
    assert run == ["queued", 0, 0, None]


def test_a_wrong_token_and_none_are_told_in_words(seen: dict[str, Any]) -> None:
    assert "refuses the token that is set here. Put its token into RAY_AUTH_TOKEN" in seen["another token"]
    assert "wants a token, and none is set here. Put its token into RAY_AUTH_TOKEN" in seen["no token"]


def test_a_supervisor_that_is_another_one_at_every_look_finds_its_jobs(seen: dict[str, Any]) -> None:
    assert seen["renewed"] == [["done", 1, 2, None], ["done", 1, 2, None]]


def test_a_node_that_is_killed_costs_no_finished_epoch(seen: dict[str, Any]) -> None:
    [[state, attempt, epochs, reason]] = seen["node lost"]
    assert (state, attempt, epochs) == ("done", 2, 60)
    assert reason.startswith("Its node was lost, or Ray ended its job (")
    assert int(reason.partition("Epoch ")[2].partition(" ")[0]) >= seen["epochs before"] >= 1
    assert seen["undisturbed"] == [["done", 1, 60, None]]
    lost, undisturbed = seen["same figures"]
    assert lost == undisturbed


def test_a_run_whose_job_waits_for_others_says_so_and_is_stopped_before_it_begins(seen: dict[str, Any]) -> None:
    words, [job, queued] = seen["waits"]
    assert words.startswith("The cluster has 1 node (first), and room for 1 run at once. Run ")
    assert words.endswith("no core is free yet, others use them.")
    assert (job[:2], queued[:2]) == (["running", 1], ["queued", 0])
    job, queued = seen["stopped"]
    assert job == ["stopped", 1, 0, "It was stopped before it began. No epoch had been finished."]
    assert queued[:2] == ["stopped", 0]


def test_what_a_job_has_printed_is_read_from_the_cluster(seen: dict[str, Any]) -> None:
    """Both streams, and Ray's own words."""
    assert {"It was", "not to be"} < set(seen["words of others"].splitlines())


def test_a_head_that_goes_and_comes_back_costs_no_finished_epoch(seen: dict[str, Any]) -> None:
    words, [away] = seen["head away"]
    assert words.startswith("The Ray cluster at http://127.0.0.1:8265 cannot be reached.")
    assert words.endswith("Runs wait, and go on when it answers; nothing that was recorded is lost.")
    assert away[:2] == ["running", 1]
    [[state, attempt, epochs, reason]] = seen["head back"]
    assert (state, attempt, epochs) == ("done", 2, 60)
    assert reason.startswith("The cluster knows nothing of its job: its head was started anew. Epoch ")
    assert seen["head back figures"] == seen["same figures"][0]
