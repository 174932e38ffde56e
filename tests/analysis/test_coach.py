"""The coach on recorded trainings, healthy and sick: it speaks of what is wrong, when it shows, and never otherwise.

`curves.json` holds the runs and says how they were made.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from mnist_dash.analysis import remedies, symptoms
from mnist_dash.analysis.coach import Advice, Kind, Severity, advise
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, Run, State

HEALTHY = (
    "cnn, Adam",
    "cnn, dropout, 1,000 images",
    "dense_128, Adam",
    "dense_128, Adam 0.0001",
    "dense_128, SGD 0.1",
    "dense_128, SGD 0.01",
    "dense_128, Nesterov",
    "dense_128, augmented",
    "dense_128, augmented, dropout, cosine",
    "dense_128, one cycle",
    "dense_128, batches of 4",
    "dense_128, batches of 512",
    "dense_128, nothing held out",
    "dense_128, label smoothing 0.5",
    "dense_128, focal",
    "dense_128, squared error",
    "dense_128, tanh",
    "mlp_900, Adam",
    "functional_5, SGD 0.1",
    "functional_5, SGD 0.5",
    "functional_4, SGD 0.1",
    "functional_5, sigmoid",
)
RECORD = 16
"""Batches in a record."""
RECENT = 20
"""Records that a page may still have of a long run."""


Moment = tuple[int, tuple[Advice, ...]]
"""Batches done, and what the coach says then."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded run: its spec, the images it learns from, batches an epoch, and all that it showed."""

    spec: RunSpec
    train: int
    steps: int
    epochs: tuple[Epoch, ...]
    batches: tuple[Batches, ...]

    def run(self, epochs: int, state: State = State.RUNNING, reason: str | None = None) -> Run:
        """The run after so many epochs."""
        best = min(self.epochs[:epochs], key=lambda epoch: epoch.validation_loss or epoch.loss, default=None)
        return Run(
            id=1,
            name="recorded",
            spec=self.spec,
            state=state,
            created=0.0,
            started=0.0,
            ended=None,
            host=None,
            attempt=1,
            epoch=epochs,
            best=best.epoch if best else None,
            phase="training",
            reason=reason,
            stop_requested=False,
            pause_at=None,
            position=0.0,
            train_images=self.train,
            steps=self.steps,
            seconds=1.0,
            score=None,
            tags=(),
        )

    def heard(self, recent: int | None = None) -> Iterator[Moment]:
        """What the coach says after every record, every epoch and the end, of all records or the `recent` ones."""
        for i, last in enumerate(self.batches, start=1):
            seen = self.batches[max(0, i - recent) if recent else 0 : i]
            done = (last.epoch - 1) * self.steps + last.step + len(last.loss)
            yield done, advise(self.run(last.epoch - 1), self.epochs[: last.epoch - 1], seen)
            if done == last.epoch * self.steps:
                yield done, advise(self.run(last.epoch), self.epochs[: last.epoch], seen)
        broken = len(self.epochs) < self.batches[-1].epoch
        run = self.run(len(self.epochs), State.FAILED if broken else State.DONE)
        yield done, advise(run, self.epochs, self.batches[-recent if recent else 0 :])


def _recorded(record: Mapping[str, Any]) -> Recorded:
    spec = RunSpec.of(record["method"], "mnist", **record["changes"])
    sizes = [min(spec.batch_size, record["train"] - spec.batch_size * i) for i in range(record["steps"])]
    epochs = []
    for i, figures in enumerate(record["epochs"]):
        details = _details(record["confusion"][i], record["dead"][i]) if "confusion" in record else None
        loss, right, held_out_loss, held_out_right = figures
        epochs.append(Epoch(i + 1, loss, right, held_out_loss, held_out_right, 1.0, details))
    batches = []
    for i, losses in enumerate(record["loss"]):
        rate = record["rate"][i] if i < len(epochs) else spec.learning_rate
        known = [nan if value is None else value for value in losses]
        shares = [count / size for count, size in zip(record["right"][i], sizes, strict=False)]
        for step in range(0, len(known), RECORD):
            part = slice(step, step + RECORD)
            batches.append(Batches(i + 1, step, tuple(known[part]), tuple(shares[part]), 1.0, rate))
    return Recorded(spec, record["train"], record["steps"], tuple(epochs), tuple(batches))


