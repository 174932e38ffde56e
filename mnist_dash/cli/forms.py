"""The commands around forms on paper: print sheets, and read what was written on them."""

import json
import secrets
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import FormError
from mnist_dash.forms.codes import Label, name_page
from mnist_dash.forms.keeping import Kept, keep_boxes
from mnist_dash.forms.printing import MOST_SHEETS, Paper, print_forms
from mnist_dash.forms.reading import Ask, State, WrittenForm, read_sheets
from mnist_dash.forms.reading_files import write_page, write_sheets
from mnist_dash.forms.told import describe_uneven, label_page, parse_told, read_photographed_page
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
    out = "write the ink and the answers of one file as NPZ, as the page Own digits keeps them until they are told"
    parser.add_argument("--out", type=Path, metavar="FILE.npz", help=out)
    parser.add_argument("--any-page", action="store_true", help="with --out: any page instead of a printed sheet")
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


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


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads the digits, and who tells where those that touch are parted."""

    ask: Ask
    confidence: CutConfidence


def read_files(settings: Settings, asked: Namespace) -> None:
    """Count what was written on each page, and keep it where that is asked for; or write what was read to a file."""
    if asked.out:
        _write_reading(asked)
        return
    if asked.any_page:
        raise FormError("--any-page goes with --out FILE.npz. Without it, say what the page holds: --written LINE ….")
    reader = _load_reader()
    with open_database(settings) as database:
        for at, path in enumerate(asked.pictures):
            watch = within(show_progress, at / len(asked.pictures), (at + 1) / len(asked.pictures))
            read = _read_page if asked.written else _read_sheets
            for form in read(path, asked, reader, watch):
                _say(asked, path, form, _keep(database, asked, form))


def _load_reader() -> _Reader:
    model, detector = load_bundled(DEFAULT), load_digit_detector()

    def ask(sketches: Sequence[Stages]) -> Answers:
        return answer_sketches(model, detector, sketches)

    return _Reader(ask, make_cut_confidence(model, detector))


def _write_reading(asked: Namespace) -> None:
    """Write what was read in one file, as a page keeps it until somebody has looked through it."""
    check_target(asked.out, "What was read was", (".npz",))
    others = {"--written": asked.written, "--keep": asked.keep, "more than one picture": asked.pictures[1:]}
    if (refused := next((name for name, given in others.items() if given), None)) is not None:
        raise FormError(f"--out takes what was read in one file, before it is labelled or kept; drop {refused}.")
    [path], reader = asked.pictures, _load_reader()
    watch = print_progress_lines() if asked.progress else show_progress
    if asked.any_page:
        page = read_photographed_page(path, reader.ask, reader.confidence, watch)
        content, found = write_page(page), {"digits": len(page.read.stages), "lines": len(page.read.lines)}
    else:
        sheets = read_sheets(path, reader.ask, watch)
        written = sum(box.stages is not None for form in sheets.forms for box in form.boxes)
        content, found = write_sheets(sheets), {"digits": written, "sheets": len(sheets.forms)}
    write(asked.out, content)
    shown = {"file": str(asked.out), **found}
    if asked.progress:
        print_result(**shown)
    else:
        say(json.dumps(shown) if asked.json else f"{found['digits']:,} digits were written to {asked.out}")


def _read_sheets(path: Path, _asked: Namespace, reader: _Reader, watch: Progress) -> Iterator[WrittenForm]:
    read = read_sheets(path, reader.ask, watch)
    for note in read.notes:
        say(f"{path}: {note}", error=True)
    yield from read.forms


def _read_page(path: Path, asked: Namespace, reader: _Reader, watch: Progress) -> Iterator[WrittenForm]:
    """A page that is no form, as one; where a line holds other numbers of digits than were told, stderr says so."""
    lines = parse_told("\n".join(asked.written))
    page = read_photographed_page(path, reader.ask, reader.confidence, watch).read
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
