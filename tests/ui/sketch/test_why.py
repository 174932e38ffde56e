"""What is said of an explanation: in numbers that agree with their nouns, and no more than was found."""

import numpy as np
import pytest

from mnist_dash.analysis.attribution import Attribution, Part
from mnist_dash.analysis.counterfactual import Edit
from mnist_dash.ui.sketch.why.counterfactual import describe_edit
from mnist_dash.ui.sketch.why.evidence import in_words
from mnist_dash.ui.sketch.why.nearest import write_agreement

ORIGINAL = np.zeros((28, 28), np.uint8)
ORIGINAL[10:18, 10:18] = 255


def edit(added: int, removed: int) -> Edit:
    image = ORIGINAL.copy()
    image[0, :added] = 255
    image[10, 10 : 10 + removed] = 0
    return Edit(ORIGINAL, image, 1, 0.6)


@pytest.mark.parametrize(
    ("added", "removed", "words"),
    [
        (0, 6, "Remove these 6 pixels, and it reads 1."),
        (1, 0, "Add this 1 pixel, and it reads 1."),
        (3, 1, "Add these 3 pixels and remove this 1 pixel, and it reads 1."),
    ],
)
def test_an_edit_says_what_to_do_with_the_pen(added: int, removed: int, words: str) -> None:
    assert describe_edit(edit(added, removed), 4, None) == words


def test_where_there_is_no_edit_that_is_said() -> None:
    assert (
        describe_edit(None, 4, None)
        == "No edit of up to 80 pixels was found that makes it another digit. It stands firm."
    )
    assert describe_edit(None, 4, 9).startswith("No edit of up to 80 pixels was found that makes it a 9.")
    assert describe_edit(None, 4, 4) == "It reads 4 already."


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([4] * 8, "All 8 nearest are 4s."),
        ([4] * 7 + [9], "7 of the 8 nearest are 4s."),
        ([3, 5], "1 of the 2 nearest is a 3."),
        ([], "There is no training image to compare with."),
    ],
)
def test_neighbours_agree_or_do_not(labels: list[int], words: str) -> None:
    assert write_agreement(labels) == words


def test_the_strongest_parts_are_put_into_words() -> None:
    found = Attribution(4, 9.0, np.zeros((28, 28)))
    said = in_words(found, Part("middle", ink=True), Part("top left", ink=False))
    assert said == "The ink in the middle speaks most for 4. The empty paper at the top left speaks most against it."
    alone = in_words(found, Part("right", ink=False), None)
    assert alone == "The empty paper on the right speaks most for 4. Hardly anything speaks against it."
    assert in_words(found, None, Part("bottom", ink=True)).startswith("Nothing speaks for 4. The ink at the bottom")
