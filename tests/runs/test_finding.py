"""Runs found among many: what is found, and that no look goes through all there are."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import cast

import pytest
from sqlalchemy import Engine, event, update

from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, finding, housekeeping, queries, queue
from mnist_dash.runs.finding import WINDOW, RunFilter
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.rows import digest_settings, write_spec
from mnist_dash.runs.seeds import find_same
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.copied import copy_run
from tests.runs.conftest import SITUATIONS, Bring
from tests.trained import begun, trained

DENSE = RunSpec.of("dense_128", "mnist")
NAMES = ("Wide and Deep", "100 % naïve", "ÉCOLE", "a_b", "abc", 'said "so"')
TAGS = ((), ("for class", "Übung"), ("FOR CLASS",), ('a "quoted" word',), ("50_%",))
WORDS = (
    "wide",
    "DEEP w",
    "%",
    "_",
    "école",
    "ï",
    '"',
    "dense_128",
    "audit, 3",
    "folds",
    "übung",
    "quoted",
    "12",
    "ada",
    "x",
)
Look = Callable[[Database], object]


@pytest.fixture
def many(database: Database) -> list[Run]:
    """Runs with all sorts of names, tags, methods, states and owners, a trial and an audit among them; newest first."""
    runs = [trained(database, DENSE), trained(database, RunSpec.of("cnn", "mnist")), begun(database, DENSE)[0]]
    runs += [queue.submit(database, RunSpec.of("random", "mnist")), trained(database, audit_spec("mnist", folds=3))]
    for run, name, tags in product(runs, NAMES, TAGS):
        text = write_tags(database, runs[0], tags)
        (copied,) = copy_run(database, run, 1, name=name, tags=text, owner="Ada" if tags else "")
        if name == "abc":
            set_row(database, copied, sweep=1, trial=copied)
    return queries.runs_of(database)


def write_tags(database: Database, run: Run, tags: tuple[str, ...]) -> str:
    """The tags as a row has them, written by the program."""
    housekeeping.tag(database, run.id, tags)
    with database.read() as connection:
        text: str = connection.execute(tables.runs.select().where(tables.runs.c.id == run.id)).one().tags
    return text


def set_row(database: Database, run_id: int, **values: object) -> None:
    """Change a run's row as no person could."""
    with database.write() as connection:
        connection.execute(update(tables.runs).where(tables.runs.c.id == run_id).values(**values))


@pytest.mark.both_databases
def test_what_fits_is_found_whatever_the_database_can_say_of_it(database: Database, many: list[Run]) -> None:
    wanted = [RunFilter(), RunFilter(trials=False), *map(RunFilter, WORDS), *(RunFilter(tags=tags) for tags in TAGS)]
    wanted += [RunFilter(methods=["cnn", "random"]), RunFilter("deep", ["dense_128"], [State.DONE, State.RUNNING])]
    wanted += [RunFilter(states=[State.QUEUED, State.FAILED], tags=["for class"], trials=False)]
    assert len(many) > 150
    for one in wanted:
        fitting = [run for run in many if one.fits(run)]
        assert finding.find_newest(database, len(many), one) == fitting, one
        assert finding.find_newest(database, 3, one) == fitting[:3], one
    found = [len(finding.find_newest(database, len(many), one)) for one in wanted]
    # Of the words x alone is nowhere, and the first tags are none, which is any.
    assert [one for one, count in zip(wanted, found, strict=True) if not count] == [RunFilter("x")]


@pytest.mark.both_databases
def test_a_window_is_shown_and_the_deleted_are_not(database: Database) -> None:
    run = trained(database, DENSE)
    copies = copy_run(database, run, WINDOW + 5)
    housekeeping.delete(database, [copies[-1]])
    shown = [found.id for found in finding.find_newest(database)]
    assert shown == copies[:-1][::-1][:WINDOW]
    assert [found.id for found in finding.find_named(database, [run.id, copies[-1], 0, -4, 2**40, copies[0]])] == [
        copies[0],
        run.id,
    ]


