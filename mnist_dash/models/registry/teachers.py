"""Who teaches where a run distils a model."""

from mnist_dash.errors import RunError, SpecError
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.registry.imported import find_imported
from mnist_dash.models.registry.lookup import find_run, open_model
from mnist_dash.models.registry.run_names import is_run
from mnist_dash.models.registry.votes import find_vote
from mnist_dash.store.database import Database


def check_teacher(database: Database, spec: RunSpec) -> None:
    """Refuse a run that would distil a model that is not here, or one that still changes; raises SpecError.

    A file teaches once it is imported: its path says nothing to another machine that trains.
    """
    distillation = Distillation.of(spec.own)
    if not distillation:
        return
    name = distillation.teacher
    if is_run(name):
        try:
            run = find_run(database, name)
        except RunError as e:
            raise SpecError(f"teacher is {name!r}. {e}") from e
        if run.changing:
            raise SpecError(f"teacher is {name!r}, but run {run.id} is {run.state}; allowed is a run that has ended.")
    elif name not in list_bundled() and not find_vote(database, name) and not find_imported(database, name):
        raise SpecError(
            f"teacher is {name!r}; allowed are {', '.join(list_bundled())}, the number of a run, and the name of an "
            "imported model or of a vote. `mnist-dash models` lists them."
        )


def open_teacher(database: Database, spec: RunSpec) -> Classifier | None:
    """The model that a run distils, ready to answer; None where it distils none.

    Raises as `check_teacher` and `open_model` do.
    """
    check_teacher(database, spec)
    distillation = Distillation.of(spec.own)
    return open_model(database, distillation.teacher) if distillation else None
