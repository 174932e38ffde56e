"""Who is asked why, and what was found, remembered for all sessions."""

from dataclasses import dataclass

from mnist_dash.analysis import counterfactual, perturbations
from mnist_dash.analysis.counterfactual import Edit
from mnist_dash.analysis.perturbations import Perturbations
from mnist_dash.arrays import Image
from mnist_dash.models import layers
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.layers import Layer
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.models.registry.lookup import read_model_file, read_preparation
from mnist_dash.runs.records import ModelFormat
from mnist_dash.ui.shell import resources

_KEPT = 64
"""Sketches whose explanations are kept; each takes a quarter of a megabyte."""
_KEPT_LAYERS = 8
"""Sketches whose layers are kept: those of wide networks hold megabytes, and milliseconds bring them back."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The model that is asked: its `name`, the `epoch` that answers (None of no run), its data set, and its version.

    `members` are what people call those that vote where it is a vote, which has no layers.
    """

    name: str
    epoch: int | None
    data: str
    version: str = ""
    members: tuple[str, ...] = ()

    def model(self) -> Classifier:
        """The model itself."""
        return resources.model(self.name, self.epoch)


def reader_of(name: str) -> Reader | str:
    """The model of that name, or in words why it cannot be asked; raises RunError where there is no such run."""
    who = find_answering(resources.database(), name)
    if who.run is None:
        return Reader(name, None, who.data, who.version, tuple(member.short for member in who.members))
    which = f"Run {who.run.id}"
    if not who.run.spec.learns:
        return f"{which} guesses at random and looks at nothing, so there is no why. Choose a model that has learnt."
    if who.epoch is None:
        return f"{which} has no epoch that is ready to answer. As soon as it answers, draw once more to see why."
    return Reader(name, who.epoch, who.run.spec.data)


@resources.cache_once(entries=_KEPT)
def perturbations_of(reader: Reader, image: Image) -> Perturbations:
    """The answers to an image (28, 28) and to small changes of it."""
    return perturbations.perturb(reader.model(), image)


@resources.cache_once(entries=_KEPT)
def smallest_edit_of(reader: Reader, image: Image, towards: int | None) -> Edit | None:
    """The smallest edit of an image (28, 28) that leads to any other answer, or `towards` one digit."""
    return counterfactual.find_smallest_edit(reader.model(), perturbations_of(reader, image), towards)


@resources.cache_once(entries=_KEPT_LAYERS)
def layers_of(reader: Reader, image: Image) -> list[Layer]:
    """What every layer made of an image (28, 28); nothing where the model is no network."""
    database = resources.database()
    run = find_answering(database, reader.name).run
    if run is not None and not run.spec.has_epochs:
        return []
    content, preparation = (
        read_model_file(database, reader.name, ModelFormat.LITERT),
        read_preparation(database, reader.name),
    )
    return layers.run_layers(content, image, preparation)