def _details(counts: list[int], dead: dict[str, float]) -> EpochDetails:
    rows = tuple(tuple(counts[i : i + 10]) for i in range(0, 100, 10))
    return EpochDetails(rows, Answers((), ()), tuple(dead.items()))


CURVES = {
    record["name"]: _recorded(record)
    for record in json.loads(Path(__file__).with_name("curves.json").read_text("utf-8"))["runs"]
}
AUGMENTED = {"rotation": 10.0, "shift": 2.0}
SICK: tuple[tuple[str, Kind, int, dict[str, Any]], ...] = (
    ("cnn, SGD 1", Kind.NAN, 20, {"learning_rate": 0.1}),
    ("functional_5, SGD 3", Kind.NAN, 7, {"learning_rate": 0.1}),
    ("cnn, Adam 0.02", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.001}),
    ("cnn, Adam 0.1", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.001}),
    ("dense_128, Adam 0.1", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.001}),
    ("dense_128, Adam 1", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.001}),
    ("dense_128, SGD 1", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.1}),
    ("dense_128, momentum 0.5", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.01}),
    ("dense_128, leaky relu, Adam 0.1", Kind.RATE_TOO_HIGH, 102, {"learning_rate": 0.001}),
    ("functional_5, leaky relu, Adam 0.02", Kind.DIVERGENCE, 505, {"learning_rate": 0.001}),
    ("functional_4, SGD 0.1, spikes", Kind.DIVERGENCE, 210, {"clip_norm": 1.0}),
    ("dense_128, Adam 0.000001", Kind.RATE_TOO_LOW, 204, {"learning_rate": 0.001}),
    ("dense_128, Adam 0.00001", Kind.RATE_TOO_LOW, 204, {"learning_rate": 0.001}),
    ("dense_128, SGD 0.00001", Kind.RATE_TOO_LOW, 204, {"learning_rate": 0.1}),
    ("dense_128, zeros", Kind.DEAD_UNITS, 103, {"initializer": "glorot_uniform"}),
    ("functional_5, sigmoid, SGD 0.1", Kind.PLATEAU, 301, {"activation": "relu"}),
    ("dense_128, clipped at 0.001", Kind.PLATEAU, 301, {"clip_norm": 1.0}),
    ("dense_128, Adam 0.05", Kind.DEAD_UNITS, 102, {"learning_rate": 0.001}),
    ("dense_128, 500 images", Kind.OVERFITTING, 273, AUGMENTED),
    ("dense_128, 2,000 images", Kind.OVERFITTING, 290, AUGMENTED),
    ("dense_128, tanh, Adam 0.03", Kind.PLATEAU, 645, {"learning_rate": 0.001}),
    ("one unit", Kind.PLATEAU, 1425, {}),
)
"""Runs, what is wrong with them, after how many batches it is said, and what the remedy changes."""
MISSING = "dense_128, no 7 to learn from"


@pytest.mark.parametrize("recent", [None, RECENT], ids=["all batches", "the latest batches"])
@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_hears_nothing_at_any_moment(name: str, recent: int | None) -> None:
    moments = list(CURVES[name].heard(recent))
    assert len(moments) > 8
    assert [(done, said) for done, said in moments if said] == []


@pytest.mark.parametrize(("name", "kind", "first", "changes"), SICK, ids=[name for name, *_ in SICK])
def test_a_sick_run_hears_what_is_wrong_as_soon_as_it_shows_and_until_it_ends(
    name: str, kind: Kind, first: int, changes: Mapping[str, object]
) -> None:
    moments = list(CURVES[name].heard())
    assert [said for done, said in moments if done < first and said] == []
    later = [said for done, said in moments if done > first]
    assert [[found.kind for found in said] for said in (*later, moments[-1][1])] == [[kind]] * (len(later) + 1)
    assert moments[-1][1][0].remedy.changes == changes


