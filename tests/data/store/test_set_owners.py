"""A named set is of whoever made it: nobody else removes it, all may read it, and that stays so wherever it is kept."""

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.backup.restore import restore
from mnist_dash.backup.save import back_up
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator.parameters import USUAL
from mnist_dash.data.store import cache, generated_sets, named_sets, staging
from mnist_dash.errors import DataError, NotAllowedError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits import collection, sets, teaching
from mnist_dash.runs import queue, reviews
from mnist_dash.runs.housekeeping import delete_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.users import LOCAL, Role, User
from tests.data.samples import SmallSet, write_npz
from tests.own_digits.test_collection import a_digit

ROOT = Path(__file__).resolve().parents[3] / "mnist_dash"
ADA, BOB = User("https://id a", "Ada *A*", Role.TRAIN), User("b", "Bob", Role.TRAIN)
EVE, TEACHER = User("https://id a", "Ada", Role.LOOK), User("t", "Teacher", Role.ADMINISTER)


@pytest.fixture
def dataset(small: SmallSet) -> Dataset:
    """A small set."""
    return Dataset("unnamed", small.train, small.test, "somewhere")


def test_a_set_is_removed_by_its_owner_and_by_who_administers(settings: Settings, dataset: Dataset) -> None:
    for name in ("first", "second", "third"):
        named_sets.save(settings, name, dataset, ADA)
    with pytest.raises(
        NotAllowedError, match=r"^The data set first belongs to Ada \*A\*, and you are signed in as Bob"
    ):
        named_sets.delete(settings, "first", BOB)
    with pytest.raises(NotAllowedError, match="may look and change nothing"):
        named_sets.delete(settings, "first", EVE)
    for name, user in (("first", ADA), ("second", TEACHER), ("third", LOCAL)):
        named_sets.delete(settings, name, user)
    assert named_sets.names(settings) == ()


def test_everybody_reads_a_set_and_queues_runs_on_it(settings: Settings, dataset: Dataset, database: Database) -> None:
    named_sets.save(settings, "adas", dataset, ADA)
    assert len(named_sets.open_set(settings, "adas").train) == len(dataset.train)
    assert queue.submit(database.acting_as(BOB), RunSpec.of("random", "adas")).owner == "Bob"


def test_a_set_of_nobody_is_changed_by_who_administers_alone(settings: Settings, dataset: Dataset) -> None:
    """As a run is that was there before people signed in, or that the command line has queued."""
    named_sets.save(settings, "old", dataset)
    named_sets.save(settings, "local", dataset)
    # As the program wrote it before there were owners.
    meta = named_sets.folder_of(settings, "old") / "meta.json"
    told = json.loads(meta.read_text("utf-8"))
    meta.write_text(json.dumps({name: told[name] for name in told if name not in ("account", "owner")}), "utf-8")
    for name in ("old", "local"):
        assert named_sets.owner_of(settings, name) == ("", "")
        with pytest.raises(NotAllowedError, match=f"The data set {name} belongs to nobody who signs in here"):
            named_sets.delete(settings, name, BOB)
    named_sets.delete(settings, "old", TEACHER)
    named_sets.delete(settings, "local")


@pytest.mark.parametrize("said", ["", "[]", '{"account": ["https://id a"], "owner": 7}', "{"])
def test_a_description_that_cannot_be_read_names_nobody(settings: Settings, dataset: Dataset, said: str) -> None:
    named_sets.save(settings, "broken", dataset, ADA)
    (named_sets.folder_of(settings, "broken") / "meta.json").write_text(said)
    assert named_sets.owner_of(settings, "broken") == ("", "")
    with pytest.raises(NotAllowedError):
        named_sets.delete(settings, "broken", ADA)


def test_of_a_set_that_is_not_there_nobody_is_said_to_be_the_owner(settings: Settings, database: Database) -> None:
    with pytest.raises(DataError, match="no data set 'gone' to delete; there are none"):
        delete_set(database.acting_as(BOB), settings, "gone")


def test_whose_it_is_is_said_before_which_runs_learn_from_it(
    settings: Settings, database: Database, dataset: Dataset
) -> None:
    named_sets.save(settings, "adas", dataset, ADA)
    queue.submit(database, RunSpec.of("random", "adas"))
    with pytest.raises(NotAllowedError, match="The data set adas belongs to Ada"):
        delete_set(database.acting_as(BOB), settings, "adas")
    with pytest.raises(DataError, match="Run 1 learns from 'adas'"):
        delete_set(database.acting_as(ADA), settings, "adas")


Make = Callable[[Settings, Database, Dataset, Path, User], str]


def _accept(settings: Settings, _database: Database, dataset: Dataset, folder: Path, user: User) -> str:
    write_npz(folder / "a.npz", dataset.train)
    return staging.accept(settings, staging.stage(settings, [folder / "a.npz"]), "brought", user).name


def _generate(settings: Settings, _database: Database, _dataset: Dataset, _folder: Path, user: User) -> str:
    return generated_sets.make_set(settings, "drawn", 60, 3, USUAL, user=user).name


def _correct(settings: Settings, _database: Database, dataset: Dataset, _folder: Path, user: User) -> str:
    # It is made from somebody else's.
    source = named_sets.save(settings, "source", dataset, TEACHER)
    drop = {0: reviews.Decision(reviews.Verdict.DROP)}
    return reviews.make_set(settings, source, drop, "corrected", user).name


