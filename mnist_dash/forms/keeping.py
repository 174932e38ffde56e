"""The digits of a page among the own digits: labelled as was asked for, all of them kept or none."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mnist_dash.forms.reading import WrittenBox
from mnist_dash.models.registry.answering import AnsweringModel
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import Answer, OwnDigit, Source, clean_name, label_digit
from mnist_dash.store.database import Database


@dataclass(frozen=True, slots=True)
class Kept:
    """How many digits of a page are new in a set, and how many were there already."""

    new: int
    there: int


def keep_boxes(
    database: Database, boxes: Iterable[WrittenBox], who: AnsweringModel, set_key: str, writer: str, source: Source
) -> Kept:
    """Keep the digits of these boxes in a set; a box that is empty is passed over, and the same photo changes nothing.

    Raises DataError where the set is gone or the writer's name is too long.
    """
    name = clean_name(writer, "writer") or None
    digits = [replace(found, source=source, writer=name) for box in boxes if (found := _label(box, who))]
    new = collection.keep_all(database, digits, set_key)
    return Kept(new, len(digits) - new)


def _label(box: WrittenBox, who: AnsweringModel) -> OwnDigit | None:
    if box.stages is None or box.probabilities is None:
        return None
    probabilities = tuple(map(float, box.probabilities))
    answer = Answer(who.name, who.title, who.run.id if who.run else None, who.epoch, probabilities)
    return label_digit(box.stages, box.asked, answer)
