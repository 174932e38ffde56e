"""Names, tags and deletion: possible in every state that allows them, and a deletion can be taken back."""

import re
import time

import pytest
from sqlalchemy import func, select, update

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import housekeeping, process, queue
from mnist_dash.runs.queries import batches_of, epochs_of, kept_epochs_of, model_at, run_of, runs_of, waiting_runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.runs.conftest import SITUATIONS, Bring, Take, an_epoch, some_batches

pytestmark = pytest.mark.both_databases

ENDED = ("testing", "done", "stopped", "failed")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_run_is_renamed_and_tagged_in_every_state_and_otherwise_left_alone(
    database: Database, bring: Bring, situation: str
) -> None:
    before, bystander = bring(situation), bring("queued")
    named = housekeeping.rename(database, before.id, "  my\n best ")
    tagged = housekeeping.tag(database, before.id, ["to compare", "lecture 3"])
    assert (named.name, named.state, named.host) == ("my best", before.state, before.host)
    assert tagged.tags == ("to compare", "lecture 3")
    assert tagged == run_of(database, before.id)
    assert (tagged.state, tagged.epoch, tagged.attempt) == (before.state, before.epoch, before.attempt)
    assert run_of(database, bystander.id) == bystander


@pytest.mark.parametrize(("given", "name"), [("x" * 200, "x" * 80), ("7", "7"), ("\t ein  Lauf\n", "ein Lauf")])
def test_a_name_is_one_short_line(database: Database, run: Run, given: str, name: str) -> None:
    assert housekeeping.rename(database, run.id, given).name == name


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_run_cannot_lose_its_name(database: Database, run: Run, name: str) -> None:
    words = f"The name of run {run.id} would be empty; give it at least one letter."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        housekeeping.rename(database, run.id, name)
    assert run_of(database, run.id) == run


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], ()),
        (["", "  "], ()),
        (["a", "b", "a"], ("a", "b")),
        ([" two \n words "], ("two words",)),
        ([str(i) for i in range(8)], tuple("01234567")),
        (["x" * 24], ("x" * 24,)),
    ],
)
def test_tags_are_few_short_and_different(
    database: Database, run: Run, given: list[str], kept: tuple[str, ...]
) -> None:
    housekeeping.tag(database, run.id, ["before"])
    assert housekeeping.tag(database, run.id, given).tags == kept


@pytest.mark.parametrize("tags", [[str(i) for i in range(9)], ["x" * 25]], ids=["many", "long"])
def test_too_many_or_too_long_tags_are_refused(database: Database, run: Run, tags: list[str]) -> None:
    with pytest.raises(RunError, match=rf"^Run {run.id} would have the tags .*; allowed are 8 of 24 letters\.$"):
        housekeeping.tag(database, run.id, tags)
    assert run_of(database, run.id).tags == ()


def test_a_run_that_is_not_there_cannot_be_kept(database: Database) -> None:
    for act in (
        lambda: housekeeping.rename(database, 7, "mine"),
        lambda: housekeeping.tag(database, 7, ["mine"]),
        lambda: housekeeping.delete(database, [7]),
    ):
        with pytest.raises(RunError, match="There is no run 7"):
            act()


@pytest.mark.parametrize("situation", ENDED)
def test_an_ended_run_is_put_out_of_sight_and_comes_back_whole(
    database: Database, bring: Bring, situation: str
) -> None:
    run, other = bring(situation), bring("done")
    housekeeping.delete(database, [run.id])
    assert [found.id for found in runs_of(database)] == [other.id]
    assert run_of(database, run.id) == run
    housekeeping.restore(database, [run.id])
    assert [found.id for found in runs_of(database)] == [other.id, run.id]
    assert run_of(database, run.id) == run
    assert model_at(database, run.id, 1, ModelFormat.KERAS) == b"model"


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if name not in ENDED])
def test_a_run_that_has_not_ended_is_not_deleted_and_neither_are_those_with_it(
    database: Database, bring: Bring, situation: str
) -> None:
    ended, run = bring("done"), bring(situation)
    words = f"Run {run.id} is {run.state}; stop it before you delete it."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        housekeeping.delete(database, [ended.id, run.id])
    assert {found.id for found in runs_of(database)} == {ended.id, run.id}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_restoring_what_was_not_deleted_changes_nothing(database: Database, bring: Bring, situation: str) -> None:
    run = bring(situation)
    housekeeping.restore(database, [run.id, 99])
    assert run_of(database, run.id) == run


def test_a_deleted_run_is_gone_for_good_after_a_day_with_all_that_belongs_to_it(
    settings: Settings, database: Database, take: Take, bring: Bring
) -> None:
    old = take()
    recorder = RunRecorder(database, old)
    recorder.batches(some_batches(1))
    recorder.epoch(an_epoch(1), b"model")
    recorder.end(State.DONE, {(1, ModelFormat.LITERT): b"litert"}, None)
    young, kept, next_one = bring("done"), bring("done"), bring("done")
    logs = [process.run_log(settings, run.id) for run in (old, young, kept)]
    for log in logs:
        log.parent.mkdir(exist_ok=True)
        log.write_text("said")
    housekeeping.delete(database, [old.id, young.id])
    with database.write() as connection:
        yesterday = update(tables.runs).where(tables.runs.c.id == old.id)
        connection.execute(yesterday.values(deleted=time.time() - housekeeping.KEPT - 1))
    housekeeping.delete(database, [next_one.id])
    housekeeping.purge(settings, database)
    assert [log.exists() for log in logs] == [False, True, True]
    with pytest.raises(RunError, match=f"There is no run {old.id}"):
        run_of(database, old.id)
    assert (epochs_of(database, old.id), batches_of(database, old.id)) == ([], [])
    with database.read() as connection:
        assert connection.scalar(select(func.count()).where(tables.models.c.run == old.id)) == 0
    housekeeping.restore(database, [young.id, next_one.id])
    assert [run.id for run in runs_of(database)] == [next_one.id, kept.id, young.id]
    assert model_at(database, young.id, 1, ModelFormat.KERAS) == b"model"


def test_a_model_is_kept_in_another_form_and_replaced(database: Database, bring: Bring) -> None:
    run = bring("stopped")
    for content in (b"one", b"two"):
        housekeeping.keep_model(database, run.id, 1, ModelFormat.LITERT, content)
        assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [1]
        assert model_at(database, run.id, 1, ModelFormat.LITERT) == content
    assert model_at(database, run.id, 1, ModelFormat.KERAS) == b"model"


def test_a_deleted_run_has_no_place_in_any_list(database: Database, bring: Bring) -> None:
    run = bring("done")
    housekeeping.delete(database, [run.id])
    assert runs_of(database, State.DONE) == []
    assert waiting_runs_of(database) == []
    assert queue.claim(database, "here", run.id) is None
    assert queue.submit(database, RunSpec.of("random", "mnist")).id != run.id
