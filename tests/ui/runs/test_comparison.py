"""What is said of compared runs: no more than their intervals allow."""

from dataclasses import replace

import pytest

from mnist_dash.analysis.comparison import Setting
from mnist_dash.analysis.run_titles import list_numbers, list_spans
from mnist_dash.analysis.run_verdicts import write_over_seeds, write_verdict
from mnist_dash.analysis.seeds import group_by_seed
from mnist_dash.analysis.setting_words import label_of, write_difference
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.store.database import Database
from mnist_dash.ui.runs.comparison import newest_of
from tests.trained import begun, trained

SPEC = RunSpec.of("dense_128", "mnist")


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ((950,), ""),
        ((950, 940, 950), "Runs 1 and 3 are best, with the same number of test images right."),
        ((940, 950), "Run 2 is best, but the interval of run 1 overlaps its own: that may be chance."),
        ((950, 940, 945), "Run 1 is best, but the intervals of runs 2 and 3 overlap its own: that may be chance."),
        ((900, 980, 800), "Run 2 is best, and no other interval overlaps its own: the choice of test images alone"),
    ],
)
def test_a_lead_is_called_chance_where_intervals_overlap(
    database: Database, right: tuple[int, ...], words: str
) -> None:
    assert write_verdict([trained(database, SPEC, count) for count in right]).startswith(words)
    assert bool(words) is (len(right) > 1)


def test_accuracies_on_other_images_get_no_verdict(database: Database) -> None:
    runs = [trained(database, SPEC), trained(database, replace(SPEC, data="generated"))]
    assert write_verdict(runs) == "These runs were tested on different images: their accuracies cannot be compared."


def test_a_mean_over_seeds_says_of_how_many(database: Database) -> None:
    runs = [trained(database, replace(SPEC, seed=seed), 960 + 10 * seed) for seed in (2, 1, 0)]
    assert write_over_seeds(group_by_seed(runs)[0]) == (
        "Runs 1, 2 and 3 differ in their seed alone. Mean over the 3 seeds: **97.00 %**, "
        "95 % interval 94.52 % to 99.48 %."
    )


def test_numbers_of_runs_are_listed_in_order(database: Database) -> None:
    runs = [trained(database, SPEC) for _ in range(3)]
    assert [list_numbers(runs[:1]), list_numbers(runs[1::-1]), list_numbers(runs)] == ["1", "1 and 2", "1, 2 and 3"]


def test_many_numbers_are_listed_in_little_room(database: Database) -> None:
    runs = [trained(database, SPEC) for _ in range(7)]
    assert [list_spans(runs[:1]), list_spans(runs[::2]), list_spans([*runs[:3], runs[6], runs[4], runs[5]])] == [
        "1",
        "1, 3, 5, 7",
        "1–3, 5–7",
    ]


def test_the_newest_are_those_with_a_curve_to_compare(database: Database) -> None:
    queued, _ = begun(database, SPEC, scores=())
    audit = trained(database, audit_spec("mnist"))
    runs = [queued, audit, *(trained(database, SPEC) for _ in range(6))]
    assert [run.id for run in newest_of(runs)] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("train_size", None, "all"),
        ("train_size", 54_000, "54,000"),
        ("layers", None, "the method's own"),
        ("seed", 20_261, "20261"),
        ("learning_rate", 0.001, "0.001"),
        ("dropout", 0.0, "0"),
        ("optimizer", "adam", "adam"),
        ("method", "cnn", "Convolutional network"),
        ("continued", (), "–"),
        ("continued", (5, 10), "5, 10"),
    ],
)
def test_settings_are_written_as_people_read_them(name: str, value: Setting, words: str) -> None:
    assert write_difference(name, value) == words


def test_every_setting_has_a_label() -> None:
    assert label_of("method") == "Method"
    assert label_of("continued") == "Trained further after epoch"
    assert [label_of(name) for name in PARAMETERS] == [parameter.label for parameter in PARAMETERS.values()]
