"""Sets that the generator makes are named, kept, and say what they are made of."""

import numpy as np
import pytest

from mnist_dash.data.generator.parameters import USUAL, Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.generated_sets import describe, make_set
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings

BROAD = Handwriting(pen=20.0, digits_each=20)


def test_a_set_is_kept_under_its_name_and_is_the_same_again(settings: Settings) -> None:
    told: list[float] = []
    made = make_set(settings, "broad", 60, 3, BROAD, lambda _text, share: told.append(share))
    assert (len(made.train), len(made.test), made.name, made.official) == (60, 10, "broad", False)
    assert made.origin == "pen-stroke generator 3, 60 digits, seed 3, pen=20 digits_each=20"
    assert told == sorted(told)
    assert told[-1] == 1
    again = make_set(settings, "again", 60, 3, BROAD)
    assert again.sha256 == made.sha256
    assert np.array_equal(made.train.images, generate(60, 3, handwriting=BROAD).images)


def test_the_test_digits_are_written_by_other_writers(settings: Settings) -> None:
    made = make_set(settings, "broad", 60, 3, BROAD)
    assert np.array_equal(made.test.images, generate(10, 3, handwriting=BROAD, first_writer=3).images)
    # Sixty digits of twenty each are those of the writers 0 to 2.
    assert not {image.tobytes() for image in made.test.images} & {image.tobytes() for image in made.train.images}


def test_it_is_kept_who_wrote_each_training_digit(settings: Settings) -> None:
    make_set(settings, "broad", 50, 3, BROAD)
    writers = named_sets.open_set(settings, "broad").train.writers
    assert writers is not None
    assert writers.tolist() == [*[0] * 20, *[1] * 20, *[2] * 10]


@pytest.mark.parametrize(
    ("name", "count", "seed", "said"),
    [("mnist", 60, 0, "already a data set"), ("mine", 0, 0, "The count is 0"), ("mine", 60, -1, "The seed is -1")],
)
def test_what_is_not_allowed_is_refused_before_anything_is_drawn(
    settings: Settings, name: str, count: int, seed: int, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        make_set(settings, name, count, seed, USUAL)
    assert named_sets.names(settings) == ()


def test_the_usual_parameters_need_no_words() -> None:
    assert describe(1_000, 5, USUAL) == "pen-stroke generator 3, 1,000 digits, seed 5"