def _write(settings: Settings, database: Database, dataset: Dataset, _folder: Path, user: User) -> str:
    for at in range(4):
        collection.save(database, a_digit(at % 2, at=at))
    return collection.make_set(database.acting_as(user), settings, "written", test=dataset.test).name


def _teach(settings: Settings, database: Database, dataset: Dataset, _folder: Path, user: User) -> str:
    for at in range(teaching.FEWEST):
        collection.save(database, a_digit(at % 2, at=at))
    chosen = sets.list_sets(database)[0]
    return teaching.prepare_lesson(database.acting_as(user), settings, chosen, dataset.test).data.name


WAYS: Mapping[str, Make] = {
    "brought": _accept,
    "generated": _generate,
    "corrected": _correct,
    "own digits": _write,
    "a lesson": _teach,
}


@pytest.mark.parametrize("make", WAYS.values(), ids=WAYS)
def test_in_whatever_way_a_set_is_made_it_is_of_whoever_made_it(
    settings: Settings, database: Database, dataset: Dataset, tmp_path: Path, make: Make
) -> None:
    before = named_sets.names(settings)
    with pytest.raises(NotAllowedError, match="may look and change nothing"):
        make(settings, database, dataset, tmp_path, EVE)
    assert set(named_sets.names(settings)) - {*before, "source"} == set()
    if "source" in named_sets.names(settings):
        named_sets.delete(settings, "source")
    name = make(settings, database, dataset, tmp_path, ADA)
    assert named_sets.owner_of(settings, name) == ("https://id a", "Ada *A*")
    assert np.array_equal(named_sets.open_set(settings, name).train.labels, cache_labels(settings, name))


def cache_labels(settings: Settings, name: str) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The labels of a set as its folder has them."""
    found = cache.load(named_sets.folder_of(settings, name))
    assert found is not None
    return found.train.labels


def test_an_owner_stays_when_a_folder_is_renamed_and_when_a_home_is_restored(
    settings: Settings, database: Database, dataset: Dataset, tmp_path: Path
) -> None:
    named_sets.save(settings, "before", dataset, ADA)
    named_sets.folder_of(settings, "before").rename(named_sets.folder_of(settings, "after"))
    assert named_sets.owner_of(settings, "after") == ("https://id a", "Ada *A*")
    with database.read():
        back_up(settings, tmp_path / "home.zip")
    elsewhere = Settings(home=tmp_path / "elsewhere", offline=True)
    restore(elsewhere, tmp_path / "home.zip")
    assert named_sets.owner_of(elsewhere, "after") == ("https://id a", "Ada *A*")
    with pytest.raises(NotAllowedError):
        named_sets.delete(elsewhere, "after", BOB)


CHANGING = ("lock_sets(", "hold_sets(", "named_sets.folder_of(")
"""What a function must call that makes, renames or removes a named set."""
READING = {
    "hold_sets": "the lock itself",
    "lock_sets": "the lock itself",
    "_pack": "a backup reads while nothing is changed",
    "bring_here": "a copy of what the database has, for whoever reads it",
    "share_own": "what this home has stays whose it is",
}
MAKING = ("named_sets.save(", "take_over(", "named_sets.delete(", "staging.accept(", "reviews.make_set(")
"""What makes or removes a set in the name of the user that it is given."""


def _functions(where: Path) -> Iterator[tuple[str, str]]:
    """The functions of the program, by name and code."""
    for file in sorted(where.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node.name, ast.unparse(node)


def find_unasked(functions: Iterator[tuple[str, str]]) -> set[str]:
    """The functions that change named sets on disk, and ask nobody whether they may."""
    return {name for name, code in functions if any(one in code for one in CHANGING) and "check_may_" not in code}


def find_nameless(functions: Iterator[tuple[str, str]]) -> set[str]:
    """The functions that have a set made or removed, and do not say in whose name."""
    return {name for name, code in functions if any(one in code for one in MAKING) and "user" not in code}


def test_every_function_that_changes_a_set_on_disk_asks_whether_that_is_allowed() -> None:
    assert find_unasked(_functions(ROOT)) <= set(READING)
    assert {"save", "take_over", "delete"} <= {name for name, code in _functions(ROOT) if "lock_sets(" in code}


def test_whatever_a_page_has_made_is_made_in_the_name_of_whoever_asked() -> None:
    """The command line alone may leave it out: it acts for the local user."""
    rooms = (one for one in sorted(ROOT.iterdir()) if one.is_dir() and one.name != "cli")
    assert [name for room in rooms for name in find_nameless(_functions(room))] == []
    starting = [code for _, code in _functions(ROOT / "ui") if "make_command(" in code]
    makes = [
        code for code in starting if "'reader-set'" in code or "'import-model'" in code or "_arguments(name" in code
    ]
    assert [("user=" in code) for code in makes] == [True] * 3


def test_a_function_that_forgets_either_would_be_seen() -> None:
    code = "with named_sets.lock_sets(settings):\n    folder.rename(other)"
    assert find_unasked(iter([("rename", code)])) == {"rename"}
    assert find_nameless(iter([("make", "named_sets.save(settings, name, made)")])) == {"make"}
