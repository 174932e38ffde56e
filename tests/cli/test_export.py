"""`export`: a model, its figures or its script as a file, from the command line."""

from pathlib import Path

import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained


@pytest.fixture
def run(database: Database) -> str:
    """The number of a run that is done."""
    return str(trained(database, RunSpec.of("dense_128", "mnist"), scores=(0.9, 0.8)).id)


@pytest.mark.parametrize(
    ("model", "form", "content"),
    [("1", "keras", b"keras 2"), ("1:best", "keras", b"keras 1"), ("1", "litert", b"litert")],
)
def test_a_model_is_written_to_the_file_that_was_named(
    ask: Ask, run: str, tmp_path: Path, model: str, form: str, content: bytes
) -> None:
    assert run == "1"
    path = tmp_path / "out"
    said = ask("export", model, "--format", form, "--out", str(path), "--json").json
    assert said == {"file": str(path), "model": model, "format": form, "bytes": len(content)}
    assert path.read_bytes() == content


@pytest.mark.parametrize(("form", "start"), [("csv", "epoch,loss,accuracy,"), ("script", '"""Dense network on MNIST')])
def test_figures_and_script_are_text(ask: Ask, run: str, tmp_path: Path, form: str, start: str) -> None:
    path = tmp_path / "out"
    answer = ask("export", run, "--format", form, "--out", str(path))
    assert answer.out == f"{run} written to {path} ({path.stat().st_size:,} bytes)\n"
    assert path.read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    ("model", "form", "out", "words"),
    [
        ("1", "h5", "out", "invalid choice: 'h5'"),
        ("cnn", "onnx", "out", "cnn comes with the program as litert alone."),
        ("1", "onnx", "out", "This is no Keras model that "),
        ("1", "keras", "nowhere/out", "There is no folder nowhere. Make it, or name a file in another one."),
        ("7", "keras", "out", "There is no run 7."),
        ("cnn", "keras", "out", "cnn comes with the program as litert alone."),
    ],
)
@pytest.mark.usefixtures("run")
def test_what_cannot_be_exported_is_refused_in_one_line_and_leaves_nothing(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, form: str, out: str, words: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert words in ask("export", model, "--format", form, "--out", out).refusal
    assert list((tmp_path / "here").iterdir()) == []