def test_every_recorded_run_is_in_one_of_the_tables() -> None:
    assert set(CURVES) == {*HEALTHY, *(name for name, *_ in SICK), MISSING}


def test_two_things_are_said_of_a_digit_that_is_never_answered_and_of_the_loss_that_rises() -> None:
    moments = list(CURVES[MISSING].heard())
    assert next(done for done, said in moments if said) == 3 * CURVES[MISSING].steps
    missing, overfitting = moments[-1][1]
    assert (missing.kind, overfitting.kind) == (Kind.CLASS_MISSING, Kind.OVERFITTING)
    assert missing.title == "Nothing is taken for a 7"
    assert "37 are one; most of them are taken for a 9" in missing.evidence


@pytest.fixture(scope="module")
def given() -> list[tuple[Recorded, Advice]]:
    """All advice that the recorded runs get at any moment."""
    return [(run, found) for run in CURVES.values() for _, said in run.heard() for found in said]


def test_every_remedy_is_a_run_that_is_allowed_and_another_one(given: list[tuple[Recorded, Advice]]) -> None:
    assert {said.kind for _, said in given} == set(Kind)
    for recorded, said in given:
        spec = recorded.spec
        again = RunSpec.of(spec.method, spec.data, **{**spec.parameters, **said.remedy.changes})
        assert (again == spec) == (not said.remedy.changes)


def test_evidence_has_figures_that_people_can_read(given: list[tuple[Recorded, Advice]]) -> None:
    for _, said in given:
        assert len(re.findall(r"\d+", said.evidence)) >= 3
        assert not re.search(r"\de[-+]?\d|nan|None|_", said.evidence.replace("dense_", "layer"))
        assert said.evidence.endswith(".")
        assert said.remedy.label


def test_the_gravest_is_called_serious_and_a_standstill_a_hint(given: list[tuple[Recorded, Advice]]) -> None:
    severities = {said.title: said.severity for _, said in given}
    assert severities["The loss is no longer a number"] is Severity.SERIOUS
    assert severities["Overfitting: it learns its training digits by heart"] is Severity.WARNING
    assert severities["Learning has come to a standstill"] is Severity.HINT


def test_a_run_that_goes_on_is_stopped_by_the_click_that_starts_another() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    states = {
        state: advise(replace(recorded.run(16), state=state), recorded.epochs, recorded.batches) for state in State
    }
    stops = {state: (said[0].remedy.stop, said[0].remedy.label.partition(" ")[0]) for state, said in states.items()}
    assert stops == {state: (True, "Stop") if state.active else (False, "Start") for state in State}


def test_overfitting_names_both_epochs_and_both_losses() -> None:
    (said,) = list(CURVES["dense_128, 2,000 images"].heard())[-1][1]
    assert "risen from 0.376 (epoch 6) to 0.523 (epoch 16)" in said.evidence
    assert "training loss fell from 0.136 to 0.014" in said.evidence


@pytest.mark.parametrize(
    ("changes", "remedy", "stop"),
    [
        ({}, AUGMENTED, True),
        ({"shear": 0.1}, {"dropout": 0.5}, True),
        ({"shear": 0.1, "dropout": 0.2}, {}, True),
        ({"learning_rate": 0.01}, {"learning_rate": 0.001}, True),
    ],
)
def test_what_helps_against_learning_by_heart_is_what_the_run_has_not_tried(
    changes: dict[str, Any], remedy: Mapping[str, object], stop: bool
) -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    run = replace(recorded.run(16), spec=replace(recorded.spec, **changes))
    (said,) = advise(run, recorded.epochs, recorded.batches)
    assert (said.kind, said.remedy.changes, said.remedy.stop) == (Kind.OVERFITTING, remedy, stop)


