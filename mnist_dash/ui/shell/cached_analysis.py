"""What pages look at of a whole data set, found once and remembered for all sessions."""

from mnist_dash.analysis.class_means import ClassMeans, average_classes, count_class_values, measure_typicality
from mnist_dash.analysis.components import Basis, find_basis
from mnist_dash.analysis.difficulty import measure_difficulty
from mnist_dash.analysis.distributions import Distributions, count_class_shares, estimate_distributions
from mnist_dash.analysis.duplicates import NearDuplicates, Place, find_copies, find_near_duplicates
from mnist_dash.analysis.embedding import Map, Plan, draw
from mnist_dash.analysis.neighbours import NeighbourIndex, prepare_neighbours
from mnist_dash.analysis.overview import Overview, look_over
from mnist_dash.analysis.shape import Shapes, measure_shapes
from mnist_dash.arrays import Counts, Float64s, Images, Numbers, Probabilities
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.ui.shell.resources import bundled_model, cache_once, model

FIRST = 2_000
"""Images of a set that are asked about where all of them would take seconds."""


@cache_once()
def overview_of(data: Dataset) -> Overview:
    """Counts over all images."""
    return look_over(data)


@cache_once("Measuring the shapes of all digits")
def shapes_of(data: Dataset, split: Split) -> Shapes:
    """The shape of every digit of a split."""
    return measure_shapes(data.split(split).images)


@cache_once()
def distributions_of(data: Dataset, split: Split, measure: str) -> Distributions:
    """How a measure of shape is distributed in each class of a split."""
    return estimate_distributions(getattr(shapes_of(data, split), measure), data.split(split).labels)


@cache_once()
def loops_of(data: Dataset, split: Split, most: int) -> Float64s:
    """The shares of each digit's images with no, one and more loops: (10, most + 1)."""
    return count_class_shares(shapes_of(data, split).loops, data.split(split).labels, most)


@cache_once("Laying the digits of each class over one another")
def class_means_of(data: Dataset) -> ClassMeans:
    """Mean, median and spread of each class of the training images."""
    return average_classes(data.train.images, data.train.labels)


@cache_once("Counting the values of each class")
def histograms_of(data: Dataset) -> Counts:
    """How often each value occurs in each class of the training images."""
    return count_class_values(data.train.images, data.train.labels)


@cache_once("Comparing each digit with its class")
def typicality_of(data: Dataset, split: Split) -> Numbers:
    """How far each digit of a split is from the mean of its class in the training images."""
    digits = data.split(split)
    return measure_typicality(digits.images, digits.labels, class_means_of(data).mean)


@cache_once("Asking the bundled model about every digit, some seconds")
def difficulty_of(data: Dataset, split: Split) -> Numbers:
    """How hard each digit of a split is for the bundled model."""
    digits = data.split(split)
    return measure_difficulty(bundled_model(DEFAULT), digits.images, digits.labels)


@cache_once()
def first_difficulties_of(data: Dataset, split: Split) -> Numbers:
    """How hard the first digits of a split are for the bundled model, FIRST of them or as many as there are."""
    digits = data.split(split)
    return measure_difficulty(bundled_model(DEFAULT), digits.images[:FIRST], digits.labels[:FIRST])


@cache_once("Finding the principal components")
def basis_of(data: Dataset) -> Basis:
    """The principal components of the training images."""
    return find_basis(data.train.images)


@cache_once("Preparing to look for similar digits")
def neighbourhood_of(data: Dataset) -> NeighbourIndex:
    """The training images in a form in which similar ones are found at once."""
    return prepare_neighbours(data.train.images)


@cache_once("Drawing the map")
def map_of(data: Dataset, plan: Plan) -> Map:
    """A map of pixels that is drawn at once."""
    return draw(data, plan)


@cache_once("Asking the network")
def answers_of(data: Dataset, name: str, key: str, _images: Images) -> Probabilities:  # noqa: ARG001 - what is kept
    """What the model of that name reads in the digits of the map with that key."""
    return model(name, None).probabilities(_images)


@cache_once("Comparing all images, about ten seconds")
def duplicates_of(data: Dataset) -> list[NearDuplicates]:
    """The pairs of images that hardly differ."""
    return find_near_duplicates(data)


@cache_once("Looking for copies")
def copies_of(data: Dataset) -> list[tuple[Place, ...]]:
    """The groups of images that are equal to the bit."""
    return find_copies(data)
