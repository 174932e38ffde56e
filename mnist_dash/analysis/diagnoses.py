"""What is said of a run: for each thing that can go wrong the title, the evidence with its figures, and the remedy.

Each function here looks for one thing and is silent where it is not there, or where too little has been seen to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import isnan

from mnist_dash.analysis import remedies, symptoms
from mnist_dash.analysis.remedies import Remedy
from mnist_dash.analysis.symptoms import Curve, Stretch
from mnist_dash.methods.parameters import Initializer
from mnist_dash.runs.records import Batches, Epoch, Run, State
from mnist_dash.words import percent

ENOUGH = 100
"""Batches before a run is judged; one that is only slow gets two and three times as many."""


class Kind(StrEnum):
    """What can go wrong."""

    NAN = "nan"
    DIVERGENCE = "divergence"
    RATE_TOO_HIGH = "rate_too_high"
    RATE_TOO_LOW = "rate_too_low"
    OVERFITTING = "overfitting"
    PLATEAU = "plateau"
    DEAD_UNITS = "dead_units"
    CLASS_MISSING = "class_missing"


class Severity(IntEnum):
    """How much is lost by going on: little, some, or everything."""

    HINT = 1
    WARNING = 2
    SERIOUS = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """What goes wrong, in a few words and with its figures, and what can be done."""

    kind: Kind
    title: str
    evidence: str
    remedy: Remedy
    severity: Severity


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A run after `batches` batches, at learning rate `rate`; `ratio` is its spec's rate as a multiple of the usual."""

    run: Run
    epochs: Sequence[Epoch]
    curve: Curve
    stretches: Sequence[Stretch]
    batches: int
    rate: float
    ratio: float
    chance: float

    @property
    def guessing(self) -> bool:
        """Whether the network does no better than guessing."""
        return self.stretches[-1].accuracy < 0.15 and self.stretches[-1].loss >= 0.97 * self.chance

    @property
    def now(self) -> str:
        """Where it stands, beside guessing."""
        now = self.stretches[-1]
        return (
            f"After {self.batches:,} batches the training loss is {_figure(now.loss)} and {percent(now.accuracy, 0)} "
            f"of the digits are read right; guessing gives {_figure(self.chance)} and 10 %."
        )

    @property
    def rates(self) -> str:
        """Its learning rate beside the usual one."""
        spec = self.run.spec
        usual = remedies.write_number(remedies.USUAL[spec.optimizer])
        return (
            f"The learning rate is {remedies.write_number(spec.learning_rate)}; usual with {spec.optimizer} is {usual}."
        )


def diagnose_not_a_number(run: Run, batches: Sequence[Batches]) -> Advice | None:
    """A loss that is no number any more."""
    found, reason = symptoms.find_broken(batches), run.reason or ""
    if found:
        what = "NaN, which is not a number" if isnan(found.loss) else "infinite"
        before = "" if found.before is None else f"; one batch earlier it was {_figure(found.before)}"
        how = f"In epoch {found.epoch}, batch {found.batch}, the loss became {what}{before}."
    elif run.state is State.FAILED and ("NaN" in reason or "infinite" in reason):
        how = reason.partition(":")[0] + "."
    else:
        return None
    rate = f"The steps at learning rate {remedies.write_number(run.spec.learning_rate)} were too large."
    return Advice(
        Kind.NAN, "The loss is no longer a number", f"{how} {rate}", remedies.slow_down(run), Severity.SERIOUS
    )


def diagnose_zero_weights(case: Case) -> Advice | None:
    """First weights of zero, and a network that got nowhere with them."""
    if case.run.spec.initializer != Initializer.ZEROS or case.stretches[-1].accuracy >= 0.5:
        return None
    title, why = "Weights that start at zero cannot learn", "All units of a layer began alike and stay alike."
    remedy = remedies.train_anew(case.run, initializer=Initializer.GLOROT_UNIFORM.value)
    return Advice(Kind.DEAD_UNITS, title, f"{case.now} {why}", remedy, Severity.SERIOUS)


def diagnose_collapse(case: Case) -> Advice | None:
    """A network that has lost what it had learnt."""
    best, now = symptoms.find_collapse(case.stretches), case.stretches[-1]
    if not best:
        return None
    evidence = (
        f"In epoch {best.epoch} the training loss was {_figure(best.loss)} and {percent(best.accuracy, 0)} of the "
        f"digits were read right; now, in epoch {now.epoch}, it is {_figure(now.loss)} and {percent(now.accuracy, 0)}."
    )
    title, remedy = "The network loses what it had learnt", remedies.calm_steps(case.run)
    return Advice(Kind.DIVERGENCE, title, evidence, remedy, Severity.SERIOUS)


def diagnose_rate_too_high(case: Case) -> Advice | None:
    """Steps so large that nothing is learnt, or less than nothing."""
    peak = symptoms.find_peak(case.stretches, case.curve, case.chance)
    good = any(stretch.accuracy >= 0.6 and stretch.loss < case.chance for stretch in case.stretches)
    # A small network is poor for long at any rate, and a good one may begin with a jump: it takes both, or a wild rate.
    if good or not (peak or case.ratio >= 30 or (case.guessing and case.ratio >= 3)):
        return None
    jump = f" The loss had shot up to {_figure(peak)}." if peak else ""
    title = "A dead network: the learning rate is too high" if case.guessing else "The learning rate is too high"
    remedy = remedies.slow_down(case.run)
    return Advice(Kind.RATE_TOO_HIGH, title, f"{case.now}{jump} {case.rates}", remedy, Severity.SERIOUS)