@pytest.mark.both_databases
def test_repeats_differ_in_the_seed_alone(database: Database) -> None:
    """Also one that was trained further until it had these settings, and one that an earlier version has written."""
    wanted = RunSpec.of("dense_128", "mnist", epochs=7)
    mine, other_seed = trained(database, wanted), trained(database, replace(wanted, seed=3))
    trained(database, replace(wanted, data="else")), trained(database, replace(wanted, batch_size=32))
    old = trained(database, replace(wanted, seed=9))
    set_row(database, old.id, settings_digest=None)
    further = trained(database, replace(wanted, epochs=2))
    control.train_further(database, further.id, 5)
    assert [run.id for run in find_same(wanted, finding.find_repeats(database, wanted))] == [
        old.id,
        other_seed.id,
        mine.id,
    ]
    longer = queries.run_of(database, further.id).spec
    assert [run.id for run in finding.find_repeats(database, longer)][-1:] == [old.id]
    assert further.id in {run.id for run in finding.find_repeats(database, longer)}
    on_any_data = [run.spec.data for run in finding.find_settings(database, [wanted])]
    assert sorted(on_any_data) == ["else", "mnist", "mnist", "mnist"]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"seed": 4}, True),
        ({"data": "else"}, True),
        ({"rotation": 10}, False),
        ({"epochs": 6}, False),
    ],
)
def test_a_digest_is_of_the_settings_alone(changes: dict[str, Value], same: bool) -> None:
    spec = RunSpec.of("cnn", "mnist")
    assert (digest_settings(replace(spec, **changes)) == digest_settings(spec)) is same  # type: ignore[arg-type]


def test_a_whole_number_and_the_same_with_a_point_have_one_digest() -> None:
    spec = RunSpec.of("cnn", "mnist")
    assert digest_settings(replace(spec, rotation=10)) == digest_settings(replace(spec, rotation=10.0))


def test_a_setting_that_a_later_version_adds_changes_no_digest() -> None:
    """A spec that lacks a setting has the method's own value of it."""
    spec = RunSpec.of("cnn", "mnist", epochs=9)
    older = spec.to_json().replace('"disturbance": 0.0, ', "")
    assert "disturbance" not in older
    assert digest_settings(RunSpec.from_json(older)) == digest_settings(spec)
    assert write_spec(spec)["method"] == "cnn"


@pytest.mark.both_databases
def test_runs_are_found_by_what_they_learnt_from(database: Database) -> None:
    mine, other = trained(database, RunSpec.of("fine_tuned", "mine_1-0a")), trained(database, DENSE)
    audit = trained(database, audit_spec("mnist", folds=3))
    trained(database, RunSpec.of("fine_tuned", "mineX1-0a"))
    assert finding.find_learners(database, "mnist") == [audit.id, other.id]
    assert [run.id for run in finding.find_audits(database, "mnist")] == [audit.id]
    # An underscore in a name stands for itself.
    assert [run.id for run in finding.find_with_data(database, "fine_tuned", "mine_1-")] == [mine.id]


@pytest.mark.both_databases
def test_models_are_those_of_runs_that_have_one_or_will(database: Database, bring: Bring) -> None:
    """Neither of audits nor of trials."""
    runs = {situation: bring(situation) for situation in SITUATIONS}
    trained(database, audit_spec("mnist", folds=3))
    set_row(database, trained(database, DENSE).id, sweep=1, trial=1)
    found = {run.id for run in finding.find_with_models(database)}
    assert found == {run.id for run in runs.values() if run.epoch or run.state in (State.RUNNING, State.DONE)}


@pytest.mark.both_databases
def test_what_there_is_to_choose_from_is_told(database: Database, many: list[Run]) -> None:
    assert finding.find_methods(database) == sorted({run.spec.method for run in many})
    assert finding.find_states(database) == [state for state in State if state in {run.state for run in many}]
    assert finding.find_tags(database) == sorted({tag for run in many for tag in run.tags})
    assert finding.has_any(database)
    trials = sum(run.sweep is not None for run in many)
    assert [finding.count_trials(database, most) for most in (trials + 1, trials, 2)] == [trials, trials, 2]
    assert finding.has_others(database)
    assert finding.is_changing(database)


