"""The coach: looks at a run and says in plain words what goes wrong, how that shows, and what one click does about it.

It would rather miss something than alarm somebody whose run is healthy. `symptoms` measures, `diagnoses` says it,
`remedies` helps; here is in which order the coach looks, and what it leaves out.
"""

from collections.abc import Callable, Sequence

from mnist_dash.analysis import diagnoses, remedies, symptoms
from mnist_dash.analysis.diagnoses import ENOUGH, Advice, Case, Kind, Severity
from mnist_dash.analysis.remedies import Remedy
from mnist_dash.runs.records import Batches, Epoch, Run

__all__ = ["Advice", "Kind", "Remedy", "Severity", "advise"]

Check = Callable[[Case], Advice | None]

_FATAL: tuple[Check, ...] = (
    diagnoses.diagnose_zero_weights,
    diagnoses.diagnose_collapse,
    diagnoses.diagnose_rate_too_high,
    diagnoses.diagnose_spikes,
    diagnoses.diagnose_not_learning,
    diagnoses.diagnose_rate_too_low,
)
"""Read from the curve. Where one of these speaks, everything else only follows from it."""
_HARMFUL: tuple[Check, ...] = (
    diagnoses.diagnose_dead_units,
    diagnoses.diagnose_missing_digit,
    diagnoses.diagnose_overfitting,
    diagnoses.diagnose_standstill,
)
"""Read from the epochs, the gravest first."""
_HIDES = {
    Kind.DEAD_UNITS: {Kind.CLASS_MISSING, Kind.OVERFITTING, Kind.PLATEAU},
    Kind.OVERFITTING: {Kind.PLATEAU},
}
"""What may only follow from something else, and shows again where it does not."""


def advise(run: Run, epochs: Sequence[Epoch], batches: Sequence[Batches]) -> tuple[Advice, ...]:
    """What goes wrong in a run, the gravest first, without what only follows from it: two things at most.

    `batches` are all records or the latest. Empty where nothing is wrong, and where too little has been seen to say.
    """
    if not run.spec.has_epochs:
        return ()
    if broken := diagnoses.diagnose_not_a_number(run, batches):
        return (broken,)
    case = _case(run, epochs, batches)
    if case.batches < ENOUGH:
        return ()
    looks = _FATAL if len(case.curve.loss) >= 2 * symptoms.STRETCH else ()
    if fatal := next((found for look in looks if (found := look(case))), None):
        return (fatal,)
    harmful = [found for look in _HARMFUL if (found := look(case))]
    hidden = {kind for found in harmful for kind in _HIDES.get(found.kind, ())}
    return tuple(found for found in harmful if found.kind not in hidden)


def _case(run: Run, epochs: Sequence[Epoch], batches: Sequence[Batches]) -> Case:
    spec, curve = run.spec, symptoms.condense(batches, run.spec.batch_size)
    steps, rate = run.steps or 0, spec.learning_rate
    done = len(epochs) * steps
    for last in batches[-1:]:
        done = max(done, (last.epoch - 1) * steps + last.step + len(last.loss))
        rate = rate if last.rate is None else last.rate
    stretches = symptoms.follow_stretches(epochs, curve)
    return Case(run, epochs, curve, stretches, done, rate, remedies.rate_ratio(spec), symptoms.chance_loss(spec))
