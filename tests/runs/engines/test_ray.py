"""Runs are submitted once, buried when the cluster says so, and nobody is dead while it says nothing."""

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_dash.errors import EngineAwayError, EngineError
from mnist_dash.methods.space import Range
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queue
from mnist_dash.runs.engines import ray
from mnist_dash.runs.engines.cluster import explain_waiting
from mnist_dash.runs.engines.ray import name_job, write_entrypoint
from mnist_dash.runs.engines.ray_jobs import RayJobs
from mnist_dash.runs.outputs import output_of
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.spare import announce_run
from mnist_dash.runs.supervisor import Supervisor
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import controller
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from tests.runs.conftest import Child, an_epoch
from tests.runs.engines.conftest import Head

NETWORK = RunSpec.of("dense_128", "mnist")


@pytest.fixture
def supervisor(on_ray: Settings, database: Database) -> Supervisor:
    """The supervisor of a home whose runs go to the head."""
    return Supervisor(on_ray, database)


def _says(settings: Settings, database: Database) -> str:
    return explain_waiting(settings, runs_of(database)) or ""


def _states(database: Database) -> list[State]:
    return [run.state for run in reversed(runs_of(database))]


def test_a_run_is_submitted_with_its_cores_and_memory_and_the_local_command(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    assert supervisor.tick()
    run = run_of(database, 1)
    assert (run.state, run.attempt) == (State.RUNNING, 1)
    (job,) = head.heard
    assert (job["submission_id"], job["entrypoint_num_cpus"]) == (name_job(run), 1)
    assert (job["entrypoint_memory"], job["entrypoint"]) == (1_000_000_000, write_entrypoint(on_ray, run))


def test_the_line_of_a_node_has_every_setting_but_the_database(on_ray: Settings, database: Database) -> None:
    run = queue.submit(database, NETWORK)
    settings = replace(on_ray, data=Path("/srv/it's mnist"), db="postgresql+psycopg://me:secret@host/runs")
    line = write_entrypoint(settings, run)
    assert "secret" not in line
    words = shlex.split(line)
    assert words[:3] == ["exec", "env", f"MNIST_DASH_HOME={settings.home}"]
    assert "MNIST_DASH_DATA=/srv/it's mnist" in words
    assert {"MNIST_DASH_OFFLINE=1", f"MNIST_DASH_ENGINE={settings.engine}", "PYTHONSAFEPATH=1"} <= set(words)
    command = process.make_command("run", "1", "--attempt", "0")
    # What it prints is kept by Ray, and asked for.
    assert words[-len(command) :] == [*command]


def test_the_id_of_a_job_follows_from_run_and_attempt_and_is_no_other_homes(database: Database) -> None:
    run, other = queue.submit_all(database, [NETWORK, NETWORK])
    names = {name_job(run), name_job(other), name_job(replace(run, attempt=1)), name_job(replace(run, created=1.5))}
    assert len(names) == 4
    assert name_job(run_of(database, run.id)) == name_job(run)
    assert all(re.fullmatch(r"mnist-dash-[0-9a-f]{12}-run-\d+-attempt-\d+", name) for name in names)


def test_no_more_runs_are_submitted_than_nodes_and_slots_have_room_for(
    on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("second", cpu=2.0, memory=9e9)
    head.add_node("first", cpu=2.0, memory=1.5e9)
    head.add_node("gone", cpu=9.0, memory=9e9, state="DEAD")
    queue.submit_all(database, [NETWORK] * 5)
    Supervisor(replace(on_ray, slots=2), database).tick()
    assert len(head.heard) == 2
    supervisor = Supervisor(on_ray, database)
    supervisor.tick()
    supervisor.tick()
    assert len(head.heard) == 3
    head.end("RUNNING")
    supervisor.tick()
    assert _says(on_ray, database) == (
        "The cluster has 2 nodes (first and second), and room for 3 runs at once. "
        "Waiting runs wait for a core: 3 at work."
    )


def test_a_paused_run_keeps_its_core(supervisor: Supervisor, database: Database, head: Head) -> None:
    head.add_node("first")
    queue.submit_all(database, [NETWORK] * 2)
    supervisor.tick()
    head.end("RUNNING")
    control.pause(database, 1)
    RunRecorder(database, run_of(database, 1)).pause(attached=True)
    supervisor.tick()
    assert _states(database) == [State.PAUSED, State.QUEUED]


def test_another_supervisor_finds_the_jobs_and_submits_none_twice(
    on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    for _ in range(3):
        assert Supervisor(on_ray, database).tick()
    assert (len(head.heard), run_of(database, 1).attempt) == (1, 1)


def test_a_submission_whose_answer_was_lost_is_not_made_twice(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    head.loses_answers = True
    queue.submit(database, NETWORK)
    supervisor.tick()
    assert "is not ready (HTTP 503)" in _says(on_ray, database)
    supervisor.tick()
    assert len(head.jobs) == 1
    assert _says(on_ray, database).startswith("The cluster has 1 node (first)")
    assert (run_of(database, 1).attempt, run_of(database, 1).state) == (1, State.RUNNING)
    # That it had arrived is known from here on.
    supervisor.tick()
    assert len(head.heard) == 2


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (("FAILED", 137, "JOB_ENTRYPOINT_COMMAND_ERROR"), "Its process was killed (by a person, or by the system when"),
        (
            ("FAILED", 3, "JOB_ENTRYPOINT_COMMAND_ERROR"),
            "Its process ended with exit status 3; its last line was “Oh.”.",
        ),
        (("SUCCEEDED", 0, None), "Its process ended with exit status 0."),
        (("STOPPED", None, None), "Its job was stopped on the cluster."),
        (
            ("FAILED", None, None, "The actor\ndied. It had 3 arms."),
            "Its node was lost, or Ray ended its job (The actor died).",
        ),
    ],
)
def test_a_job_that_ended_without_a_word_is_submitted_anew_as_another_attempt(
    supervisor: Supervisor, database: Database, head: Head, end: tuple[str, int | None], reason: str
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    RunRecorder(database, run_of(database, 1)).epoch(an_epoch(1), b"model")
    head.said = "Well.\nOh.\n"
    head.end(*end)
    supervisor.tick()
    run = run_of(database, 1)
    assert (run.state, run.attempt, run.epoch) == (State.RUNNING, 2, 1)
    assert run.reason is not None
    assert run.reason.startswith(f"{reason}")
    assert "Epoch 1 and all before it are kept." in run.reason
    assert [job["submission_id"] for job in head.heard] == [name_job(replace(run, attempt=n)) for n in (1, 2)]
    assert output_of(database, 1) == ("Well.\nOh." if end[1] is not None else "")


def test_a_job_whose_output_is_gone_is_buried_without_it(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    head.end("FAILED", 3)
    supervisor.tick()
    run = run_of(database, 1)
    assert (run.attempt, run.reason) == (
        2,
        "Its process ended with exit status 3. No epoch had been finished. The run was queued again, to go on from "
        "there.",
    )
    assert output_of(database, 1) == ""
    # Nothing is wrong with the cluster.
    assert "The cluster has 1 node" in _says(on_ray, database)


def test_the_third_death_in_one_epoch_fails_a_run(supervisor: Supervisor, database: Database, head: Head) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    for _ in range(4):
        supervisor.tick()
        head.end("FAILED", 137)
    failed = run_of(database, 1)
    assert (failed.state, failed.attempt, len(head.heard)) == (State.FAILED, 3, 3)
    assert "This was death 3 in the same epoch" in str(failed.reason)


def test_a_head_that_was_started_anew_knows_no_job_and_gets_another_attempt(
    supervisor: Supervisor, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    head.jobs.clear()
    supervisor.tick()
    run = run_of(database, 1)
    assert (run.state, run.attempt) == (State.RUNNING, 2)
    assert str(run.reason).startswith("The cluster knows nothing of its job: its head was started anew.")


def test_a_job_that_ray_gave_up_before_it_began_is_the_same_attempt_still(
    supervisor: Supervisor, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    head.end("FAILED", error="JOB_SUPERVISOR_ACTOR_START_TIMEOUT")
    for _ in range(4):
        supervisor.tick()
    assert (run_of(database, 1).attempt, run_of(database, 1).reason) == (1, None)
    assert (len(head.heard), [job["status"] for job in head.jobs.values()]) == (2, ["PENDING"])


def test_a_run_that_is_stopped_while_its_job_waits_never_begins(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    run = queue.submit(database, NETWORK)
    supervisor.tick()
    supervisor.tick()
    assert _says(on_ray, database).endswith(" Run 1: no core is free yet, others use them.")
    control.stop(database, run.id)
    supervisor.tick()
    stopped = run_of(database, run.id)
    assert (stopped.state, stopped.host) == (State.STOPPED, None)
    assert stopped.reason == "It was stopped before it began. No epoch had been finished."
    assert head.stopped == [name_job(stopped)]


def test_a_job_that_was_just_submitted_is_not_said_to_wait(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray, "SOON", 1_000.0)
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    supervisor.tick()
    assert _says(on_ray, database) == "The cluster has 1 node (first), and room for 1 run at once."


def test_a_run_at_work_is_left_to_stop_itself(supervisor: Supervisor, database: Database, head: Head) -> None:
    head.add_node("first")
    run = queue.submit(database, NETWORK)
    supervisor.tick()
    head.end("RUNNING")
    supervisor.tick()
    control.stop(database, run.id)
    supervisor.tick()
    assert (run_of(database, run.id).state, head.stopped) == (State.RUNNING, [])


def test_while_the_head_is_away_nobody_is_dead_and_nothing_is_taken(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first", cpu=2.0)
    queue.submit(database, NETWORK)
    supervisor.tick()
    queue.submit(database, NETWORK)
    head.status = 502
    head.jobs.clear()
    for _ in range(3):
        assert supervisor.tick()
    assert _states(database) == [State.RUNNING, State.QUEUED]
    assert run_of(database, 1).attempt == 1
    assert _says(on_ray, database) == (
        f"The Ray cluster at {head.address} is not ready (HTTP 502). It may be starting. Runs wait, and go on when it "
        "answers; nothing that was recorded is lost."
    )
    head.status = 200
    supervisor.tick()
    supervisor.tick()
    assert _states(database) == [State.RUNNING, State.RUNNING]


def test_what_was_claimed_as_the_head_went_away_is_submitted_when_it_is_back_or_never_where_it_was_stopped(
    supervisor: Supervisor, database: Database, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    head.add_node("first", cpu=2.0)
    queue.submit_all(database, [NETWORK] * 2)
    submit = RayJobs.submit

    def lose(*_: object) -> None:
        raise EngineAwayError("Away.")

    monkeypatch.setattr(RayJobs, "submit", lose)
    supervisor.tick()
    assert (_states(database), head.heard) == ([State.RUNNING, State.RUNNING], [])
    control.stop(database, 2)
    supervisor.tick()
    assert _states(database) == [State.RUNNING, State.STOPPED]
    monkeypatch.setattr(RayJobs, "submit", submit)
    supervisor.tick()
    assert [job["submission_id"] for job in head.heard] == [name_job(run_of(database, 1))]
    assert (run_of(database, 1).attempt, run_of(database, 1).reason) == (1, None)


def test_an_engine_rests_after_a_question_in_vain(
    supervisor: Supervisor, database: Database, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray, "REST", 1_000.0)
    queue.submit(database, NETWORK)
    head.status = 502
    supervisor.tick()
    head.status = 200
    head.add_node("first")
    supervisor.tick()
    assert head.heard == []


def test_a_cluster_without_a_core_says_so(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    queue.submit(database, NETWORK)
    assert _says(on_ray, database) == f"The Ray cluster at {head.address} has not been asked yet."
    supervisor.tick()
    assert _says(on_ray, database) == "The cluster has no core for a run: no node. Runs wait for a node."
    head.add_node("small", memory=1e8)
    supervisor.tick()
    assert _says(on_ray, database) == "The cluster has no core for a run: 1 node (small). Runs wait for a node."
    control.stop(database, 1)
    assert explain_waiting(on_ray, runs_of(database)) is None


def test_where_runs_stay_on_this_machine_nothing_is_said_of_clusters(settings: Settings, database: Database) -> None:
    queue.submit(database, NETWORK)
    assert explain_waiting(settings, runs_of(database)) is None


@pytest.mark.parametrize("place", ["variable", "file"])
def test_the_token_is_shown_where_tokens_are_on(
    head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    head.token = "right" * 8
    head.add_node("first")
    jobs = RayJobs(head.address)
    with pytest.raises(EngineError, match=r"wants a token, and none is set here\. Put its token into RAY_AUTH_TOKEN"):
        jobs.list_nodes()
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "token"))
    with pytest.raises(EngineError, match="wants a token"):
        jobs.list_nodes()
    (tmp_path / "token").write_text("\n")
    with pytest.raises(EngineError, match="wants a token"):
        jobs.list_nodes()
    monkeypatch.setenv("RAY_AUTH_TOKEN", "wrong" * 8)
    with pytest.raises(EngineError, match="refuses the token that is set here") as refused:
        jobs.list_nodes()
    assert "wrong" not in str(refused.value)
    (tmp_path / "token").write_text(f"{head.token}\n")
    monkeypatch.setenv("RAY_AUTH_TOKEN", head.token if place == "variable" else "")
    assert [node.name for node in jobs.list_nodes()] == ["first"]
    monkeypatch.setenv("RAY_AUTH_TOKEN", "a\nb")
    with pytest.raises(EngineError, match="has characters that no token has"):
        jobs.list_nodes()


def test_a_netrc_of_this_machine_does_not_stand_in_the_tokens_place(
    head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", os.fspath(tmp_path / "netrc"))
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "right" * 8)
    head.token = "right" * 8
    assert RayJobs(head.address).list_nodes() == []


def test_a_fault_of_the_head_is_told_by_its_last_line(head: Head) -> None:
    head.status = 500
    with pytest.raises(EngineError, match=r"answers HTTP 500 \(KeyError: 'head'\). Check the address, and its log."):
        RayJobs(head.address).list_nodes()


def test_nobody_at_the_address_is_away(head: Head) -> None:
    with pytest.raises(EngineAwayError, match=r"http://127.0.0.1:9 cannot be reached. Check that its head runs"):
        RayJobs("http://127.0.0.1:9").find("any")
    head.nodes = [{"state": "ALIVE"}]
    with pytest.raises(EngineError, match="lists its nodes in a way that is not known here"):
        RayJobs(head.address).list_nodes()


def test_no_process_is_kept_ready_for_a_cluster(on_ray: Settings) -> None:
    assert not announce_run(on_ray)


def test_a_run_that_ended_is_asked_about_no_more(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head
) -> None:
    head.add_node("first")
    queue.submit(database, NETWORK)
    supervisor.tick()
    run: Run = run_of(database, 1)
    RunRecorder(database, run).end(State.DONE, {}, None)
    head.end("SUCCEEDED", 0)
    assert not Supervisor(on_ray, database).tick()
    assert run_of(database, 1).state is State.DONE


def test_a_trial_goes_to_the_cluster_and_its_sweep_is_looked_after_here(
    supervisor: Supervisor, on_ray: Settings, database: Database, head: Head, children: list[Child]
) -> None:
    head.add_node("first")
    plan = SweepPlan(NETWORK, (Range("learning_rate", 0.001, 0.1, log=True),), trials=2)
    sweep = start_sweep(on_ray, database, plan)
    children.clear()
    supervisor.tick()
    assert len(children) == 1
    controller.act(database, sweep, [], 1)
    supervisor.tick()
    trial = run_of(database, 1)
    assert (trial.sweep, trial.state) == (sweep.id, State.RUNNING)
    assert [job["submission_id"] for job in head.heard] == [name_job(trial)]
    assert len(children) == 1
