"""Whether a step was really done: by the answer that was given, by the runs that there are, by what was drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from mnist_dash.analysis.comparison import compare_settings
from mnist_dash.lessons.lesson import Experiment, NumberQuestion, Question, Remedy, Wanted
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.seeds import ignore_seed_and_data
from mnist_dash.words import join_words

Losses = Callable[[Run], Sequence[float]]
"""The validation losses of a run, epoch by epoch."""


class Standing(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    WRONG = "wrong"
    WAITING = "waiting"
    GONE = "gone"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a step stands, why and what to do in `words`, and the `run` that was looked at, if any."""

    standing: Standing
    words: str = ""
    run: Run | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.standing is Standing.DONE


OPEN = Verdict(Standing.OPEN)
_BASES = 20
"""The newest runs that a remedy may be better than."""


def check_choice(question: Question, given: int | None) -> Verdict:
    """The answer with that place among the choices."""
    if given is None or not 0 <= given < len(question.choices):
        return OPEN
    choice = question.choices[given]
    return Verdict(Standing.DONE if choice.right else Standing.WRONG, choice.words)


def check_number(question: NumberQuestion, given: float | None, wanted: float | None) -> Verdict:
    """The number that was given, beside the one that is known; None where nothing is known yet."""
    if wanted is None:
        return Verdict(Standing.OPEN, "Nothing is known of it yet: do the step before this one first.")
    if given is None:
        return OPEN
    if abs(given - wanted) <= question.tolerance + 1e-9:
        return Verdict(Standing.DONE, question.words.format(wanted=wanted))
    return Verdict(Standing.WRONG, f"It is not {given:g}. {question.hint}")


def check_experiment(
    experiment: Experiment, runs: Sequence[Run], kept: int | None = None, partners: Sequence[Run] | None = None
) -> Verdict:
    """Whether one of all `runs`, the newest first, is that experiment and has ended.

    `kept` is the run that has done it before; `partners` are the ended runs of the experiment that it stands against.
    """
    same = find_same_settings(experiment.make_spec(), runs)
    fitting = same if partners is None else [run for run in same if _has_partner(run, partners)]
    ended = [run for run in fitting if _has_ended(run, experiment)]
    if ended:
        run = next((run for run in ended if run.id == kept), ended[0])
        return Verdict(Standing.DONE, f"Run {run.id} has done it{_tell_end(run)}.", run)
    active = next((run for run in fitting if run.state.active), None)
    if active:
        return Verdict(Standing.WAITING, _tell_progress(active), active)
    if kept is not None and all(run.id != kept for run in runs):
        return Verdict(Standing.GONE, f"Run {kept}, which had done this, was deleted. Train it once more.")
    return _explain_nothing(same, fitting, partners)


def _explain_nothing(same: Sequence[Run], fitting: Sequence[Run], partners: Sequence[Run] | None) -> Verdict:
    """Why none of the runs with these settings counts."""
    if fitting:
        run = fitting[0]
        return Verdict(
            Standing.WRONG, f"Run {run.id} was {run.state} before its end. Train it once more, to its end.", run
        )
    if same and partners:
        words = f"Run {same[0].id} has these settings, but another seed or data set than run {partners[0].id}"
        return Verdict(Standing.WRONG, f"{words}: let nothing else differ, and train it with those.", same[0])
    return OPEN


def check_remedy(
    remedy: Remedy, runs: Sequence[Run], bases: Sequence[Run], losses: Losses, kept: int | None = None
) -> Verdict:
    """Whether one of all `runs`, the newest first, ends better than one of the `bases` that it differs little from."""
    if not bases:
        return Verdict(Standing.OPEN, "Do the experiment above first: this run is compared with that one.")
    # Of a class many have the same settings: what these say of each other is found out once.
    is_mended = cache(partial(_is_mended, remedy))
    pairs = [(run, base) for run in runs for base in bases[:_BASES] if is_mended(run.spec, base.spec)]
    ended = [(run, base) for run, base in pairs if run.state is State.DONE and losses(run) and losses(base)]
    better = [(run, base) for run, base in ended if losses(run)[-1] < losses(base)[-1]]
    if better:
        run, base = next((pair for pair in better if pair[0].id == kept), better[0])
        return Verdict(Standing.DONE, _tell_remedy(run, base, losses), run)
    active = next((run for run, _ in pairs if run.state.active), None)
    if active:
        return Verdict(Standing.WAITING, _tell_progress(active), active)
    if kept is not None and all(run.id != kept for run in runs):
        return Verdict(Standing.GONE, f"Run {kept}, which had done this, was deleted. Train it once more.")
    if ended:
        run, base = ended[0]
        return Verdict(Standing.WRONG, f"{_tell_remedy(run, base, losses)} Not lower: try another remedy.", run)
    return OPEN


def check_drawing(wanted: Wanted, read: Sequence[int]) -> Verdict:
    """What the models read in a drawing, one digit each; nothing where there is no drawing of one digit."""
    if not read:
        return Verdict(Standing.OPEN, "There is no drawing of one digit in this tab yet.")
    if wanted is Wanted.DIGIT:
        return Verdict(Standing.DONE, "There it is.")
    if 7 in read:
        return Verdict(Standing.DONE, "One of them reads 7. If you meant a 1, you have fooled it.")
    words = f"They read {join_words(sorted({str(digit) for digit in read}))}, and none a 7."
    return Verdict(Standing.WRONG, f"{words} Let the upstroke be longer and flatter: it rises less than it goes right.")


def find_same_settings(spec: RunSpec, runs: Sequence[Run]) -> list[Run]:
    """Those of `runs` whose specs differ from `spec` in the seed and the data set at most."""
    return [run for run in runs if ignore_seed_and_data(run.spec) == ignore_seed_and_data(spec)]


def find_ended(experiment: Experiment, runs: Sequence[Run]) -> list[Run]:
    """The runs that are that experiment and have ended, the newest first."""
    return [run for run in find_same_settings(experiment.make_spec(), runs) if _has_ended(run, experiment)]


def _has_partner(run: Run, partners: Sequence[Run]) -> bool:
    return any((run.spec.seed, run.spec.data) == (other.spec.seed, other.spec.data) for other in partners)


def _has_ended(run: Run, experiment: Experiment) -> bool:
    return run.state is State.DONE or (experiment.may_diverge and has_diverged(run))


def has_diverged(run: Run) -> bool:
    """Whether a run ended since its loss or weights were no numbers any more."""
    return run.state is State.FAILED and any(word in (run.reason or "") for word in ("NaN", "infinite"))


def _is_mended(remedy: Remedy, spec: RunSpec, base: RunSpec) -> bool:
    if spec.folds:
        return False
    differing, _ = compare_settings([base, spec])
    return bool(differing) and set(differing) <= set(remedy.names)


def _tell_end(run: Run) -> str:
    if has_diverged(run):
        return ": its loss is no number any more"
    return f": {run.score.accuracy:.2%} of the test images right".replace("%", " %") if run.score else ""


def _tell_progress(run: Run) -> str:
    return f"Run {run.id} is {run.state}: {run.epoch} of {run.spec.epochs} epochs."


def _tell_remedy(run: Run, base: Run, losses: Losses) -> str:
    ends = [f"{losses(each)[-1]:.3f}" for each in (run, base)]
    return f"The validation loss of run {run.id} ends at {ends[0]}, that of run {base.id} at {ends[1]}."
