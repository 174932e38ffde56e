"""Who may teach: whoever is kept and changes no more."""

import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import SpecError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled, read_bundled_file
from mnist_dash.models.registry.teachers import check_teacher, open_teacher
from mnist_dash.models.registry.votes import Vote, keep_vote
from mnist_dash.store.database import Database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases


def taught_by(name: str) -> RunSpec:
    return RunSpec.of("distilled", "mnist", teacher=name)


def test_a_bundled_model_teaches_and_so_do_a_run_and_a_vote(database: Database, small: Digits) -> None:
    images, expected = small.images[:20], load_bundled("cnn").probabilities(small.images[:20])
    run = trained(database, RunSpec.of("cnn", "mnist"), litert=read_bundled_file("cnn"))
    keep_vote(database, Vote("both", ("cnn", str(run.id))))
    for name in ("cnn", str(run.id), "both"):
        teacher = open_teacher(database, taught_by(name))
        assert teacher is not None
        assert teacher.probabilities(images) == pytest.approx(expected, abs=1e-6)


def test_whoever_distils_nobody_has_no_teacher(database: Database) -> None:
    assert open_teacher(database, RunSpec.of("champion", "mnist")) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("9", "teacher is '9'. There is no run 9."),
        ("nobody", "teacher is 'nobody'; allowed are cnn, reader, the number of a run, and the name of an imported"),
        ("/etc/passwd", "teacher is '/etc/passwd'; allowed are cnn, reader"),
    ],
)
def test_who_is_not_here_is_refused_with_who_may_teach(database: Database, name: str, words: str) -> None:
    with pytest.raises(SpecError) as refused:
        check_teacher(database, taught_by(name))
    assert str(refused.value).startswith(words)


def test_a_run_that_still_learns_does_not_teach(database: Database) -> None:
    run, _ = begun(database, RunSpec.of("cnn", "mnist"))
    with pytest.raises(SpecError, match=f"run {run.id} is running; allowed is a run that has ended"):
        open_teacher(database, taught_by(str(run.id)))
