"""All lessons by name, in their order."""

from types import MappingProxyType

from mnist_dash.lessons.convolution import CONVOLUTION
from mnist_dash.lessons.european_one import EUROPEAN_ONE
from mnist_dash.lessons.overfitting import OVERFITTING
from mnist_dash.lessons.pixels import PIXELS
from mnist_dash.lessons.summary import SUMMARY
from mnist_dash.lessons.test_images import TEST_IMAGES

LESSONS = MappingProxyType(
    {lesson.name: lesson for lesson in (SUMMARY, PIXELS, CONVOLUTION, OVERFITTING, TEST_IMAGES, EUROPEAN_ONE)}
)
"""Every lesson by its name in links: looking at data first, then training, then what it cannot do."""
