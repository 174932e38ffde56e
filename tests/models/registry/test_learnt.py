"""What a model is known to have learnt from, and how a set is told to be that."""

import gzip
from pathlib import Path

import pytest

from mnist_dash.data.checksums import OFFICIAL, checksums
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.store.named_sets import compute_checksums
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.models.registry.learnt import find_learnt, has_learnt
from mnist_dash.models.registry.votes import Vote, keep_vote
from mnist_dash.store.database import Database
from tests.trained import trained

STROKES = Path(__file__).resolve().parents[4] / "shared" / "pen" / "strokes.jsonl.gz"


def find_nothing(_name: str) -> None:
    """No data set is at hand."""


@pytest.fixture
def mine(small: Digits) -> Dataset:
    """A set that a run learns from, and tests on its last images."""
    train, test = small.take(slice(400)), small.take(slice(400, None))
    return Dataset("mine", train, test, "people", sha256=checksums(train, test))


def test_a_run_has_learnt_from_the_training_images_of_its_set_alone(database: Database, mine: Dataset) -> None:
    run = trained(database, RunSpec.of("random", "mine"), scores=())
    learnt = find_learnt(find_answering(database, str(run.id)), lambda name: mine if name == "mine" else None)
    assert has_learnt(learnt, mine, Split.TRAIN)
    assert not has_learnt(learnt, mine, Split.TEST)
    assert find_learnt(find_answering(database, str(run.id)), find_nothing) == frozenset()


def test_a_bundled_model_has_learnt_from_mnist_or_from_more(database: Database, mine: Dataset) -> None:
    cnn = find_learnt(find_answering(database, "cnn"), find_nothing)
    assert OFFICIAL["train_images"] in cnn
    reader = find_learnt(find_answering(database, "reader"), find_nothing)
    assert len(reader) > len(cnn)
    assert not any(has_learnt(reader, mine, split) for split in Split)


def test_a_vote_has_learnt_from_what_its_members_have(database: Database) -> None:
    keep_vote(database, Vote("both", ("reader", "cnn")))
    one, other, both = (find_learnt(find_answering(database, name), find_nothing) for name in ("reader", "cnn", "both"))
    assert both == one | other


@pytest.mark.parametrize("holdout", Holdout)
def test_unipens_strokes_are_known_however_they_are_brought(
    database: Database, tmp_path: Path, holdout: Holdout
) -> None:
    if not STROKES.exists():
        pytest.skip("real pen strokes are not beside the project")
    (tmp_path / "mine.jsonl").write_bytes(gzip.decompress(STROKES.read_bytes()))
    found = compute_checksums(read_dataset([tmp_path / "mine.jsonl"], ReadingOptions(holdout=holdout)).dataset)
    reader, cnn = (find_learnt(find_answering(database, name), find_nothing) for name in ("reader", "cnn"))
    assert has_learnt(reader, found, Split.TRAIN)
    assert has_learnt(reader, found, Split.TEST) or not len(found.test)
    assert not has_learnt(cnn, found, Split.TRAIN)
