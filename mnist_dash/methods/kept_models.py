"""Of which epochs a run keeps the model: a hyperparameter that changes no result."""

from enum import StrEnum

from mnist_dash.methods.kinds import Choice, Group


class KeptModels(StrEnum):
    """The epochs whose models are kept."""

    LAST_AND_BEST = "last_and_best"
    EVERY_EPOCH = "every_epoch"


KEPT_MODELS = Choice(
    "kept_models",
    "Models kept",
    "Those of the last and of the best epoch, or of every epoch: then Models shows how an answer came about. "
    "It changes no result.",
    tuple(KeptModels),
    Group.RUN,
)