def test_a_rising_loss_is_no_overfitting_where_held_out_digits_are_read_as_well_as_those_learnt() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    harder = [replace(epoch, accuracy=min(epoch.accuracy, 0.93)) for epoch in recorded.epochs]
    assert advise(recorded.run(16), recorded.epochs, recorded.batches)
    assert advise(recorded.run(16), harder, recorded.batches) == ()


def test_a_rising_loss_is_no_overfitting_where_the_training_loss_does_not_fall() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    level = [replace(epoch, loss=0.1) for epoch in recorded.epochs]
    assert advise(recorded.run(16), level, recorded.batches) == ()


def test_a_jump_two_epochs_ago_is_no_trend_yet() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    losses = (0.384, 0.383, 0.382, 0.381, 0.380, 0.379, 0.480, 0.481)
    epochs = [replace(epoch, validation_loss=loss) for epoch, loss in zip(recorded.epochs[8:], losses, strict=True)]
    learning = [replace(epoch, loss=0.1 / (i + 1)) for i, epoch in enumerate(epochs)]
    assert advise(recorded.run(16), learning, recorded.batches) == ()


def _validation_losses(epochs: Iterable[Epoch], counts: Sequence[int], dead: float = 0.0) -> list[Epoch]:
    """The epochs with so many validation digits of each class, all read right."""
    rows = tuple(tuple(count if label == answer else 0 for answer in range(10)) for label, count in enumerate(counts))
    return [replace(epoch, details=EpochDetails(rows, Answers((), ()), (("dense", dead),))) for epoch in epochs]


def test_a_few_held_out_digits_are_no_evidence_of_overfitting() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    for count, said in ((10, [Kind.OVERFITTING]), (4, [])):
        found = advise(recorded.run(16), _validation_losses(recorded.epochs, [count] * 10), recorded.batches)
        assert [advice.kind for advice in found] == said


def test_a_few_held_out_digits_are_no_evidence_of_dead_units() -> None:
    recorded = CURVES["dense_128, Adam"]
    for count, said in ((10, [Kind.DEAD_UNITS]), (9, [])):
        found = advise(recorded.run(6), _validation_losses(recorded.epochs, [count] * 10, dead=0.6), recorded.batches)
        assert [advice.kind for advice in found] == said


def test_a_few_held_out_images_of_a_digit_are_no_evidence_that_it_is_never_answered() -> None:
    recorded = CURVES["dense_128, Adam"]
    for count, said in ((10, [Kind.CLASS_MISSING]), (9, [])):
        epochs = _validation_losses(recorded.epochs, [20] * 10)
        rows = [list(row) for row in epochs[0].details.confusion] if epochs[0].details else []
        rows[7] = [0, count, *[0] * 8]
        confusion = tuple(map(tuple, rows))
        details = EpochDetails(confusion, Answers((), ()), ())
        found = advise(recorded.run(6), [replace(epoch, details=details) for epoch in epochs], recorded.batches)
        assert [advice.kind for advice in found] == said


def test_what_the_epochs_show_needs_no_batches() -> None:
    recorded = CURVES["dense_128, 2,000 images"]
    assert [found.kind for found in advise(recorded.run(16), recorded.epochs, [])] == [Kind.OVERFITTING]


def test_first_weights_of_zero_are_not_blamed_on_the_units() -> None:
    recorded = CURVES["dense_128, zeros"]
    assert all(dict(epoch.details.dead)["dense_1"] == 1 for epoch in recorded.epochs if epoch.details)
    assert advise(recorded.run(6), recorded.epochs, []) == ()


def _guessing(count: int) -> list[Batches]:
    """Some batches of a network that guesses, behind those of six epochs."""
    return [Batches(7, 0, (2.31,) * count, (0.1,) * count, 1.0)]


