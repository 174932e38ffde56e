"""Models by others under a name: what is found when they are added holds for whoever asks them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.features import compute_last_features
from mnist_dash.models.layers import Kind, run_layers
from mnist_dash.models.preparation import PLAIN
from mnist_dash.models.registry.answering import find_all_answering, find_answering
from mnist_dash.models.registry.imported import (
    delete_imported,
    find_imported,
    import_model,
    list_imported,
    list_unreadable,
    prepare_imported,
    suggest_name,
)
from mnist_dash.models.registry.lookup import open_model, read_model_file, read_preparation
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.models.registry.model_record import ImportedModel
from mnist_dash.runs.records import ModelFormat
from mnist_dash.store import tables
from mnist_dash.store.database import Database

pytestmark = pytest.mark.both_databases


@pytest.fixture
def path(tmp_path: Path, content: bytes) -> Path:
    """The file of a network that reads digits as they lie."""
    path = tmp_path / "cnn of a friend.tflite"
    path.write_bytes(content)
    return path


def data_of(digits: Digits, name: str = "mine") -> Dataset:
    """Training images alone matter: the test images are empty, and asking them would fail."""
    return Dataset(name=name, train=digits, test=digits.take(slice(0)), origin="a test")


def turned(digits: Digits) -> Dataset:
    """Digits whose rows and columns are exchanged: the network has learnt from what are transposed ones among these."""
    return data_of(replace(digits, images=np.ascontiguousarray(digits.images.transpose(0, 2, 1))), "turned")


def test_a_model_that_reads_needs_nothing(database: Database, path: Path, small: Digits) -> None:
    record = import_model(database, path, "friend", data_of(small))
    assert record.plain.accuracy > 0.85
    assert (record.offer, record.prepared, record.images, record.data) == (None, False, 500, "mine")
    assert (record.file, record.kind, record.takes) == ("cnn of a friend.tflite", "LiteRT", (28, 28, 1))
    assert record == find_imported(database, "friend") == list_imported(database)[0]
    assert ImportedModel.from_json(record.to_json()) == record
    answers = open_model(database, "friend").probabilities(small.images[:9])
    assert np.array_equal(answers, load_bundled("cnn").probabilities(small.images[:9])) or answers.shape == (9, 10)


def test_a_preparation_is_offered_used_by_all_and_taken_back(database: Database, path: Path, small: Digits) -> None:
    data = turned(small)
    record = import_model(database, path, "friend", data)
    assert record.plain.accuracy < 0.6
    assert record.offer is not None
    assert record.offer.accuracy > 0.85
    assert record.offer.preparation.transposed
    assert any("With another preparation it reads" in line and "transposed" in line for line in record.describe())
    plain = open_model(database, "friend").probabilities(data.train.images[:200])
    changed = prepare_imported(database, "friend", prepared=True)
    assert changed.version != record.version
    assert changed.describe()[1].startswith("Prepared: values from 0 to 1, transposed")
    answers = open_model(database, "friend").probabilities(data.train.images[:200])
    right = [float((given.argmax(axis=1) == small.labels[:200]).mean()) for given in (plain, answers)]
    assert right[0] < 0.6
    assert right[1] > 0.85
    # Who looks inside sees what it answers.
    file = read_model_file(database, "friend", ModelFormat.LITERT)
    preparation = read_preparation(database, "friend")
    layers = run_layers(file, data.train.images[0], preparation)
    assert layers[-1].kind is Kind.ANSWER
    np.testing.assert_allclose(layers[-1].values, answers[0], atol=1e-4)
    features = compute_last_features(file, data.train.images[:3], preparation=preparation)
    np.testing.assert_allclose(features, compute_last_features(file, small.images[:3]), atol=1e-4)
    again = prepare_imported(database, "friend", prepared=False)
    assert again == record
    assert read_preparation(database, "friend") == record.plain.preparation


def test_where_nothing_was_found_nothing_can_be_used(database: Database, path: Path, small: Digits) -> None:
    import_model(database, path, "friend", data_of(small))
    with pytest.raises(ModelError, match="No preparation was found that 'friend' reads better with"):
        prepare_imported(database, "friend", prepared=True)


def test_it_can_be_chosen_by_its_name_until_it_is_deleted(database: Database, path: Path, small: Digits) -> None:
    record = import_model(database, path, "friend", data_of(small))
    assert list_model_options([], [record])["friend"].startswith("Imported: friend (")
    who = find_answering(database, "friend")
    assert (who.title, who.run, who.epoch, who.data) == ("Imported: friend", None, None, "mine")
    assert who.parameters == record.parameters > 90_000
    delete_imported(database, "friend")
    assert [who.name for who in find_all_answering(database, ["friend", "cnn"])] == ["cnn"]
    for ask in (open_model, find_answering):
        with pytest.raises(ModelError, match="'friend'"):
            ask(database, "friend")
    with pytest.raises(ModelError, match=r"There is no imported model 'friend'; there are none\."):
        delete_imported(database, "friend")


@pytest.mark.parametrize("name", ["7", "Friend", "", "a b", "x" * 41, "-a", "../a", "3:best"])
def test_a_name_that_is_not_allowed_is_refused(database: Database, path: Path, small: Digits, name: str) -> None:
    with pytest.raises(ModelError, match="cannot be used for a model; allowed are 1 to 40 of"):
        import_model(database, path, name, data_of(small))


@pytest.mark.parametrize("name", ["cnn", "reader", "digit_or_not", "pixels", "friend"])
def test_a_name_is_given_once(database: Database, path: Path, small: Digits, name: str) -> None:
    import_model(database, path, "friend", data_of(small))
    with pytest.raises(ModelError, match=f"There is already a model '{name}'"):
        import_model(database, path, name, data_of(small))


def test_a_file_that_cannot_answer_leaves_nothing(database: Database, path: Path, small: Digits) -> None:
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(ModelError, match=r"^cnn of a friend.tflite: .*cut short or damaged"):
        import_model(database, path, "friend", data_of(small))
    assert list_imported(database) == []


@pytest.mark.parametrize(
    ("file", "name"),
    [("My Model (1).keras", "my-model-1"), ("7.h5", "model-7"), ("cnn.tflite", "cnn-2"), ("é.h5", "model")],
)
def test_a_name_is_suggested_by_the_file(database: Database, file: str, name: str) -> None:
    assert suggest_name(database, file) == name


def test_progress_is_told_from_beginning_to_end(database: Database, path: Path, small: Digits) -> None:
    shares: list[float] = []
    import_model(database, path, "friend", turned(small), progress=lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_models_of_this_program_are_asked_as_they_are(database: Database) -> None:
    assert read_preparation(database, "cnn") == PLAIN


def _put_record(database: Database, name: str, text: str) -> None:
    with database.write() as connection:
        table = tables.imported_models
        connection.execute(update(table).where(table.c.name == name).values(record=text))


def _changed(**changes: object) -> Callable[[dict[str, Any]], str]:
    return lambda fields: json.dumps(fields | changes)


DAMAGED: dict[str, Callable[[dict[str, Any]], str]] = {
    "empty": lambda _: "",
    "cut short": lambda fields: json.dumps(fields)[:-40],
    "a list": lambda _: "[1]",
    "a number": lambda _: "7",
    "deeper than any": lambda _: "[" * 100_000,
    "without a field": lambda fields: json.dumps({name: fields[name] for name in fields if name != "plain"}),
    "with one more": _changed(colour="red"),
    "another kind": _changed(kind="Torch"),
    "no count": _changed(images="many"),
    "no shape": _changed(takes=["a"]),
    "no trial": _changed(plain={}),
    "no share": lambda fields: json.dumps(fields | {"plain": fields["plain"] | {"accuracy": 952.4}}),
    "no preparation": lambda fields: json.dumps(fields | {"plain": fields["plain"] | {"preparation": {"paper": 0}}}),
    "another's": _changed(name="foe"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_record_is_one_models_alone(database: Database, path: Path, small: Digits, damage: str) -> None:
    record = import_model(database, path, "friend", data_of(small))
    whole = import_model(database, path, "whole", data_of(small))
    _put_record(database, "friend", DAMAGED[damage](json.loads(record.to_json())))
    assert list_imported(database) == [whole]
    (model,) = list_unreadable(database)
    assert model.name == "friend"
    assert model.reason.startswith("What is known of it ")
    assert model.reason.endswith(". Delete it, and add it anew.")
    for ask in (find_imported, open_model, find_answering, read_preparation):
        with pytest.raises(ModelError, match=r"^The model 'friend' cannot answer\. What is known of it "):
            ask(database, "friend")
    assert [who.name for who in find_all_answering(database, ["friend", "whole"])] == ["whole"]
    with pytest.raises(ModelError, match="There is already a model 'friend'"):
        import_model(database, path, "friend", data_of(small))
    assert suggest_name(database, "friend.h5") == "friend-2"
    delete_imported(database, "friend")
    assert list_unreadable(database) == []
    assert import_model(database, path, "friend", data_of(small)) == record
