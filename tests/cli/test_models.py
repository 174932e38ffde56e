"""Commands around models by others: added, listed, prepared and deleted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.models.registry.imported import import_model
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask

with_data = pytest.mark.usefixtures("with_data")


@pytest.fixture
def path(tmp_path: Path, content: bytes) -> Path:
    """The LiteRT file of a network that reads digits."""
    path = tmp_path / "Friend.tflite"
    path.write_bytes(content)
    return path


@with_data
def test_a_model_is_added_listed_asked_and_deleted(ask: Ask, path: Path, small: Digits, tmp_path: Path) -> None:
    assert "No models by others yet" in ask("models").out
    added = ask("import-model", str(path), "--json").json
    assert (added["model"], added["kind"], added["takes"]) == ("friend", "LiteRT", [28, 28, 1])
    assert (added["preparation"], added["outputs"], added["offer"]) == ("values from 0 to 1", "probabilities", None)
    assert added["training_accuracy"] > 0.85
    assert ask("models", "--json").lines == [added]
    picture = tmp_path / "digit.png"
    Image.fromarray(small.images[0]).save(picture)
    by_name, by_path = (
        ask("predict", str(picture), "--as-is", "--model", model, "--json").json for model in ("friend", str(path))
    )
    assert by_name == by_path
    assert ask("evaluate", "friend", "--json").json["accuracy"] > 0.8
    assert ask("models", "--prepare", "friend").refusal.startswith(
        "No preparation was found that 'friend' reads better"
    )
    assert ask("models", "--delete", "friend").out == "friend deleted\n"
    assert ask("predict", str(picture), "--model", "friend").refusal.startswith("'friend' is no model; allowed are ")


def test_a_preparation_is_offered_and_used_by_an_option(
    ask: Ask, database: Database, path: Path, small: Digits, tmp_path: Path
) -> None:
    turned = replace(small, images=np.ascontiguousarray(small.images.transpose(0, 2, 1)))
    data = Dataset(name="turned", train=turned, test=turned.take(slice(0)), origin="a test")
    import_model(database, path, "friend", data)
    told = ask("models").out
    assert "With another preparation it reads" in told
    assert "transposed (rows and columns exchanged)" in told
    assert "Use it so: `models --prepare friend`." in told
    assert ask("models", "--prepare", "friend", "--json").json["prepared"] is True
    picture = tmp_path / "digit.png"
    Image.fromarray(turned.images[0]).save(picture)
    assert (
        ask("predict", str(picture), "--as-is", "--model", "friend", "--json").json["probabilities"][
            int(small.labels[0])
        ]
        > 0.5
    )
    assert ask("models", "--as-is", "friend", "--json").json["prepared"] is False


@with_data
def test_what_is_no_model_is_refused_in_one_line(ask: Ask, path: Path, tmp_path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])
    words = "Friend.tflite: This is no LiteRT model that can answer (it is cut short or damaged"
    assert ask("import-model", str(path)).refusal.startswith(words)
    torch = tmp_path / "net.pt"
    torch.write_bytes(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")
    assert ask("import-model", str(torch)).refusal.startswith("net.pt: This is a PyTorch file; taken are Keras and")
    nowhere = ask("import-model", str(tmp_path / "nowhere.keras")).refusal
    assert nowhere.startswith("nowhere.keras: it cannot be read (No such file")
    assert ask("models", "--json").out == ""


def test_a_damaged_record_is_listed_with_its_reason_and_can_be_deleted(
    ask: Ask, database: Database, path: Path, small: Digits
) -> None:
    import_model(database, path, "friend", Dataset("mine", small, small.take(slice(0)), "a test"))
    with database.write() as connection:
        connection.execute(update(tables.imported_models).values(record="{}"))
    reason = "What is known of it cannot be read (name is missing or of another kind). Delete it, and add it anew."
    assert ask("models").out == f"friend: {reason} `models --delete friend` removes it.\n"
    assert ask("models", "--json").json == {"model": "friend", "reason": reason}
    assert ask("evaluate", "friend").refusal == f"The model 'friend' cannot answer. {reason}"
    assert ask("models", "--delete", "friend").out == "friend deleted\n"
    assert "No models by others yet" in ask("models").out