def test_a_network_that_has_just_lost_everything_has_not_failed_to_begin() -> None:
    recorded = CURVES["dense_128, Adam"]
    assert advise(recorded.run(6), recorded.epochs, [*recorded.batches, *_guessing(50)]) == ()
    (said,) = advise(recorded.run(6), recorded.epochs, [*recorded.batches, *_guessing(75)])
    assert (said.kind, said.title) == (Kind.DIVERGENCE, "The network loses what it had learnt")
    # A page has only the latest batches of a long run: the epochs remember.
    assert [found.kind for found in advise(recorded.run(6), recorded.epochs, _guessing(75))] == [Kind.DIVERGENCE]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"activation": "sigmoid"}, Kind.PLATEAU),
        ({"activation": "sigmoid", "learning_rate": 0.01}, Kind.PLATEAU),
        ({"activation": "relu"}, Kind.PLATEAU),
        ({"activation": "relu", "learning_rate": 0.01}, Kind.RATE_TOO_LOW),
        ({"activation": "relu", "learning_rate": 0.5}, Kind.RATE_TOO_HIGH),
    ],
)
def test_why_a_network_still_guesses_is_told_by_its_spec(changes: dict[str, Any], kind: Kind) -> None:
    recorded = CURVES["functional_5, sigmoid, SGD 0.1"]
    run = replace(recorded.run(9), spec=replace(recorded.spec, **changes))
    (said,) = advise(run, recorded.epochs, recorded.batches)
    assert said.kind is kind


def test_a_cause_is_not_mistaken_for_a_low_rate_while_it_is_too_early_to_name_it() -> None:
    recorded = CURVES["functional_5, sigmoid, SGD 0.1"]
    run = replace(recorded.run(6), spec=replace(recorded.spec, learning_rate=0.01))
    seen = [part for part in recorded.batches if part.epoch <= 6]
    assert 200 < sum(len(part.loss) for part in seen) < 300
    assert advise(run, recorded.epochs[:6], seen) == ()


def test_a_slow_start_is_no_low_rate_before_the_first_epoch_is_over_or_near_the_usual_rate() -> None:
    recorded = CURVES["dense_128, Adam 0.00001"]
    assert [found.kind for found in advise(recorded.run(6), recorded.epochs, recorded.batches)] == [Kind.RATE_TOO_LOW]
    losses, rights = (sum((getattr(part, of) for part in recorded.batches), ()) for of in ("loss", "accuracy"))
    assert advise(replace(recorded.run(0), steps=844), [], [Batches(1, 0, losses, rights, 1.0)]) == ()
    near = replace(recorded.run(6), spec=replace(recorded.spec, learning_rate=0.0002))
    assert advise(near, recorded.epochs, recorded.batches) == ()


def test_a_loss_that_has_calmed_down_is_spoken_of_no_more() -> None:
    recorded = CURVES["functional_4, SGD 0.1, spikes"]
    calm = Batches(17, 0, (0.2,) * 120, (0.95,) * 120, 1.0)
    assert advise(recorded.run(16), recorded.epochs, recorded.batches)
    assert advise(recorded.run(16), recorded.epochs, [*recorded.batches, calm]) == ()


def test_small_batches_are_seen_together_and_large_ones_alone() -> None:
    batches = [Batches(1, 0, (1.0, 3.0) * 40, (0.0, 1.0) * 40, 1.0)]
    small, large = symptoms.condense(batches, 8), symptoms.condense(batches, 64)
    assert (small.loss.tolist(), small.accuracy.tolist(), small.first) == ([2.0] * 10, [0.5] * 10, 1.0)
    assert len(large.loss) == 80


@pytest.mark.parametrize(("first", "peak"), [(1.0, 5.0), (None, 5.0), (4.0, None)])
def test_a_jump_is_a_jump_beside_the_first_loss(first: float | None, peak: float | None) -> None:
    curve = replace(symptoms.condense([Batches(1, 0, (5.0, 1.0), (0.1, 0.1), 1.0)], 64), first=first)
    assert symptoms.find_peak([], curve, 2.3) == peak


