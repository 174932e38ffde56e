"""How long a sweep will take at most, before it starts."""

from mnist_dash.errors import SpecError
from mnist_dash.methods.space import list_extremes
from mnist_dash.runs.estimate import estimate_cost, estimate_together
from mnist_dash.sweeps.control import SweepPlan


def estimate_sweep(plan: SweepPlan, images: int, pace: float | None, memory: int, slots: int) -> float:
    """Seconds until all trials have ended that learn from so many `images`, if none is given up before its end.

    Raises SpecError where a trial could not be done: with more `memory` than the machine has, a batch that is larger
    than the images, or where no image would be left for validation.
    """
    specs = [plan.base, *list_extremes(plan.base, plan.space)]
    if round(images * plan.base.validation_split / (1 - plan.base.validation_split)) == 0:
        raise SpecError(
            f"validation_split is {plan.base.validation_split}, which leaves no image for validation beside {images:,} "
            "to learn from; a sweep compares by them alone. Raise it, or take more training images."
        )
    for spec in specs:
        if spec.batch_size > spec.count_seen(images) and spec.has_epochs:
            raise SpecError(
                f"batch_size would be {spec.batch_size:,} in some trials, but only {images:,} images are left to learn "
                "from; vary it up to fewer, or take more training images."
            )
    costs = [estimate_cost(spec, images, pace, memory) for spec in specs]
    longest = [found for found in costs if found is not None]
    return estimate_together(max(longest, key=lambda found: found.seconds, default=None), plan.trials, slots)
