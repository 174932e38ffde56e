"""What was read in a file that somebody brought, kept as an NPZ file: sheets, or a page that its writer tells.

The ink of every digit stands in it, from which its stages follow, and what a model answered. There is no pickle in it.
"""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from mnist_dash.arrays import AnyNumbers, Ink, Probabilities
from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import MnistDashError
from mnist_dash.forms.codes import Label
from mnist_dash.forms.reading import ReadSheets, State, WrittenBox, WrittenForm
from mnist_dash.forms.told import PageInPhoto, ReadPage
from mnist_dash.models.drawing_answers import Answers
from mnist_dash.models.rejection import Verdict
from mnist_dash.sketch.image_files import open_image
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess

VERSION = 1
"""Raised when the same file would be read otherwise, so that no older result answers for it."""

T = TypeVar("T")


def write_sheets(read: ReadSheets) -> bytes:
    """The sheets of a file as NPZ."""
    written = [box for form in read.forms for box in form.boxes if box.stages]
    places = {id(box): place for place, box in enumerate(written)}
    forms = [_describe_form(form, places) for form in read.forms]
    told = {"name": read.name, "notes": list(read.notes), "forms": forms}
    answers = [box.probabilities for box in written if box.probabilities is not None]
    return _pack(told, [box.stages for box in written if box.stages], answers)


def read_sheets_file(content: bytes) -> ReadSheets | None:
    """What `write_sheets` wrote; None where the content is damaged."""
    return _unpack(content, _load_sheets)


def write_page(page: PageInPhoto) -> bytes:
    """A page in a photo as NPZ."""
    picture = io.BytesIO()
    page.shown.save(picture, "JPEG", quality=90)
    told = {"name": page.name, "notes": list(page.notes), "boxes": list(page.boxes), "lines": list(page.read.lines)}
    told["verdicts"] = [str(verdict) for verdict in page.read.answers.verdicts]
    return _pack(told, page.read.stages, page.read.answers.probabilities, picture.getvalue())


def read_page_file(content: bytes) -> PageInPhoto | None:
    """What `write_page` wrote; None where the content is damaged."""
    return _unpack(content, _load_page)


def _describe_form(form: WrittenForm, places: Mapping[int, int]) -> dict[str, Any]:
    label = form.label and [form.label.set, form.label.writer, form.label.page]
    boxes = [[box.number, box.line, box.asked, str(box.state), places.get(id(box))] for box in form.boxes]
    return {"page": form.page, "label": label, "corners": list(form.corners), "boxes": boxes}


def _pack(
    told: Mapping[str, Any], stages: Sequence[Stages], answers: Iterable[Probabilities], picture: bytes = b""
) -> bytes:
    inks = [each.ink for each in stages]
    content = io.BytesIO()
    np.savez_compressed(
        content,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        ink=np.concatenate([np.zeros(0, np.uint8), *(np.packbits(ink) for ink in inks)]),
        shapes=np.array([ink.shape for ink in inks], np.int64).reshape(-1, 2),
        probabilities=np.array([*answers], np.float32).reshape(-1, CLASSES),
        shown=np.frombuffer(picture, np.uint8),
    )
    return content.getvalue()


def _unpack(content: bytes, load: Callable[[Mapping[str, Any], Sequence[Stages], Mapping[str, Any]], T]) -> T | None:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return load(json.loads(file["told"].tobytes()), _load_stages(file["ink"], file["shapes"]), file)
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, BadZipFile, MnistDashError):
        return None


def _load_stages(packed: AnyNumbers, shapes: AnyNumbers) -> list[Stages]:
    """Each digit on its way to 28×28; raises ValueError where the ink is no digit's, or does not fill the shapes."""
    taken = [-(-height * width // 8) for height, width in shapes.tolist()]
    if min(taken, default=1) < 1 or sum(taken) != len(packed):
        raise ValueError(f"{len(packed)} bytes of ink for shapes that take {sum(taken)}")
    found, start = [], 0
    for (height, width), bytes_taken in zip(shapes.tolist(), taken, strict=True):
        end = start + bytes_taken
        ink: Ink = np.unpackbits(packed[start:end], count=height * width).reshape(height, width).astype(bool)
        stages = preprocess(ink)
        if stages is None:
            raise ValueError(f"no ink in {height}×{width} pixels")
        found.append(stages)
        start = end
    return found


def _load_sheets(told: Mapping[str, Any], stages: Sequence[Stages], file: Mapping[str, Any]) -> ReadSheets:
    probabilities = file["probabilities"]

    def load_box(number: int, line: int, asked: int, state: str, place: int | None) -> WrittenBox:
        if place is None:
            return WrittenBox(number, line, asked, State(state), None, None)
        return WrittenBox(number, line, asked, State(state), stages[place], probabilities[place])

    forms = [
        WrittenForm(
            form["page"],
            Label(*form["label"]) if form["label"] else None,
            form["corners"],
            [load_box(*box) for box in form["boxes"]],
        )
        for form in told["forms"]
    ]
    return ReadSheets(told["name"], forms, told["notes"])


def _load_page(told: Mapping[str, Any], stages: Sequence[Stages], file: Mapping[str, Any]) -> PageInPhoto:
    answers = Answers(file["probabilities"], tuple(map(Verdict, told["verdicts"])))
    if not len(stages) == len(answers.verdicts) == len(answers.probabilities) == sum(told["lines"]):
        raise ValueError("digits and answers are not as many")
    shown = open_image(io.BytesIO(file["shown"].tobytes())).image
    boxes = [(left, top, right, bottom) for left, top, right, bottom in told["boxes"]]
    return PageInPhoto(told["name"], shown, boxes, told["notes"], ReadPage(stages, answers, told["lines"]))
