"""How well models read digits from elsewhere: set by set and digit by digit, what they have learnt from marked."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.analysis.evaluation import Evaluation, wilson_interval
from mnist_dash.data.dataset import Dataset, Split

ALL = "all"
"""What stands for a digit in a row of a table that counts all of them."""


@dataclass(frozen=True, slots=True)
class SetReading:
    """What a model reads of the images of one `part` of a data set; `learnt` where it has learnt from these images."""

    data: str
    part: Part
    evaluation: Evaluation
    learnt: bool = False


def choose_part(data: Dataset) -> Part:
    """The images of a set that are read: those for testing, or all where there are none."""
    return Part.TEST if len(data.test) else Part.TRAIN


def find_same_images(datasets: Iterable[Dataset]) -> dict[str, str]:
    """The sets whose images are those of a set before them, and which that is, by their names."""
    first: dict[str, str] = {}
    same = {}
    for data in datasets:
        images = data.sha256[f"{Split(choose_part(data))}_images"]
        if first.setdefault(images, data.name) != data.name:
            same[data.name] = first[images]
    return same


def write_table(readings: Mapping[str, Sequence[SetReading]]) -> bytes:
    """CSV: a row for each model, set and digit, and one for all digits, with how many are read right and the interval.

    `readings` are those of each model.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("model", "data", "images_of", "learnt_from", "digit", "images", "right", "accuracy", "low", "high")
    )
    for model, of_model in readings.items():
        for reading in of_model:
            about = (model, reading.data, str(reading.part), "yes" if reading.learnt else "no")
            for digit, images, right in count_right(reading.evaluation):
                ends = wilson_interval(right, images)
                writer.writerow((*about, digit, images, right, *(round(share, 6) for share in (right / images, *ends))))
    return text.getvalue().encode()


def count_right(evaluation: Evaluation) -> list[tuple[str, int, int]]:
    """For all digits together and for each that occurs: its name, how many images it has, and how many are right."""
    of_each = [(str(digit), sum(row), row[digit]) for digit, row in enumerate(evaluation.confusion) if sum(row)]
    return [(ALL, evaluation.images, sum(right for _, _, right in of_each)), *of_each]
