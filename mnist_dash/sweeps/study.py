"""Optuna's only room: what to try next, what to give up, and which settings matter, all from the trials as recorded.

Nothing is kept between two questions: each makes a study in memory from the trials, so that a process that is killed
loses nothing, and the same trials and seed are always followed by the same one.
"""

from collections.abc import Sequence

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.space import Dimension, Options, Space
from mnist_dash.sweeps.records import Outcome, Pruner, Sampler, Sweep, Trial
from mnist_dash.words import percent

ENOUGH = 5
"""Finished trials before which none is given up, and nothing is said of importance."""
_KEPT = {Pruner.MEDIAN: 50.0, Pruner.QUARTER: 25.0}
"""The share, in per cent, of the finished trials with which a trial has to keep up."""
_WORDS = {Pruner.MEDIAN: "half", Pruner.QUARTER: "a quarter"}
_STATES = {
    Outcome.WAITING: TrialState.RUNNING,
    Outcome.GOING_ON: TrialState.RUNNING,
    Outcome.DONE: TrialState.COMPLETE,
    Outcome.PRUNED: TrialState.PRUNED,
    # A failure tells of the settings, most often that training diverged: as one that was given up it is avoided, where
    # Optuna would forget a failed one.
    Outcome.FAILED: TrialState.PRUNED,
}

optuna.logging.set_verbosity(optuna.logging.WARNING)


def choose_values(sweep: Sweep, trials: Sequence[Trial]) -> dict[str, Value]:
    """The settings to try next, by name."""
    asked = make_study(sweep, trials).ask(_distributions(sweep.space)).params
    return {dimension.name: _settle(dimension, asked[dimension.name]) for dimension in sweep.space}


def explain_pruning(sweep: Sweep, trials: Sequence[Trial], trial: Trial) -> str | None:
    """Why a trial at work is given up, in a sentence; None where it goes on."""
    spec, epoch = trial.run.spec, trial.run.epoch
    if sweep.pruner is Pruner.NONE or not spec.has_epochs or not trial.accuracies or epoch >= spec.epochs:
        return None
    study = make_study(sweep, trials)
    if not study.pruner.prune(study, _freeze(sweep, trial)):
        return None
    there = [one.accuracies[epoch - 1] for one in trials if one.accuracy is not None and len(one.accuracies) >= epoch]
    bound = float(np.percentile(there, 100 - _KEPT[sweep.pruner]))
    return (
        f"Pruned after epoch {epoch}: it has read {percent(max(trial.accuracies))} of the validation images at best, "
        f"and {_WORDS[sweep.pruner]} of the {len(there)} finished trials read {percent(bound)} or more by then."
    )


def measure_importance(sweep: Sweep, trials: Sequence[Trial]) -> dict[str, float]:
    """How much of what separates good finished trials from the others each setting explains; all together 1.

    By PED-ANOVA (Watanabe et al., IJCAI 2023); empty before there are ENOUGH, and where all read the same.
    """
    accuracies = [trial.accuracy for trial in trials if trial.accuracy is not None]
    if len(accuracies) < ENOUGH or len(set(accuracies)) < 2:
        return {}
    found = optuna.importance.get_param_importances(make_study(sweep, trials))
    return {name: round(float(share), 4) for name, share in found.items()}


def make_study(sweep: Sweep, trials: Sequence[Trial]) -> optuna.Study:
    """A study in memory that knows these trials; those that a person stopped tell nothing."""
    study = optuna.create_study(direction="maximize", sampler=_make_sampler(sweep), pruner=_make_pruner(sweep))
    study.add_trials(_freeze(sweep, trial) for trial in trials if _tells(trial))
    return study


def _tells(trial: Trial) -> bool:
    return trial.outcome in _STATES and not (trial.outcome is Outcome.DONE and trial.accuracy is None)


def _make_sampler(sweep: Sweep) -> optuna.samplers.BaseSampler:
    # Of the next trial's own: a sampler that was made anew would draw the first one's numbers again.
    seed = int(np.random.SeedSequence([sweep.seed, sweep.next_trial]).generate_state(1)[0])
    if sweep.sampler is Sampler.RANDOM:
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed)


def _make_pruner(sweep: Sweep) -> optuna.pruners.BasePruner:
    if sweep.pruner is Pruner.NONE:
        return optuna.pruners.NopPruner()
    return optuna.pruners.PercentilePruner(_KEPT[sweep.pruner], n_startup_trials=ENOUGH)


def _freeze(sweep: Sweep, trial: Trial) -> FrozenTrial:
    return create_trial(
        state=_STATES[trial.outcome],
        value=trial.accuracy,
        params=trial.read_values(sweep.space),
        distributions=_distributions(sweep.space),
        intermediate_values=dict(enumerate(trial.accuracies, 1)),
    )


def _distributions(space: Space) -> dict[str, BaseDistribution]:
    return {dimension.name: _distribution(dimension) for dimension in space}


def _distribution(dimension: Dimension) -> BaseDistribution:
    if isinstance(dimension, Options):
        return CategoricalDistribution(dimension.values)
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _settle(dimension: Dimension, value: Value) -> Value:
    return dimension.settle(value) if not isinstance(dimension, Options) else value  # type: ignore[arg-type]
