"""The commands around forms on paper: print sheets, and read what was written on them."""

import json
import secrets
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import say, show_progress
from mnist_dash.errors import FormError
from mnist_dash.forms.codes import Label, name_page
from mnist_dash.forms.keeping import Kept, keep_boxes
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.forms.printing import MOST_SHEETS, Paper, print_forms
from mnist_dash.forms.reading import Ask, State, WrittenForm, read_forms
from mnist_dash.forms.told import describe_uneven, label_page, parse_told, read_page
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.drawing_answers import Answers, answer_sketches
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.models.registry.export import write
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.own_digits.records import Source
from mnist_dash.own_digits.sets import find_set
from mnist_dash.settings import Settings
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.sketch.photo import read_photo
from mnist_dash.store.database import Database, open_database

PRINTED = "print sheets of paper with 200 boxes for digits of your own, as a PDF"
READ = "read photos or scans of such sheets, or of any page, and keep the digits in a set of own digits"
KEPT = {"good": (State.GOOD,), "all": (State.GOOD, State.DOUBTFUL)}
"""What `--keep` keeps."""


def describe_printing(parser: ArgumentParser) -> None:
    """Add what `print-form` takes."""
    parser.add_argument("--set", required=True, metavar="NAME", help="the set of own digits that the digits are for")
    parser.add_argument("--writer", default="", metavar="TEXT", help="who is going to write; nobody unless told")
    parser.add_argument("--paper", choices=list(map(str, Paper)), default=str(Paper.A4), help="default: a4")
    parser.add_argument("--sheets", type=int, default=1, metavar="N", help=f"1 to {MOST_SHEETS}, default: 1")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")


def describe_reading(parser: ArgumentParser) -> None:
    """Add what `read-form` takes."""
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE", help="photos, scans, or PDFs of scans")
    written = (
        "any page instead of a sheet that was printed here: the digits of every line, ? for what is to be left out; "
        "one line alone holds for all"
    )
    parser.add_argument("--written", nargs="+", metavar="LINE", help=written)
    parser.add_argument("--set", metavar="NAME", help="the set of own digits; default: the one that the form names")
    parser.add_argument("--writer", metavar="TEXT", help="who wrote; default: whom the form names")
    kept = "keep those that are read as asked for, or the doubtful ones too; otherwise they are only counted"
    parser.add_argument("--keep", choices=list(KEPT), help=kept)


def print_sheets(settings: Settings, asked: Namespace) -> None:
    """Write sheets, each with a name of its own, to a PDF."""
    check_target(asked.out, "The form was", (".pdf",))
    with open_database(settings) as database:
        find_set(database, asked.set)
    labels = [Label(asked.set, asked.writer, name_page(secrets.token_bytes(4))) for _ in range(asked.sheets)]
    write(asked.out, print_forms(labels, Paper(asked.paper)))
    if asked.json:
        say(json.dumps({"file": str(asked.out), "set": asked.set, "pages": [label.page for label in labels]}))
    else:
        say(f"{asked.sheets} {'sheet' if asked.sheets == 1 else 'sheets'} for {asked.set} written to {asked.out}")


def read_sheets(settings: Settings, asked: Namespace) -> None:
    """Count what was written on each form, and keep it where that is asked for."""
    model, detector = load_bundled(DEFAULT), load_digit_detector()
    confidence = make_cut_confidence(model, detector)

    def ask(sketches: Sequence[Stages]) -> Answers:
        return answer_sketches(model, detector, sketches)

    with open_database(settings) as database:
        for at, path in enumerate(asked.pictures):
            show_progress(f"Reading {path.name}", at / len(asked.pictures))
            for form in _read_page(path, asked.written, confidence, ask) if asked.written else _read_sheets(path, ask):
                _say(asked, path, form, _keep(database, asked, form))


def _read_sheets(path: Path, ask: Ask) -> Iterator[WrittenForm]:
    for image in open_pictures(path):
        yield from read_forms(image, ask)


def _read_page(path: Path, written: Sequence[str], confidence: CutConfidence, ask: Ask) -> Iterator[WrittenForm]:
    """A page that is no form, as one; where a line holds other numbers of digits than were told, stderr says so."""
    page, lines = read_page(read_photo(path, path.name, confidence), ask), parse_told("\n".join(written))
    boxes = label_page(page, lines)
    if uneven := describe_uneven(page, lines):
        say(f"{path}: {uneven}", error=True)
    yield WrittenForm(path.name, None, (), boxes)


def _keep(database: Database, asked: Namespace, form: WrittenForm) -> Kept | None:
    if not asked.keep:
        return None
    name = asked.set or (form.label.set if form.label else "")
    if not name:
        raise FormError(
            f"Whose digits page {form.page} holds cannot be read on it. Name the set of own digits with --set NAME."
        )
    writer = asked.writer if asked.writer is not None else form.label.writer if form.label else ""
    source = Source.FORM if asked.written is None else Source.PHOTO
    chosen = [box for box in form.boxes if box.state in KEPT[asked.keep]]
    return keep_boxes(database, chosen, find_answering(database, DEFAULT), find_set(database, name).key, writer, source)


def _say(asked: Namespace, path: Path, form: WrittenForm, kept: Kept | None) -> None:
    counts = {str(state): form.count(state) for state in State}
    if asked.json:
        told = {"file": str(path), "page": form.page, "corners": len(form.corners), **counts}
        told |= {"set": form.label.set, "writer": form.label.writer} if form.label else {}
        boxes = [{"box": box.number, "asked": box.asked, "state": str(box.state)} for box in form.boxes]
        say(json.dumps(told | ({"kept": kept.new, "there": kept.there} if kept else {}) | {"boxes": boxes}))
        return
    say(f"{path}, page {form.page}: {', '.join(f'{count} {state}' for state, count in counts.items())}")
    doubtful = [box for box in form.boxes if box.state is State.DOUBTFUL]
    if doubtful:
        say("  doubtful: " + ", ".join(f"line {box.line}, {box.asked}" for box in doubtful))
    if kept:
        say(f"  kept {kept.new}" + (f", {kept.there} were there already" if kept.there else ""))