@pytest.mark.parametrize(("loss", "accuracy", "collapsed"), [(0.5, 0.5, True), (0.3, 0.5, False), (0.5, 0.85, False)])
def test_a_collapse_is_a_loss_twice_as_high_and_an_accuracy_ten_points_lower(
    loss: float, accuracy: float, collapsed: bool
) -> None:
    best, now = symptoms.Stretch(0.2, 0.9, 1), symptoms.Stretch(loss, accuracy, 2)
    assert symptoms.find_collapse([best, now, now, now]) == (best if collapsed else None)
    assert symptoms.find_collapse([best, best, now, now]) is None
    assert symptoms.find_collapse([replace(best, accuracy=0.59), *[replace(now, accuracy=0.2)] * 3]) is None


def test_a_run_at_the_end_of_its_schedule_may_stand_still() -> None:
    recorded = CURVES["one unit"]
    faded = [replace(part, rate=0.01) for part in recorded.batches]
    assert advise(recorded.run(26), recorded.epochs, recorded.batches)
    assert advise(recorded.run(26), recorded.epochs, faded) == ()


@pytest.mark.parametrize("figure", ["loss", "validation_loss"])
def test_a_loss_that_falls_is_no_standstill(figure: str) -> None:
    recorded = CURVES["one unit"]
    falling: list[dict[str, Any]] = [{figure: 2 * 0.99**epoch.epoch} for epoch in recorded.epochs]
    epochs = [replace(epoch, **fallen) for epoch, fallen in zip(recorded.epochs, falling, strict=True)]
    assert advise(recorded.run(26), epochs, recorded.batches) == ()


def test_a_good_network_may_stand_still() -> None:
    recorded = CURVES["one unit"]
    good = [replace(epoch, accuracy=0.96) for epoch in recorded.epochs]
    assert advise(recorded.run(26), good, recorded.batches) == ()


def test_dead_units_hide_what_may_follow_from_them() -> None:
    recorded = CURVES[MISSING]
    epochs = [
        replace(epoch, details=replace(epoch.details, dead=(("dense", 0.7), ("dense_1", 0.2))))
        for epoch in recorded.epochs
        if epoch.details
    ]
    (said,) = advise(recorded.run(7), epochs, recorded.batches)
    assert (said.kind, said.remedy.changes) == (Kind.DEAD_UNITS, {"activation": "leaky_relu"})
    assert "70 % of the units of layer dense " in said.evidence


@pytest.mark.parametrize(("loss", "words"), [(nan, "NaN, which is not a number"), (inf, "infinite")])
def test_a_loss_that_is_no_number_is_shown_with_its_batch_and_the_one_before(loss: float, words: str) -> None:
    recorded = CURVES["dense_128, Adam"]
    batches = [Batches(3, 16, (0.5, 0.25), (0.9, 0.9), 1.0), Batches(3, 18, (loss,), (0.1,), 1.0)]
    (said,) = advise(recorded.run(2, State.FAILED), recorded.epochs[:2], batches)
    assert f"In epoch 3, batch 19, the loss became {words}; one batch earlier it was 0.250." in said.evidence


def test_weights_that_broke_at_the_end_of_an_epoch_are_read_from_the_reason() -> None:
    recorded, reason = CURVES["dense_128, Adam"], "The weights became NaN or infinite at the end of epoch 2: too large."
    (said,) = advise(recorded.run(1, State.FAILED, reason), recorded.epochs[:1], recorded.batches[:9])
    assert said.kind is Kind.NAN
    assert said.evidence.startswith("The weights became NaN or infinite at the end of epoch 2. The steps")
    assert advise(recorded.run(1, State.FAILED, "Memory ran out."), recorded.epochs[:1], recorded.batches[:9]) == ()


