"""What pages look at of a whole data set, found once and remembered for all sessions."""

from mnist_dash.analysis.class_means import Faces, class_histograms, faces, typicality
from mnist_dash.analysis.components import Basis, basis
from mnist_dash.analysis.difficulty import hardness
from mnist_dash.analysis.distributions import Distributions, Floats, class_shares, distributions
from mnist_dash.analysis.duplicates import Place, Twins, copies, twins
from mnist_dash.analysis.embedding import Map, Plan, draw
from mnist_dash.analysis.neighbours import Neighbourhood, neighbourhood
from mnist_dash.analysis.ordering import Values
from mnist_dash.analysis.overview import Overview, overview
from mnist_dash.analysis.shape import Shapes, shapes
from mnist_dash.analysis.statistics import Counts
from mnist_dash.data.dataset import Dataset, Images
from mnist_dash.models.bundled import DEFAULT, bundled
from mnist_dash.models.classifier import Probabilities
from mnist_dash.ui.shell.resources import bundled_model, model_of_run, once


@once()
def overview_of(data: Dataset) -> Overview:
    """Counts over all images."""
    return overview(data)


@once("Measuring the shapes of all digits")
def shapes_of(data: Dataset, split: str) -> Shapes:
    """The shape of every digit of a split."""
    return shapes(getattr(data, split).images)


@once()
def distributions_of(data: Dataset, split: str, measure: str) -> Distributions:
    """How a measure of shape is distributed in each class of a split."""
    return distributions(getattr(shapes_of(data, split), measure), getattr(data, split).labels)


@once()
def loops_of(data: Dataset, split: str, most: int) -> Floats:
    """The shares of each digit's images with no, one and more loops: (10, most + 1)."""
    return class_shares(shapes_of(data, split).loops, getattr(data, split).labels, most)


@once("Laying the digits of each class over one another")
def faces_of(data: Dataset) -> Faces:
    """Mean, median and spread of each class of the training images."""
    return faces(data.train.images, data.train.labels)


@once("Counting the values of each class")
def histograms_of(data: Dataset) -> Counts:
    """How often each value occurs in each class of the training images."""
    return class_histograms(data.train.images, data.train.labels)


@once("Comparing each digit with its class")
def typicality_of(data: Dataset, split: str) -> Values:
    """How far each digit of a split is from the mean of its class in the training images."""
    digits = getattr(data, split)
    return typicality(digits.images, digits.labels, faces_of(data).mean)


@once("Asking the bundled model about every digit, some seconds")
def hardness_of(data: Dataset, split: str) -> Values | None:
    """How hard each digit of a split is for the bundled model."""
    digits = getattr(data, split)
    return hardness(bundled_model(DEFAULT), digits.images, digits.labels)


@once("Finding the principal components")
def basis_of(data: Dataset) -> Basis:
    """The principal components of the training images."""
    return basis(data.train.images)


@once("Preparing to look for similar digits")
def neighbourhood_of(data: Dataset) -> Neighbourhood:
    """The training images in a form in which similar ones are found at once."""
    return neighbourhood(data.train.images)


@once("Drawing the map")
def map_of(data: Dataset, plan: Plan) -> Map:
    """A map of pixels that is drawn at once."""
    return draw(data, plan)


@once("Asking the network")
def answers_of(data: Dataset, name: str, key: str, _images: Images) -> Probabilities:  # noqa: ARG001 - what is kept
    """What the model of that name reads in the digits of the map with that key."""
    return (bundled_model(name) if name in bundled() else model_of_run(name, None)).probabilities(_images)


@once("Comparing all images, about ten seconds")
def twins_of(data: Dataset) -> list[Twins]:
    """The pairs of images that hardly differ."""
    return twins(data)


@once("Looking for copies")
def copies_of(data: Dataset) -> list[tuple[Place, ...]]:
    """The groups of images that are equal to the bit."""
    return copies(data)
