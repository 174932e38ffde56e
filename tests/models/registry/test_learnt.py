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
from mnist_dash.models.registry.votes import Vote, delete_vote, keep_vote
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
    learnt = find_learnt(database, find_answering(database, str(run.id)), lambda name: mine if name == "mine" else None)
    assert has_learnt(learnt, mine, Split.TRAIN)
    assert not has_learnt(learnt, mine, Split.TEST)
    assert find_learnt(database, find_answering(database, str(run.id)), find_nothing) == frozenset()


def test_a_bundled_model_has_learnt_from_mnist_or_from_more(database: Database, mine: Dataset) -> None:
    cnn = find_learnt(database, find_answering(database, "cnn"), find_nothing)
    assert OFFICIAL["train_images"] in cnn
    reader = find_learnt(database, find_answering(database, "reader"), find_nothing)
    assert len(reader) > len(cnn)
    assert not any(has_learnt(reader, mine, split) for split in Split)


def test_a_vote_has_learnt_from_what_its_members_have(database: Database) -> None:
    keep_vote(database, Vote("both", ("reader", "cnn")))
    one, other, both = (
        find_learnt(database, find_answering(database, name), find_nothing) for name in ("reader", "cnn", "both")
    )
    assert both == one | other


def test_what_a_teacher_has_learnt_reaches_whom_it_teaches(database: Database, mine: Dataset) -> None:
    teacher = trained(database, RunSpec.of("cnn", "mine"))
    keep_vote(database, Vote("both", (str(teacher.id), "reader")))
    pupil = trained(database, RunSpec.of("distilled", "mnist", teacher="both"))

    def find(name: str) -> frozenset[str]:
        known = find_answering(database, name)
        return find_learnt(database, known, lambda name: mine if name == "mine" else None)

    assert find(str(pupil.id)) == find("reader") | find(str(teacher.id))
    assert has_learnt(find(str(pupil.id)), mine, Split.TRAIN)
    # The vote that taught is there no more, and whom it taught is in one of that name.
    delete_vote(database, "both")
    assert find(str(pupil.id)) == frozenset()
    keep_vote(database, Vote("both", (str(pupil.id), "cnn")))
    assert find(str(pupil.id)) == find("cnn")


def test_who_is_fine_tuned_knows_what_it_has_learnt_before(database: Database, mine: Dataset) -> None:
    starts = {"reader": find_learnt(database, find_answering(database, "reader"), find_nothing), "generated": set()}
    for start, before in starts.items():
        run = trained(database, RunSpec.of("fine_tuned", "mine", start=start))
        who = find_answering(database, str(run.id))
        assert find_learnt(database, who, lambda _: mine) == before | {mine.sha256["train_images"]}


@pytest.mark.parametrize("holdout", Holdout)
def test_unipens_strokes_are_known_however_they_are_brought(
    database: Database, tmp_path: Path, holdout: Holdout
) -> None:
    if not STROKES.exists():
        pytest.skip("real pen strokes are not beside the project")
    (tmp_path / "mine.jsonl").write_bytes(gzip.decompress(STROKES.read_bytes()))
    found = compute_checksums(read_dataset([tmp_path / "mine.jsonl"], ReadingOptions(holdout=holdout)).dataset)
    reader, cnn = (find_learnt(database, find_answering(database, name), find_nothing) for name in ("reader", "cnn"))
    assert has_learnt(reader, found, Split.TRAIN)
    assert has_learnt(reader, found, Split.TEST) or not len(found.test)
    assert not has_learnt(cnn, found, Split.TRAIN)
