"""The files of a run: which there are, and what is in them when they are asked for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import streamlit as st

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queries
from mnist_dash.runs.records import Batches, Run
from mnist_dash.store.database import Database
from mnist_dash.ui.runs.downloads import list_downloads
from tests.trained import trained

SPEC = RunSpec.of("dense_128", "mnist")


@pytest.fixture(autouse=True)
def new_server() -> Iterator[None]:
    """No database of another test is shared."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def run(database: Database) -> Run:
    """A run whose first epoch was its best."""
    return trained(database, SPEC, scores=(0.9, 0.8))


def test_the_best_epoch_is_a_file_of_its_own_where_it_is_not_the_last(run: Run) -> None:
    assert {download.file: download.label for download in list_downloads(run)} == {
        "run-1-report.html": "Report (HTML)",
        "run-1-epoch-2.keras": "Keras model, last epoch (2)",
        "run-1-epoch-1.keras": "Keras model, best epoch (1)",
        "run-1-epoch-2.tflite": "LiteRT model, last epoch (2)",
        "run-1-epoch-1.tflite": "LiteRT model, best epoch (1)",
        "run-1-epoch-2.half.tflite": "LiteRT model in half precision, last epoch (2)",
        "run-1-epoch-1.half.tflite": "LiteRT model in half precision, best epoch (1)",
        "run-1-epoch-2.onnx": "ONNX model, last epoch (2)",
        "run-1-epoch-1.onnx": "ONNX model, best epoch (1)",
        "run-1-epochs.csv": "Figures by epoch (CSV)",
        "run-1-batches.csv": "Figures by batch (CSV)",
        "run-1-tensorboard.zip": "Curves for TensorBoard (ZIP)",
        "run-1.json": "Settings (JSON)",
        "run-1.py": "Keras script",
        "run-1.run.zip": "Whole run (ZIP)",
    }
    assert "run-1-epoch-1.keras" not in {download.file for download in list_downloads(replace(run, best=2))}


def test_a_run_without_an_epoch_has_its_settings_alone(run: Run) -> None:
    assert [download.file for download in list_downloads(replace(run, epoch=0))] == ["run-1.json", "run-1.py"]


def test_content_is_read_only_when_it_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {download.file: download.content for download in list_downloads(run)}
    asked: list[int] = []

    def batches_of(_: Database, run_id: int) -> list[Batches]:
        asked.append(run_id)
        return []

    monkeypatch.setattr(queries, "batches_of", batches_of)
    assert contents["run-1-epoch-2.keras"]() == b"keras 2"
    assert contents["run-1-epoch-1.keras"]() == b"keras 1"
    assert contents["run-1-epoch-2.tflite"]() == b"litert"
    assert str(contents["run-1-epochs.csv"]()).startswith("epoch,loss,accuracy,")
    assert RunSpec.from_json(str(contents["run-1.json"]())) == SPEC
    assert "import keras" in str(contents["run-1.py"]())
    assert asked == []
    assert str(contents["run-1-batches.csv"]()).startswith("epoch,batch,loss")
    assert asked == [run.id]