def test_a_breakdown_that_is_behind_a_run_counts_no_more() -> None:
    recorded = CURVES["dense_128, Adam"]
    broke = Batches(2, 0, (0.5, 90.0, nan), (0.9, 0.1, 0.1), 1.0)
    assert advise(recorded.run(6), recorded.epochs, [broke, *recorded.batches]) == ()


def test_nothing_is_said_of_a_run_that_has_shown_nothing_or_learns_nothing() -> None:
    recorded = CURVES["dense_128, Adam"]
    guess = replace(recorded.run(0), spec=RunSpec.of("random", "mnist"))
    assert advise(replace(recorded.run(0), steps=None), [], []) == advise(guess, [], []) == ()


@pytest.mark.parametrize(
    "name",
    ["dense_128, Adam", "dense_128, focal", "dense_128, squared error", "dense_128, label smoothing 0.5"],
)
def test_the_first_loss_is_near_what_guessing_costs(name: str) -> None:
    recorded = CURVES[name]
    assert recorded.batches[0].loss[0] == pytest.approx(symptoms.chance_loss(recorded.spec), rel=0.06)


def _run(changes: Mapping[str, Any]) -> Run:
    recorded = CURVES["dense_128, Adam"]
    return replace(recorded.run(6), spec=replace(recorded.spec, **changes))


@pytest.mark.parametrize(
    ("remedy", "changes", "expected"),
    [
        (remedies.slow_down, {"learning_rate": 0.001}, {"learning_rate": 0.0001}),
        (remedies.slow_down, {"learning_rate": 3.0, "optimizer": "sgd"}, {"learning_rate": 0.1}),
        (remedies.slow_down, {"learning_rate": 1e-6}, {}),
        (remedies.calm_steps, {}, {"clip_norm": 1.0}),
        (remedies.calm_steps, {"clip_norm": 1.0}, {"learning_rate": 0.0001}),
        (remedies.calm_steps, {"learning_rate": 0.01}, {"learning_rate": 0.001}),
        (remedies.keep_units_alive, {"dropout": 0.9}, {"dropout": 0.5}),
        (remedies.keep_units_alive, {"learning_rate": 0.01}, {"learning_rate": 0.001}),
        (remedies.begin_learning, {"dropout": 0.9}, {"dropout": 0.5}),
        (remedies.begin_learning, {"initializer": "small_normal"}, {"initializer": "he_normal"}),
        (remedies.begin_learning, {"optimizer": "sgd"}, {"optimizer": "adam", "learning_rate": 0.001}),
        (remedies.begin_learning, {}, {}),
        (remedies.get_further, {"learning_rate": 0.005}, {"schedule": "cosine"}),
        (remedies.get_further, {"learning_rate": 0.005, "schedule": "step"}, {}),
        (remedies.get_further, {"learning_rate": 0.0001}, {"learning_rate": 0.001}),
        (lambda run: remedies.learn_missing_digit(run, 7), {"loss": "focal"}, {"loss": "crossentropy"}),
        (lambda run: remedies.learn_missing_digit(run, 7), {"learning_rate": 0.01}, {"learning_rate": 0.001}),
        (lambda run: remedies.learn_missing_digit(run, 7), {"train_size": None}, {}),
    ],
)
def test_a_remedy_follows_the_cause_in_the_spec(
    remedy: Callable[[Run], remedies.Remedy], changes: dict[str, Any], expected: Mapping[str, object]
) -> None:
    assert remedy(_run(changes)).changes == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 0.00001}, "learning rate 0.00001"),
        (AUGMENTED, "rotations up to 10° and shifts up to 2 pixels"),
        ({"clip_norm": 1.0}, "gradients clipped at 1"),
        ({"initializer": "he_normal"}, "first weights by he normal"),
        ({"train_size": None}, "all training images"),
    ],
)
def test_a_remedy_says_what_it_changes(changes: dict[str, Any], words: str) -> None:
    assert remedies.train_anew(_run({}), **changes).label == f"Stop and start again with {words}"
