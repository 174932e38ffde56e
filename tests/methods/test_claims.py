"""Every claim can be repeated, has been, and stands beside what was published."""

import json

import pytest

from mnist_dash.data.dataset import MNIST
from mnist_dash.methods.claims import CLAIMS
from mnist_dash.methods.layers import compute_shapes
from mnist_dash.methods.measured import RECORD, Measured, read_record
from mnist_dash.methods.references import REFERENCES
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec_text import read_settings, write_settings
from mnist_dash.place import APP


def test_every_method_for_mnist_is_claimed_with_its_own_defaults() -> None:
    own = {claim.method for claim in CLAIMS.values() if not claim.changes}
    assert own == {name for name, method in METHODS.items() if method.data == MNIST}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_has_its_measured_row(name: str) -> None:
    claim, found = CLAIMS[name], read_record().measured[name]
    spec = claim.make_spec()
    assert found.test_accuracies
    assert len(found.test_accuracies) == len(found.seeds)
    assert (found.epochs or 1) == spec.epochs
    assert len(found.curve) == (spec.epochs if spec.network else 0)
    assert found.parameters == (spec.parameter_count or None)
    assert found.multiply_adds == (
        sum(row.operations for row in compute_shapes(spec.network)) if spec.network else None
    )
    assert found.train_images == (10 if claim.one_of_each else spec.split(60_000)[0])
    assert min(found.mean_processor_seconds, found.answer_ms) > 0
    assert found.interval[0] <= found.mean_test_accuracy <= found.interval[1]


def test_all_but_the_longest_are_measured_over_three_seeds() -> None:
    assert {name for name, found in read_record().measured.items() if found.seeds != (0, 1, 2)} <= {"svm"}


def test_the_goals_of_the_literature_are_reached() -> None:
    measured = read_record().measured
    assert measured["nearest"].mean_test_accuracy >= 0.969
    assert measured["svm"].mean_test_accuracy >= 0.983
    assert measured["tiny"].mean_test_accuracy >= 0.994
    assert (measured["tiny"].parameters or 0) < 10_000


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claims_settings_survive_a_link(name: str) -> None:
    spec = CLAIMS[name].make_spec()
    assert read_settings(write_settings(spec), MNIST) == spec


def test_an_interval_is_over_seeds_where_there_are_several_and_over_images_where_there_is_one() -> None:
    values = json.loads(RECORD.read_text("utf-8"))["result"]["claims"]
    several, one = read_record().measured["cnn"], read_record().measured["svm"]
    assert several.interval[1] == pytest.approx(values["cnn"]["mean_test_accuracy"] + values["cnn"]["interval_95"])
    assert one.interval == tuple(values["svm"]["test_interval"])


def test_an_interval_stays_among_shares() -> None:
    found = read_record().measured["cnn"]
    wide = {name: getattr(found, name) for name in Measured.__slots__} | {"interval_95": 0.5}
    assert Measured(**wide).interval[1] == 1.0


def test_published_figures_are_marked_with_how_they_came_about() -> None:
    assert all(each.protocol and 0.9 < each.accuracy < 1 and each.parameters > 0 for each in REFERENCES)


def test_the_record_stands_where_streamlit_runs() -> None:
    assert RECORD.is_relative_to(APP)
