"""Votes under a name: who may vote, where a vote answers, and what is said when a member is gone."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import MnistDashError, ModelError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled, read_bundled_file
from mnist_dash.models.calibration import calibrate
from mnist_dash.models.registry.answering import answers_at_once, find_all_answering, find_answering, identify
from mnist_dash.models.registry.export import Export, export_model
from mnist_dash.models.registry.imported import check_name, delete_imported, import_model, suggest_name
from mnist_dash.models.registry.lookup import load_run_model, open_model, read_file_with_features, read_preparation
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.models.registry.votes import (
    Vote,
    delete_vote,
    find_missing,
    find_vote,
    keep_vote,
    list_votes,
    list_whole,
)
from mnist_dash.models.registry.voting import add_vote
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("cnn", "mnist", validation_split=0.2)


def nowhere(_name: str) -> Dataset | None:
    """No data set is there."""
    return None


def add(database: Database, name: str, *members: str) -> Vote:
    return add_vote(database, name, members, nowhere)


@pytest.fixture
def run(database: Database) -> str:
    """The name of a run that answers as the bundled cnn does."""
    return str(trained(database, SPEC, litert=read_bundled_file("cnn")).id)


def test_a_vote_answers_as_its_members_together(database: Database, run: str, small: Digits) -> None:
    assert add(database, "both", "reader", run) == find_vote(database, "both")
    images = small.images[:20]
    expected = (load_bundled("reader").probabilities(images) + load_run_model(database, run).probabilities(images)) / 2
    assert open_model(database, "both").probabilities(images) == pytest.approx(expected, abs=1e-6)


def test_runs_that_vote_are_calibrated_where_their_data_are_there(database: Database, run: str, small: Digits) -> None:
    data = Dataset(name="mnist", train=small, test=small, origin="a test")
    add(database, "both", "reader", run)
    model = calibrate(load_run_model(database, run), SPEC, data)
    expected = (load_bundled("reader").probabilities(small.images) + model.probabilities(small.images)) / 2
    found = open_model(database, "both", lambda _: data).probabilities(small.images)
    assert found == pytest.approx(expected, abs=1e-6)
    assert np.abs(found - open_model(database, "both").probabilities(small.images)).max() > 1e-4


def test_a_vote_is_told_like_any_model(database: Database, run: str) -> None:
    vote = add(database, "both", "reader", run)
    who = find_answering(database, "both")
    assert (who.title, who.short, who.run, who.epoch) == ("Vote: both (reader and run 1)", "both", None, None)
    assert [member.name for member in who.members] == ["reader", run]
    assert who.parameters == 223_914 + 93_322
    assert answers_at_once(database, who)
    assert [who.name for who in find_all_answering(database, ["both", "cnn"])] == ["both", "cnn"]
    assert list_model_options([], [], list_votes(database))["both"] == "Vote: both (2 models)"
    assert read_preparation(database, "both").describe() == "values from 0 to 1"
    assert list_whole(database) == [vote]


def test_another_member_or_another_epoch_of_one_is_another_vote(database: Database) -> None:
    trained(database, SPEC, scores=(0.9, 0.8))
    for name, members in {"a": ("reader", "1"), "b": ("reader", "1:best"), "c": ("cnn", "1")}.items():
        add(database, name, *members)
    known = {identify(find_answering(database, name)) for name in "abc"}
    assert len(known) == 3


@pytest.mark.parametrize("export", [Export.KERAS, Export.LITERT])
def test_a_vote_has_no_file_of_its_own(database: Database, run: str, export: Export) -> None:
    add(database, "both", "reader", run)
    words = "both is a vote and has neither a file nor layers of its own. Ask for one of its members: reader and run 1."
    with pytest.raises(ModelError, match=re.escape(words)):
        export_model(database, "both", export)
    with pytest.raises(ModelError, match=re.escape(words)):
        read_file_with_features(database, "both")


def test_a_vote_whose_member_was_deleted_says_which_and_comes_back_with_it(database: Database, run: str) -> None:
    vote = add(database, "both", "reader", run)
    housekeeping.delete(database, [int(run)])
    assert find_missing(database, vote) == [run]
    for ask in (find_answering, open_model):
        with pytest.raises(ModelError, match=r"The vote both lacks run 1, deleted since\. Delete the vote"):
            ask(database, "both")
    assert find_all_answering(database, ["both", "cnn"])[0].name == "cnn"
    assert list_whole(database) == []
    housekeeping.restore(database, [int(run)])
    assert find_answering(database, "both").short == "both"


def test_an_imported_member_that_was_deleted_is_missed(database: Database, tmp_path: Path, small: Digits) -> None:
    path = tmp_path / "friend.tflite"
    path.write_bytes(read_bundled_file("cnn"))
    import_model(database, path, "friend", Dataset(name="mine", train=small, test=small, origin="a test"))
    add(database, "both", "reader", "friend")
    assert open_model(database, "both").probabilities(small.images[:2]).shape == (2, 10)
    delete_imported(database, "friend")
    with pytest.raises(ModelError, match="The vote both lacks friend"):
        open_model(database, "both")


def test_a_member_that_is_deleted_while_the_vote_answers_changes_nothing_for_it(
    database: Database, run: str, small: Digits
) -> None:
    add(database, "both", "reader", run)
    model = open_model(database, "both")
    before = model.probabilities(small.images[:5])
    housekeeping.delete(database, [int(run)])
    assert (model.probabilities(small.images[:5]) == before).all()


def test_a_vote_is_deleted_and_its_members_stay(database: Database, run: str) -> None:
    add(database, "both", "reader", run)
    delete_vote(database, "both")
    assert find_vote(database, "both") is None
    assert find_answering(database, run).epoch == 2
    with pytest.raises(ModelError, match="There is no vote 'both'"):
        delete_vote(database, "both")
    with pytest.raises(ModelError, match="'both' is no model"):
        open_model(database, "both")


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (("reader",), "1 models are to vote; allowed are 2 to 9"),
        (("reader", "cnn") * 5, "10 models are to vote; allowed are 2 to 9"),
        (("reader", "reader"), "One model would vote twice: reader and reader are the same"),
        (("1", "1:best"), "One model would vote twice: run 1 and run 1:best are the same"),
        (("reader", "resnet"), "There is no imported model 'resnet' any more"),
        (("reader", "99"), "There is no run 99"),
        (("reader", "first"), "first is a vote itself. Name its members instead"),
        (("reader", "2"), "Run 2 is an audit of labels"),
        (("reader", "3"), "Run 3 is running: only what has ended may vote"),
        (("reader", "4"), "Run 4 keeps no epoch that could answer"),
    ],
)
def test_what_cannot_vote_is_refused_and_nothing_is_kept(
    database: Database, run: str, members: tuple[str, ...], words: str
) -> None:
    assert run == "1"
    trained(database, audit_spec("mnist"))
    begun(database, SPEC)
    begun(database, SPEC, scores=())[1].end(State.STOPPED, {}, None)
    add(database, "first", "reader", "cnn")
    with pytest.raises(MnistDashError, match=re.escape(words)):
        add(database, "second", *members)
    assert [vote.name for vote in list_votes(database)] == ["first"]


def test_models_that_have_learnt_other_digits_cannot_vote_together(database: Database, run: str, small: Digits) -> None:
    trained(database, replace(SPEC, data="sudoku"))
    without = small.take(np.flatnonzero(small.labels != 0))

    def find(name: str) -> Dataset:
        train = without if name == "sudoku" else small
        return Dataset(name=name, train=train, test=train, origin="a test")

    with pytest.raises(ModelError, match=r"These models have learnt different digits: run 1 0, 1, .*; run 2 1, 2, 3"):
        add_vote(database, "both", [run, "2"], find)
    with pytest.raises(ModelError, match="reader 0, 1"):
        add_vote(database, "both", ["reader", "2"], find)
    assert list_votes(database) == []
    assert add_vote(database, "both", [run, "reader"], find).members == (run, "reader")


@pytest.mark.parametrize("name", ["reader", "cnn", "first", "digit_or_not", "Vote", "3", "", "a b", "x" * 41, "../x"])
def test_a_name_that_is_taken_or_not_allowed_is_refused(database: Database, name: str) -> None:
    add(database, "first", "reader", "cnn")
    with pytest.raises(ModelError, match=r"There is already a model|cannot be used for a model"):
        add(database, name, "reader", "cnn")


def test_a_name_is_given_once_for_votes_and_imported_models(database: Database, tmp_path: Path, small: Digits) -> None:
    path = tmp_path / "friend.tflite"
    path.write_bytes(read_bundled_file("cnn"))
    data = Dataset(name="mine", train=small, test=small, origin="a test")
    add(database, "vote", "reader", "cnn")
    assert suggest_name(database, "vote.tflite") == "vote-2"
    with pytest.raises(ModelError, match="There is already a model 'vote'"):
        import_model(database, path, "vote", data)
    import_model(database, path, "friend", data)
    for vote in (Vote("friend", ("reader", "cnn")), Vote("vote", ("reader", "cnn"))):
        with pytest.raises(ModelError, match=f"There is already a model '{vote.name}'"):
            keep_vote(database, vote)
    with pytest.raises(ModelError, match="There is already a model 'friend'"):
        check_name(database, "friend")
