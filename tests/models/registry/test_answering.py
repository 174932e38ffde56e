"""Who answers under a name: which epoch, and whether at once."""

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, read_card
from mnist_dash.models.registry.answering import answers_at_once, find_all_answering, find_answering
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("cnn", "mnist")


def test_a_bundled_model_answers_at_once(database: Database) -> None:
    who = find_answering(database, DEFAULT)
    assert (who.run, who.epoch, who.learning, who.waiting) == (None, None, False, False)
    assert (who.title, who.short) == (f"Bundled: {read_card(DEFAULT).title}", DEFAULT)
    assert who.parameters == read_card(DEFAULT).parameters
    assert answers_at_once(database, who)


def test_an_ended_run_answers_with_its_last_epoch_or_its_best(database: Database) -> None:
    trained(database, SPEC, scores=(0.9, 0.8))
    last, best = find_answering(database, "1"), find_answering(database, "1:best")
    assert (last.epoch, last.title, last.learning) == (2, "Run 1: Convolutional network", False)
    assert (best.epoch, best.title, best.parameters) == (1, "Run 1: Convolutional network, best epoch 1", 93_322)
    assert (last.short, best.short) == ("Run 1", "Run 1, best epoch 1")
    assert answers_at_once(database, last)
    # Its Keras file is kept and must be converted first.
    assert not answers_at_once(database, best)


def test_a_run_at_work_is_waited_for_and_then_answers_with_its_newest_epoch(database: Database) -> None:
    run, recorder = begun(database, SPEC)
    who = find_answering(database, "1")
    assert (who.epoch, who.learning, who.waiting) == (None, True, True)
    recorder.answering(1, b"litert")
    who = find_answering(database, "1")
    assert (who.epoch, who.learning, who.waiting) == (1, True, False)
    assert answers_at_once(database, who)
    recorder.end(State.STOPPED, {}, None)
    assert not find_answering(database, str(run.id)).learning


def test_what_learns_nothing_answers_at_once(database: Database) -> None:
    trained(database, RunSpec.of("random", "mnist"), scores=())
    who = find_answering(database, "1")
    assert (who.epoch, who.waiting, who.parameters) == (None, False, 0)
    assert answers_at_once(database, who)


def test_a_run_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(RunError, match="There is no run 7"):
        find_answering(database, "7")


def test_of_several_those_that_are_deleted_are_left_out(database: Database) -> None:
    for _ in range(2):
        trained(database, SPEC)
    housekeeping.delete(database, [1])
    assert [who.name for who in find_all_answering(database, ["2:best", "1", DEFAULT, "1:best", "7", "2"])] == [
        "2:best",
        DEFAULT,
        "2",
    ]
    assert find_all_answering(database, []) == []


def test_a_run_out_of_sight_still_answers_whoever_has_it_open(database: Database) -> None:
    trained(database, SPEC)
    housekeeping.delete(database, [1])
    assert find_answering(database, "1").epoch == 2
