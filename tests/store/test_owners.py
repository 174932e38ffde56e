"""What people made is theirs: nobody else changes it, whichever function is asked and by whatever number."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_dash.errors import NotAllowedError
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.space import suggest
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.votes import Vote, delete_vote, keep_vote
from mnist_dash.own_digits import collection, sets
from mnist_dash.own_digits.class_room import close_room, join, keep_from_phone, open_room
from mnist_dash.own_digits.sets import SKETCH
from mnist_dash.runs import control, housekeeping, queue, reviews, supervisor
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import control as sweeps
from mnist_dash.sweeps import steps
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.users import Role, User
from tests.own_digits.test_collection import a_digit

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).resolve().parents[2]
ADA, BOB = User("a", "Ada", Role.TRAIN), User("b", "Bob", Role.TRAIN)
EVE, TEACHER = User("a", "Ada", Role.LOOK), User("t", "Teacher", Role.ADMINISTER)
SPEC = RunSpec.of("dense_128", "mnist")


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


CHANGES: dict[str, Callable[[Database, int], object]] = {
    "stop": control.stop,
    "pause": control.pause,
    "resume": lambda database, run_id: control.resume(database, run_id, 1),
    "train further": lambda database, run_id: control.train_further(database, run_id, 1),
    "move": lambda database, run_id: queue.move(database, run_id, 1),
    "rename": lambda database, run_id: housekeeping.rename(database, run_id, "mine now"),
    "tag": lambda database, run_id: housekeeping.tag(database, run_id, ["mine"]),
    "delete": lambda database, run_id: housekeeping.delete(database, [run_id]),
    "restore": lambda database, run_id: housekeeping.restore(database, [run_id]),
    "decide": lambda database, run_id: reviews.decide(database, run_id, {}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_run_is_changed_by_nobody_but_its_owner(database: Database, change: Callable[..., object]) -> None:
    run = queue.submit(database.acting_as(ADA), SPEC)
    assert (run.account, run.owner) == ("a", "Ada")
    for other in (BOB, EVE):
        with pytest.raises(NotAllowedError):
            change(database.acting_as(other), run.id)
    assert run_of(database, run.id) == run


def test_an_owner_and_an_administrator_change_it(database: Database) -> None:
    run = queue.submit(database.acting_as(ADA), SPEC)
    assert control.pause(database.acting_as(ADA), run.id).state is State.PAUSED
    assert housekeeping.rename(database.acting_as(TEACHER), run.id, "first").owner == "Ada"
    assert control.stop(database, run.id).state is State.STOPPED
    housekeeping.delete(database.acting_as(ADA), [run.id])
    assert runs_of(database) == []


def test_of_several_runs_none_is_deleted_where_one_is_anothers(database: Database) -> None:
    runs = [queue.submit(database.acting_as(user), SPEC) for user in (ADA, BOB)]
    for run in runs:
        control.stop(database, run.id)
    with pytest.raises(NotAllowedError, match=f"Run {runs[1].id} belongs to Bob"):
        housekeeping.delete(database.acting_as(ADA), [run.id for run in runs])
    assert len(runs_of(database)) == 2


def test_who_may_look_queues_nothing(database: Database, settings: Settings) -> None:
    looking = database.acting_as(EVE)
    plan = sweeps.SweepPlan(SPEC, (suggest(METHODS["dense_128"], "learning_rate"),))
    for attempt in (
        lambda: queue.submit(looking, SPEC),
        lambda: sweeps.start_sweep(settings, looking, plan),
        lambda: sets.make_own_set(looking, "mine"),
        lambda: collection.save(looking, a_digit(4)),
        lambda: keep_vote(looking, Vote("ours", ("a", "b"))),
        lambda: collection.make_set(looking, settings, "mine"),
        lambda: housekeeping.delete_set(looking, settings, "mine"),
    ):
        with pytest.raises(NotAllowedError, match="may look and change nothing"):
            attempt()
    assert (runs_of(database), len(sets.list_sets(database)), collection.count_by_label(database)) == ([], 1, {})


def test_a_sweep_and_its_trials_are_of_whoever_asked_for_them(database: Database, settings: Settings) -> None:
    plan = sweeps.SweepPlan(SPEC, (suggest(METHODS["dense_128"], "learning_rate"),))
    sweep = sweeps.start_sweep(settings, database.acting_as(ADA), plan)
    assert steps.add_trial(database, sweep, SPEC)
    assert [(one.run.account, one.run.owner) for one in trials_of(database, sweep.id)] == [("a", "Ada")]
    bobs = database.acting_as(BOB)
    with pytest.raises(NotAllowedError, match=f"Sweep {sweep.id} belongs to Ada"):
        sweeps.stop_sweep(bobs, sweep.id)
    with pytest.raises(NotAllowedError, match=f"Sweep {sweep.id} belongs to Ada"):
        sweeps.resume_sweep(settings, bobs, sweep.id, 3)
    assert sweep_of(database, sweep.id).active
    adas = database.acting_as(ADA)
    assert not sweeps.stop_sweep(adas, sweep.id).active
    with pytest.raises(NotAllowedError, match=f"Sweep {sweep.id} belongs to Ada"):
        sweeps.delete_sweep(bobs, sweep.id)
    sweeps.delete_sweep(adas, sweep.id)
    with pytest.raises(NotAllowedError, match=f"Sweep {sweep.id} belongs to Ada"):
        sweeps.restore_sweep(bobs, sweep.id)
    assert sweeps.restore_sweep(adas, sweep.id).id == sweep.id


def test_a_set_and_what_is_in_it_are_of_whoever_made_it(database: Database) -> None:
    adas, bobs = database.acting_as(ADA), database.acting_as(BOB)
    made = sets.make_own_set(adas, "ada", "whoever")
    kept = collection.save(adas, a_digit(4), made.key)
    assert (made.owner, made.account, kept.digit.account) == ("Ada", "a", "a")
    key = kept.digit.key
    open_room(adas, made.key, 5, named=False)
    for change in (
        lambda: sets.change_set(bobs, made.key, "bob", "Bob"),
        lambda: sets.delete_own_set(bobs, made.key),
        lambda: open_room(bobs, made.key, 5, named=False),
        lambda: close_room(bobs, made.key),
        lambda: collection.save(bobs, a_digit(5, at=1), made.key),
        lambda: collection.keep_once(bobs, a_digit(5, at=1), made.key),
        lambda: collection.keep_all(bobs, [a_digit(5, at=1)], made.key),
        lambda: collection.change_label(bobs, key, 9, made.key),
        lambda: collection.remove(bobs, key, made.key),
        lambda: collection.undo(bobs, kept, made.key),
    ):
        with pytest.raises(NotAllowedError, match="The set ada belongs to Ada"):
            change()
    assert collection.count_by_label(database, made.key) == {4: 1}
    sets.change_set(database.acting_as(TEACHER), made.key, "ours", "Teacher")
    assert [(one.name, one.owner, one.account) for one in sets.list_sets(database)][1] == ("ours", "Ada", "a")


def test_sketchs_set_takes_digits_of_all_and_each_changes_their_own(database: Database) -> None:
    adas, bobs = database.acting_as(ADA), database.acting_as(BOB)
    digit = collection.save(adas, a_digit(4)).digit
    collection.save(bobs, a_digit(5, at=1))
    for change in (
        lambda: collection.change_label(bobs, digit.key, 9),
        lambda: collection.remove(bobs, digit.key),
        # The same ink once more.
        lambda: collection.save(bobs, a_digit(9)),
        lambda: sets.delete_own_set(adas, SKETCH),
    ):
        with pytest.raises(NotAllowedError, match="belongs to nobody who signs in here"):
            change()
    relabelled = collection.change_label(adas, digit.key, 9)
    assert collection.undo(adas, relabelled)
    assert collection.count_by_label(database) == {4: 1, 5: 1}
    assert collection.remove(adas, digit.key)


def test_the_phones_of_a_class_write_into_its_set_whoever_holds_them(database: Database) -> None:
    made = sets.make_own_set(database.acting_as(ADA), "class")
    room = open_room(database.acting_as(ADA), made.key, 5, named=False)
    phone = join(database.acting_as(User("e", "Eve", Role.LOOK)), room.code, 32 * "a")
    keep_from_phone(database.acting_as(User("e", "Eve", Role.LOOK)), room.code, a_digit(phone.asked), phone.phone)
    assert sum(collection.count_by_label(database, made.key).values()) == 1


def test_a_vote_is_deleted_by_whoever_made_it(database: Database) -> None:
    keep_vote(database.acting_as(ADA), Vote("ours", ("a", "b")))
    with pytest.raises(NotAllowedError, match="The model ours belongs to somebody else"):
        delete_vote(database.acting_as(BOB), "ours")
    delete_vote(database.acting_as(ADA), "ours")


def test_both_views_of_a_database_share_its_connections(database: Database) -> None:
    other = database.acting_as(ADA)
    assert (other.user, database.user.account, other.url) == (ADA, "", database.url)
    queue.submit(other, SPEC)
    assert len(runs_of(database)) == 1


THE_PROGRAMS_OWN = {
    "claim": "a supervisor takes what waits",
    "mark_dead": "a supervisor finds a process dead",
    "claim_sweep": "a supervisor takes a sweep",
    "give_sign": "a supervisor says that its machine is there",
    "release": "a supervisor finds a machine gone",
    "add_trial": "the process of a sweep",
    "hold": "the process of a sweep",
    "prune_trial": "the process of a sweep",
    "end_sweep": "the process of a sweep",
    "note_look": "the process of a sweep",
    "keep_model": "a model in another format is kept for a download",
    "purge": "a supervisor finds what was deleted a day ago",
    "_mark": "asked by delete and restore alone",
    "transact": "the recorder of a run's own process",
    "_write": "the recorder of a run's own process",
    "join": "a phone with the code of a class",
    "keep_from_phone": "a phone with the code of a class",
}
"""What writes into the database without asking who asks, and why that is right."""


def test_every_function_that_writes_asks_whether_that_is_allowed() -> None:
    rooms = ("runs", "sweeps", "own_digits", "models/registry")
    files = [file for room in rooms for file in sorted((ROOT / "mnist_dash" / room).glob("*.py"))]
    writing = {name for file in files for name in _find_unasked(ast.parse(file.read_text("utf-8")))}
    assert writing <= set(THE_PROGRAMS_OWN), writing - set(THE_PROGRAMS_OWN)


def _find_unasked(tree: ast.Module) -> set[str]:
    """The functions that open a transaction to write, and call nothing that asks who may."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {one.name for one in functions if "database.write(" in ast.unparse(one) and not _asks(ast.unparse(one))}


def _asks(code: str) -> bool:
    return any(word in code for word in ("check_may_", "_find_own("))


def test_a_function_that_forgets_to_ask_would_be_seen() -> None:
    code = "def rename(database):\n    with database.write() as connection:\n        pass"
    assert _find_unasked(ast.parse(code)) == {"rename"}