@pytest.mark.both_databases
def test_where_there_is_nothing_nothing_is_told(database: Database) -> None:
    assert [ask(database) for ask in (finding.find_methods, finding.find_states, finding.find_tags)] == [[]] * 3
    assert finding.find_newest(database) == []
    there = (finding.has_any, finding.has_others, finding.is_changing)
    assert [ask(database) for ask in there] == [False] * 3
    assert finding.count_trials(database, 10) == 0


@pytest.mark.both_databases
def test_a_run_that_is_stopped_and_still_held_changes(database: Database, bring: Bring) -> None:
    for situation in SITUATIONS:
        run = bring(situation)
        assert finding.is_changing(database) is run.changing, situation
        set_row(database, run.id, state=State.DONE, host=None)


def count_trials(database: Database) -> object:
    return finding.count_trials(database, 1_000)


LOOKS: dict[str, Look] = {
    "newest": finding.find_newest,
    "without trials": lambda database: finding.find_newest(database, wanted=RunFilter(trials=False)),
    "of methods": lambda database: finding.find_newest(database, wanted=RunFilter(methods=["dense_128", "cnn"])),
    "of states": lambda database: finding.find_newest(database, wanted=RunFilter(states=[State.DONE, State.FAILED])),
    "of a tag": lambda database: finding.find_newest(database, wanted=RunFilter(tags=["mine"])),
    "named": lambda database: finding.find_named(database, range(10)),
    "repeats": lambda database: finding.find_repeats(database, DENSE),
    "settings": lambda database: finding.find_settings(database, [DENSE, replace(DENSE, epochs=9)]),
    "audits": lambda database: finding.find_audits(database, "mnist"),
    "models": finding.find_with_models,
    "methods": finding.find_methods,
    "states": finding.find_states,
    "tags": finding.find_tags,
    "any": finding.has_any,
    "trials": count_trials,
    "others": finding.has_others,
    "changing": finding.is_changing,
    "waiting": queries.waiting_runs_of,
    "held": lambda database: queries.runs_claimed_by(database, "this machine"),
    "validation": lambda database: queries.last_validation_accuracies(database, range(10)),
    "next": lambda database: queue.claim(database, "this machine"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_takes_no_longer_among_ten_times_as_many(database: Database, name: str) -> None:
    """By what SQLite does for it, which no other program on the machine can disturb."""
    copy_run(database, trained(database, DENSE), 4 * WINDOW)
    few = count_steps(database, LOOKS[name])
    copy_run(database, trained(database, DENSE), 36 * WINDOW)
    assert count_steps(database, LOOKS[name]) < 1.3 * few + 100


@pytest.mark.both_databases
def test_a_look_asks_the_database_once(database: Database) -> None:
    """A window and one more, too, by which pages know whether there are others."""
    copy_run(database, trained(database, DENSE), 3 * WINDOW)
    asked = list[str]()
    event.listen(Engine, "before_cursor_execute", note := lambda *told: asked.append(told[2]))
    try:
        looks: list[Look] = [finding.find_methods, finding.find_states, finding.is_changing, find_one_more]
        for look in looks:
            asked.clear()
            look(database)
            assert len([words for words in asked if words.startswith(("SELECT", "WITH"))]) == 1
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def find_one_more(database: Database) -> object:
    return finding.find_newest(database, WINDOW + 1)


def count_steps(database: Database, look: Look) -> int:
    """About how many instructions of SQLite's machine a look takes, in tens."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    # The only connection there is: the pool gives it to whoever asks next.
    with database.read() as connection:
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        driver.set_progress_handler(count, 10)
    try:
        look(database)
    finally:
        driver.set_progress_handler(None, 0)
    assert steps or name_is_cheap(look)
    return steps


def name_is_cheap(look: Look) -> bool:
    """Whether a look may take fewer than ten instructions."""
    return look in (finding.has_any, count_trials, finding.has_others)
