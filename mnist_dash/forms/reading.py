"""What was written on a form: each box with its digit, what a model reads in it, and what a person should look at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_dash.arrays import Probabilities
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import FormError
from mnist_dash.forms.boxes import CutBox, cut_boxes
from mnist_dash.forms.codes import Label
from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.layout import COLUMNS
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.models.drawing_answers import Answers
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess

_FILLED = 0.4
"""The share of a box that is ink where somebody has filled it: no digit takes so much."""
_WIDEST = 1.4
"""How many times wider than high ink may be: of 4,263 digits on tablets 1.5 % are wider."""
_OPENED, _FOUND, _CUT = 0.08, 0.1, 0.83
"""The shares of the work on a picture after which it is open, its forms are found, and their boxes are cut out."""
_BEFORE = 0.7
"""Pages that are read in the time before the first one, in which a process loads what reads."""

Ask = Callable[[Sequence[Stages]], Answers]
"""What a model answers to digits, at least one."""


class State(StrEnum):
    """What a box is, before anybody has looked at it."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    """Another digit is read there than was asked for, or none, or it is as wide as a digit struck through."""
    FILLED = "filled"
    """It was filled because something went wrong."""
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, eq=False)
class WrittenBox:
    """What was written in one place of a page: its `number` from 0, its `line` from 1, and the digit `asked` for there.

    Where something was written, its `stages` and the `probabilities` (10,) of what a model reads.
    """

    number: int
    line: int
    asked: int
    state: State
    stages: Stages | None
    probabilities: Probabilities | None


@dataclass(frozen=True, slots=True, eq=False)
class WrittenForm:
    """A form that was read: its `page`, whose digits they are, the corner marks that were read, and its boxes."""

    page: str
    label: Label | None
    corners: Sequence[int]
    boxes: Sequence[WrittenBox]

    def count(self, state: State) -> int:
        """How many boxes are in that state."""
        return sum(box.state is state for box in self.boxes)


@dataclass(frozen=True, slots=True, eq=False)
class ReadSheets:
    """What was read in a file of that name: its forms, one at least, and `notes` on pages on which there is none."""

    name: str
    forms: Sequence[WrittenForm]
    notes: Sequence[str]


def read_sheets(source: Path, ask: Ask, progress: Progress = silent) -> ReadSheets:
    """The forms in a photo or on the pages of a scan; raises ImageError where there is none that can be cut.

    A page without a form, as the back of a sheet is, takes nothing from the others.
    """
    forms: list[WrittenForm] = []
    notes: list[str] = []
    for picture in open_pictures(source):
        number, count = picture.number, picture.count
        name = f"Page {number} of {count}" if count > 1 else ""
        watch = within(progress, *((_BEFORE + done) / (_BEFORE + count) for done in (number - 1, number)))
        try:
            forms += read_forms(picture.image, ask, watch, f"{name}: " if name else "")
        except FormError as e:
            notes.append(f"{name}: {e}" if name else str(e))
    if not forms:
        raise FormError(notes[0])
    return ReadSheets(source.name, forms, notes)


def read_forms(image: Image.Image, ask: Ask, progress: Progress = silent, page: str = "") -> Iterator[WrittenForm]:
    """The forms in a picture; raises FormError where there is none that can be cut. `page` begins what is told."""
    progress(f"{page}Looking for the corner marks", _OPENED)
    forms = find_forms(np.asarray(image.convert("L")))
    for at, form in enumerate(forms):
        watch = within(progress, *(_FOUND + (1 - _FOUND) * done / len(forms) for done in (at, at + 1)))
        watch(f"{page}Cutting out the boxes of sheet {form.page}", 0)
        boxes = cut_boxes(image, form)
        watch(f"{page}Reading the digits of sheet {form.page}", _CUT)
        yield WrittenForm(form.page, form.label, form.corners, judge_boxes(boxes, ask))


def judge_boxes(boxes: Sequence[CutBox], ask: Ask) -> list[WrittenBox]:
    """Every box with what a model makes of it."""
    stages = [preprocess(cut.ink) for cut in boxes]
    written = [at for at, each in enumerate(stages) if each is not None]
    answers = ask([each for each in stages if each is not None]) if written else None
    places = {at: place for place, at in enumerate(written)}
    return [_judge(cut, stages[at], answers, places.get(at)) for at, cut in enumerate(boxes)]


def _judge(cut: CutBox, stages: Stages | None, answers: Answers | None, place: int | None) -> WrittenBox:
    if stages is None or answers is None or place is None:
        return WrittenBox(*_name(cut), State.EMPTY, None, None)
    return WrittenBox(*_name(cut), _find_state(cut, stages, answers.read(place)), stages, answers.probabilities[place])


def _name(cut: CutBox) -> tuple[int, int, int]:
    return cut.box.number, cut.box.number // COLUMNS + 1, cut.box.digit


def _find_state(cut: CutBox, stages: Stages, read: int | None) -> State:
    if cut.ink.mean() > _FILLED:
        return State.FILLED
    height, width = stages.cut.shape
    return State.GOOD if read == cut.box.digit and width <= _WIDEST * height else State.DOUBTFUL