def diagnose_spikes(case: Case) -> Advice | None:
    """A loss that shoots up in one epoch after the other."""
    peaks = symptoms.find_spikes(case.curve, case.chance)
    if len(peaks) < 3:
        return None
    evidence = (
        f"In {len(peaks)} epochs the training loss shot above the {_figure(case.chance)} that guessing costs, up to "
        f"{_figure(max(peaks))}, although most digits had been read right just before."
    )
    title, remedy = "The loss shoots up again and again", remedies.calm_steps(case.run)
    return Advice(Kind.DIVERGENCE, title, evidence, remedy, Severity.WARNING)


def diagnose_not_learning(case: Case) -> Advice | None:
    """A network that still guesses, though not for its learning rate."""
    obstacle = remedies.find_obstacle(case.run.spec)
    slow = case.ratio <= remedies.SLOW and not obstacle
    begun = not case.guessing or any(stretch.accuracy >= 0.2 for stretch in case.stretches)
    if case.batches < 3 * ENOUGH or slow or begun:
        return None
    title, evidence = "Learning has not begun", f"{case.now} {obstacle.reason}" if obstacle else case.now
    return Advice(Kind.PLATEAU, title, evidence, remedies.begin_learning(case.run), Severity.SERIOUS)


def diagnose_rate_too_low(case: Case) -> Advice | None:
    """Steps so small that little is learnt."""
    slow = case.ratio <= remedies.SLOW and case.stretches[-1].accuracy < 0.5
    obstructed = case.guessing and remedies.find_obstacle(case.run.spec)
    if case.batches < 2 * ENOUGH or not case.epochs or not slow or obstructed:
        return None
    title, remedy = "The learning rate is too low", remedies.take_usual_rate(case.run)
    return Advice(Kind.RATE_TOO_LOW, title, f"{case.now} {case.rates}", remedy, Severity.WARNING)


def diagnose_dead_units(case: Case) -> Advice | None:
    """A layer of which half or more is lost."""
    found = symptoms.find_dead_layer(case.epochs)
    if not found or case.run.spec.initializer == Initializer.ZEROS:
        return None
    evidence = (
        f"In epoch {found.epoch} {percent(found.share, 0)} of the units of layer {found.layer} answer 0 to each of "
        f"{found.images:,} validation digits, after {percent(found.before, 0)} in the epoch before. Nothing can "
        "correct such a unit any more."
    )
    title, remedy = "Most units of a layer are dead", remedies.keep_units_alive(case.run)
    return Advice(Kind.DEAD_UNITS, title, evidence, remedy, Severity.WARNING)


def diagnose_missing_digit(case: Case) -> Advice | None:
    """A digit that is never answered."""
    found = symptoms.find_missing_digit(case.epochs)
    if not found:
        return None
    evidence = (
        f"For {symptoms.MISSED} epochs no validation digit has been taken for a {found.digit}, although "
        f"{found.images:,} are one; most of them are taken for a {found.instead}. Of the others "
        f"{percent(found.others, 0)} are read right."
    )
    title, remedy = f"Nothing is taken for a {found.digit}", remedies.learn_missing_digit(case.run, found.digit)
    return Advice(Kind.CLASS_MISSING, title, evidence, remedy, Severity.WARNING)


def diagnose_overfitting(case: Case) -> Advice | None:
    """Validation digits are read worse and worse, training digits better and better."""
    rise = symptoms.find_rise(case.epochs)
    if not rise:
        return None
    best, last = rise.best, rise.last
    evidence = (
        f"Validation loss has risen from {_figure(best.validation_loss)} (epoch {best.epoch}) to "
        f"{_figure(last.validation_loss)} (epoch {last.epoch}), while training loss fell from {_figure(best.loss)} to "
        f"{_figure(last.loss)}. Of the training digits {percent(last.accuracy, 1)} are read right, of the validation "
        f"digits {percent(last.validation_accuracy, 1)}."
    )
    title, remedy = (
        "Overfitting: it learns its training digits by heart",
        remedies.reduce_overfitting(case.run, best.epoch),
    )
    return Advice(Kind.OVERFITTING, title, evidence, remedy, Severity.WARNING)


def diagnose_standstill(case: Case) -> Advice | None:
    """Epochs that change nothing."""
    found = symptoms.find_standstill(case.epochs, case.run.steps or 1)
    # Where the schedule has taken the rate away, nothing is left that could move.
    if not found or case.rate <= 0.1 * case.run.spec.learning_rate:
        return None
    (loss, validation), (loss_before, validation_before) = found.latest, found.before
    evidence = (
        f"Since epoch {found.since} the training loss is {_figure(loss)} on average, after {_figure(loss_before)} in "
        f"the {found.epochs} epochs before; validation loss {_figure(validation)} after {_figure(validation_before)}. "
        f"{percent(found.accuracy, 1)} of the validation digits are read right."
    )
    title, remedy = "Learning has come to a standstill", remedies.get_further(case.run)
    return Advice(Kind.PLATEAU, title, evidence, remedy, Severity.HINT)


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 1e6:
        return "more than a million"
    if value < 0.001:
        return "less than 0.001"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3f}"
