"""The table campaign: files of rows as people write them, each read right or refused with the true reason.

`python -m benchmarks.table_files [FILES [SEED]]`. FILES files (200,000 unless told otherwise) are written from mixed
traits: separator, header, name and place of the label, range of values, noise in the paper, row numbers, empty ends of
rows, encoding, line ends, compression, nesting, and a row that is wrong. Each is read as an import reads it, and what
comes is compared pixel for pixel with what was written. Every twentieth is imported to the end, and must then be there
whole or not at all. A file is known by its number: `python -m benchmarks.table_files --one NUMBER [SEED]` shows it.
"""

import gzip
import json
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import record
from mnist_dash.arrays import AnyNumbers, Bytes, Labels
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.csv_rows import read_table
from mnist_dash.data.io.raw_images import RawImages
from mnist_dash.data.io.sources import ReadingOptions, read_sources
from mnist_dash.data.progress import silent
from mnist_dash.data.store import staging
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings

FILES, SEED = 200_000, 0
STAGED = 20
"""One file in so many is imported to the end."""
SHOWN = 10
"""Faults that are told in full."""

SEPARATORS = (",", ",", ",", ";", "\t", " ", "|")
NAMES = ("label", "Label", '"label"', "labels", "class", "target", "digit", "y", "answer")
"""The last one says nothing to the program."""
WRONG = ("short", "long", "text", "above", "below", "label", "empty", "scale", "fraction", "all_labels")
"""What is wrong with one row, or with the labels of all."""


@dataclass(frozen=True)
class Traits:
    """How one file is written; `wrong` is None where nothing is wrong, and `row` is where."""

    side: int
    rows: int
    separator: str
    header: str
    label_name: str
    label_place: str
    values: str
    noise: int
    order: str
    index: str
    ends: int
    encoding: str
    line_end: str
    quoted: bool
    blank_lines: bool
    packing: str
    nesting: str
    wrong: str | None
    row: int
    has_test: bool


def draw_traits(dice: np.random.Generator) -> Traits:
    """Traits that can go together."""

    def one(*of: str) -> str:
        return of[int(dice.integers(len(of)))]

    rows = int(dice.integers(8, 41))
    traits = Traits(
        side=int(dice.choice([4, 8, 8, 8, 10, 28])),
        rows=rows,
        separator=one(*SEPARATORS),
        header=one("none", "pixels", "pixels", "pairs", "numbers"),
        label_name=one(*NAMES),
        label_place=one("first", "first", "last", "last", "middle", "none"),
        values=one("bytes", "bytes", "bytes", "point_zero", "shares", "fractions", "scientific", "levels", "comma"),
        noise=int(dice.choice([0, 0, 0, 1, 5, 9])),
        order=one("mixed", "mixed", "mixed", "sorted", "counting", "two_classes", "one_class"),
        index=one("none", "none", "none", "unnamed", "named", "shuffled"),
        ends=int(dice.choice([0, 0, 0, 0, 1, 2])),
        encoding=one("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
        line_end=one("\n", "\n", "\r\n"),
        quoted=bool(dice.random() < 0.1),
        blank_lines=bool(dice.random() < 0.1),
        packing=one("none", "none", "gzip"),
        nesting=one("none", "none", "folder", "zip", "zip_folder"),
        wrong=one(*WRONG) if dice.random() < 0.25 else None,
        row=int(dice.integers(rows)),
        has_test=bool(dice.random() < 0.2),
    )
    return _possible(traits)


def _possible(traits: Traits) -> Traits:
    """Traits without those that nobody could write together."""
    if traits.separator == " ":
        traits = replace(traits, ends=0, wrong="short" if traits.wrong == "empty" else traits.wrong)
    if traits.values == "comma" and traits.separator not in (";", "\t"):
        traits = replace(traits, separator=";")
    if traits.header in ("none", "numbers") and traits.label_place == "middle":
        traits = replace(traits, label_place="first")
    if traits.label_place == "none":
        traits = replace(traits, wrong=None if traits.wrong in ("label", "empty", "all_labels") else traits.wrong)
    if traits.wrong == "scale" and traits.values not in ("shares", "comma", "levels"):
        traits = replace(traits, wrong="text")
    if traits.wrong == "fraction" and traits.values not in ("bytes", "levels"):
        traits = replace(traits, wrong="text")
    if traits.header == "none" and traits.index == "shuffled":
        traits = replace(traits, index="unnamed")
    return traits


@dataclass(frozen=True)
class Written:
    """A file and what it holds: pixels (n, k) as they should be read, and labels (n,)."""

    text: str
    pixels: Bytes
    labels: Labels
    line: int


def draw_labels(traits: Traits, dice: np.random.Generator) -> Labels:
    """Labels in the order that the traits ask for."""
    labels = dice.integers(0, 10, traits.rows)
    match traits.order:
        case "sorted":
            labels = np.sort(labels)
        case "counting":
            labels = np.arange(traits.rows) % 10
        case "two_classes":
            labels = np.where(labels < 5, 3, 8)
        case "one_class":
            labels = np.full(traits.rows, labels[0])
    return labels.astype(np.uint8)


def draw_pixels(traits: Traits, most: int, dice: np.random.Generator) -> Bytes:
    """Ink in the middle of paper, which may be noisy; every image has full ink somewhere."""
    side, edge = traits.side, max(1, traits.side // 5)
    noise = min(traits.noise, most // 8)
    pixels = dice.integers(0, noise + 1, (traits.rows, side, side))
    inner = slice(edge, side - edge)
    pixels[:, inner, inner] = dice.integers(0, most + 1, (traits.rows, side - 2 * edge, side - 2 * edge))
    pixels[:, side // 2, side // 2] = most
    return pixels.reshape(traits.rows, -1).astype(np.uint8)


WRITE: dict[str, Callable[[AnyNumbers], list[list[str]]]] = {
    "bytes": lambda values: [list(map(str, row)) for row in values.tolist()],
    "levels": lambda values: [list(map(str, row)) for row in values.tolist()],
    "point_zero": lambda values: [[f"{value}.0" for value in row] for row in values.tolist()],
    "shares": lambda values: [[f"{value / 255:.6g}" for value in row] for row in values.tolist()],
    "comma": lambda values: [[f"{value / 255:.6f}".replace(".", ",") for value in row] for row in values.tolist()],
    "fractions": lambda values: [[f"{value + 0.25 * (value < 255):.2f}" for value in row] for row in values.tolist()],
    "scientific": lambda values: [[f"{value:.18e}" for value in row] for row in values.tolist()],
}


def write_table(traits: Traits, dice: np.random.Generator) -> Written:
    """The text of a file with these traits."""
    labels = draw_labels(traits, dice)
    pixels = draw_pixels(traits, 16 if traits.values == "levels" else 255, dice)
    cells = WRITE[traits.values](pixels)
    label_cells = _write_labels(traits, labels)
    middle = pixels.shape[1] // 2
    at = {"first": 0, "last": pixels.shape[1], "middle": middle}.get(traits.label_place)
    names = _pixel_names(traits, pixels.shape[1])
    for row, label in zip(cells, label_cells, strict=True):
        if at is not None:
            row.insert(at, label)
    if at is not None:
        names.insert(at, traits.label_name)
    if traits.header == "numbers":
        names = list(map(str, range(len(names))))
    _spoil(traits, cells, at)
    if traits.index != "none":
        numbers = (
            dice.permutation(traits.rows + 50)[: traits.rows] if traits.index == "shuffled" else range(traits.rows)
        )
        for row, number in zip(cells, numbers, strict=True):
            row.insert(0, str(number))
        names.insert(0, {"named": "id"}.get(traits.index, ""))
    lines, line = _lines(traits, names, cells)
    shown = np.rint(pixels * np.float32(255 / 16)).astype(np.uint8) if traits.values == "levels" else pixels
    return Written(traits.line_end.join(lines), shown, labels, line)


def _write_labels(traits: Traits, labels: Labels) -> list[str]:
    if traits.wrong == "all_labels":
        return [""] * len(labels) if traits.separator != " " else ["none"] * len(labels)
    form = {"point_zero": "{}.0", "scientific": "{:.18e}"}.get(traits.values, "{}")
    return [form.format(label) for label in labels.tolist()]


def _pixel_names(traits: Traits, count: int) -> list[str]:
    if traits.header == "pairs":
        return [f"{1 + at // traits.side}x{1 + at % traits.side}" for at in range(count)]
    return [f"pixel{at}" for at in range(count)]


def _spoil(traits: Traits, cells: list[list[str]], at: int | None) -> None:
    """Make one row wrong."""
    row = cells[traits.row]
    place = len(row) // 2 + (at == len(row) // 2)
    match traits.wrong:
        case "short":
            row.pop()
        case "long":
            row.append("0")
        case "text":
            row[place] = "x"
        case "above":
            row[place] = "300"
        case "below":
            row[place] = "-1"
        case "scale":
            row[place] = "97"
        case "fraction":
            row[place] = "0.5"
        case "label" if at is not None:
            row[at] = "12"
        case "empty" if at is not None:
            row[at] = ""


def _lines(traits: Traits, names: list[str], cells: list[list[str]]) -> tuple[list[str], int]:
    """The lines, and the number of the one that is wrong."""
    mark, end = traits.separator, traits.separator * traits.ends
    rows = [mark.join(f'"{value}"' if traits.quoted else value for value in row) + end for row in cells]
    head = [] if traits.header == "none" else [mark.join(name or '""' if mark == " " else name for name in names) + end]
    line = 1 + len(head) + traits.row
    if traits.blank_lines:
        rows.insert(0, "")
        line += 1
    return [*head, *rows, ""], line


def save(traits: Traits, folder: Path, files: dict[str, str]) -> list[Path]:
    """The files as the traits pack and nest them; what is to be imported."""
    suffix = ".csv.gz" if traits.packing == "gzip" else ".csv"
    contents = {}
    for name, text in files.items():
        mark = b"\xff\xfe" if traits.encoding == "utf-16" else b""
        content = mark + text.encode("utf-16-le" if traits.encoding == "utf-16" else traits.encoding)
        contents[name + suffix] = gzip.compress(content, 1) if traits.packing == "gzip" else content
    if traits.nesting.startswith("zip"):
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            for name, content in contents.items():
                archive.writestr(("data/" if traits.nesting == "zip_folder" else "") + name, content)
        return [folder / "all.zip"]
    place = folder / "data"
    place.mkdir()
    for name, content in contents.items():
        (place / name).write_bytes(content)
    return [place] if traits.nesting == "folder" else [place / name for name in contents]


@dataclass(frozen=True)
class Verdict:
    """What came of one file: `read`, or why it was refused, in a word; `fault` says what is wrong with that."""

    outcome: str
    fault: str | None = None


def judge(traits: Traits, written: Sequence[Written], paths: list[Path], scratch: Path) -> Verdict:
    """Read the files and compare, or hold the refusal against what is true of them."""
    try:
        found = read_sources(paths, ReadingOptions(), silent, scratch)
    except DataError as e:
        verdict = _judge_refusal(traits, written[0], str(e))
        without = traits.label_place == "none" and not verdict.fault and not traits.nesting.startswith("zip")
        return _judge_images(traits, written[0], paths[0]) if without else verdict
    except Exception as e:  # noqa: BLE001 - whatever else comes is what the campaign looks for
        return Verdict("traceback", f"{type(e).__name__}: {e}")
    if traits.label_place == "none":
        return Verdict("read", "taken for training without labels")
    reasons = [traits.wrong and f"read, with a wrong row ({traits.wrong})", _compare(written[0], found.train)]
    if len(written) > 1:
        reasons.append("the test file is missing" if found.test is None else _compare(written[1], found.test))
    reasons.append(_untold(traits, found.notes))
    return Verdict("read", next(filter(None, reasons), None))


def _judge_images(traits: Traits, written: Written, path: Path) -> Verdict:
    """Images without labels, as `predict` reads them."""
    file = next(path.glob("train*")) if path.is_dir() else path
    try:
        table = read_table(file)
    except DataError as e:
        verdict = _judge_refusal(traits, written, str(e))
        is_true = verdict.outcome.startswith("wrong row") or (traits.rows <= 10 and "counts the rows" in str(e))
        fault = verdict.fault or (None if is_true else f"refused: {e}")
        return Verdict("no labels", fault)
    shown = np.rint(table.pixels * np.float32(255)) if table.pixels.max() <= 1 else np.rint(table.pixels)
    shown = np.rint(table.pixels * np.float32(255 / 16)) if traits.values == "levels" else shown
    is_right = table.labels is None and np.array_equal(shown, written.pixels)
    if traits.wrong:
        return Verdict("no labels", f"read, with a wrong row ({traits.wrong})")
    return Verdict("no labels", None if is_right else "silently wrong images to predict")


def _compare(written: Written, found: RawImages) -> str | None:
    if not np.array_equal(found.labels, written.labels):
        return "silently wrong labels"
    if found.images.reshape(len(found), -1).shape != written.pixels.shape:
        return f"silently wrong shape {found.images.shape}"
    wrong = int((found.images.reshape(len(found), -1) != written.pixels).sum())
    return f"{wrong} silently wrong pixels" if wrong else None


def _untold(traits: Traits, notes: Sequence[str]) -> str | None:
    told = " ".join(notes)
    wanted = {
        "UTF-16": traits.encoding.startswith("utf-16"),
        "separated by": traits.separator != ",",
        "is a row number": traits.index != "none",
        "ends with an empty value": traits.ends > 0,
        "The label is": traits.label_place == "last",
        "stretched": traits.values in ("shares", "comma", "levels"),
    }
    missing = [words for words, is_so in wanted.items() if is_so and words not in told]
    return f"not told: {', '.join(missing)}" if missing else None


UNCLEAR = r"could (both be|hold) the labels|counts the rows"


def _judge_refusal(traits: Traits, written: Written, said: str) -> Verdict:
    line = rf"Line {written.line} of .* "
    wanted = {
        "short": line + r"has \d+ values",
        "long": line + r"has \d+ values",
        "text": line + "has 'x' as",
        "above": line + "has ('300' as|values up to 300)",
        "below": line + "has '-1' as",
        "scale": line + "has values up to 97",
        "fraction": line + "has '0.5' as",
        "label": line + "has '12' as",
        "empty": line + "has '' as",
        "all_labels": "Nearly every row .* as (label|value)",
    }
    if traits.wrong and re.search(wanted[traits.wrong], said):
        return Verdict(f"wrong row: {traits.wrong}")
    is_last = traits.wrong == "all_labels" and traits.label_place == "last"
    if (traits.label_place == "none" or is_last) and "images without labels" in said:
        return Verdict("no labels")
    if re.search(UNCLEAR, said):
        return Verdict("unclear label", None if _is_unclear(traits, written) else f"refused without need: {said}")
    return Verdict("refused", f"refused with another reason: {said}")


def _is_unclear(traits: Traits, written: Written) -> bool:
    """Whether nobody could know which column is the label: no name says so, and another one could be it as well."""
    is_named = traits.header in ("pixels", "pairs") and traits.label_name != "answer"
    if is_named:
        return False
    counts = bool((np.diff(written.labels.astype(int)) == 1).all())
    is_like = traits.order == "one_class" or traits.wrong == "label" or traits.label_place == "none"
    # Where every label is wrong, row numbers of few rows are all that could be labels.
    is_index_alone = traits.wrong == "all_labels" and traits.index != "none" and len(written.labels) <= CLASSES
    return counts or is_like or is_index_alone or traits.noise > 0


def try_file(number: int, seed: int, folder: Path) -> tuple[Traits, Verdict]:
    """Write, read and judge one file in an empty folder."""
    dice = np.random.default_rng([seed, number])
    traits = draw_traits(dice)
    train = write_table(traits, dice)
    files, written = {"train": train.text}, [train]
    if traits.has_test:
        written.append(write_table(replace(traits, wrong=None), dice))
        files["test"] = written[1].text
    paths = save(traits, folder, files)
    scratch = folder / "scratch"
    scratch.mkdir()
    verdict = judge(traits, written, paths, scratch)
    if verdict.fault is None and number % STAGED == 0:
        verdict = replace(verdict, fault=_half_imported(folder, paths, verdict))
    return traits, verdict


def _half_imported(folder: Path, paths: list[Path], verdict: Verdict) -> str | None:
    """Import to the end: a set that is whole, or nothing."""
    settings = Settings(home=folder / "home")
    try:
        token = staging.stage(settings, paths)
        understood = staging.open_staged(settings, token)
    except DataError:
        left = [file.name for file in settings.home.rglob("*") if file.is_file() and file.suffix != ".lock"]
        return f"half imported: {left}" if left else None
    images = len(understood.dataset.train) + len(understood.dataset.test)
    return None if images and verdict.outcome == "read" else "imported, where reading refused"


def run(files: int, seed: int, processes: int = 1) -> dict[str, Any]:
    """The whole campaign, by so many processes: how many files were read, refused and why, and every fault."""
    started, parts = time.monotonic(), [range(first, files, processes) for first in range(processes)]
    if processes == 1:
        found = [try_files(files, seed, parts[0])]
    else:
        with ProcessPoolExecutor(processes) as pool:
            found = list(pool.map(partial(try_files, files, seed), parts))
    outcomes = sum((counted for counted, _ in found), Counter[str]())
    faults = sorted((fault for _, some in found for fault in some), key=lambda fault: fault["number"])
    refused = {name: count for name, count in sorted(outcomes.items()) if name not in ("read", "fault")}
    return {
        "claim": "every file is read right or refused with the true reason; none is half imported, none silently wrong",
        "holds": not faults,
        "files": files,
        "seed": seed,
        "read_right": outcomes["read"],
        "refused": sum(refused.values()),
        "refused_for": refused,
        "faults": len(faults),
        "first_faults": faults[:SHOWN],
        "imported_to_the_end": len(range(0, files, STAGED)),
        "processes": processes,
        "seconds": round(time.monotonic() - started, 1),
    }


def try_files(files: int, seed: int, numbers: Sequence[int]) -> tuple[Counter[str], list[dict[str, Any]]]:
    """These of all files: how often each outcome came, and every fault."""
    outcomes: Counter[str] = Counter()
    faults: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as top:
        for number in numbers:
            folder = Path(top) / "file"
            folder.mkdir()
            traits, verdict = try_file(number, seed, folder)
            outcomes["fault" if verdict.fault else verdict.outcome] += 1
            if verdict.fault:
                faults.append({"number": number, "fault": verdict.fault, "traits": asdict(traits)})
                print(f"\nfile {number}: {verdict.fault}", file=sys.stderr)
            shutil.rmtree(folder)
            if number % 1000 == numbers[0]:
                print(f"\r{number:,} of {files:,}, {len(faults)} faults", end="", file=sys.stderr, flush=True)
    return outcomes, faults


def show(number: int, seed: int) -> None:
    """One file by its number: its traits, what came of it, and its first lines."""
    with tempfile.TemporaryDirectory() as top:
        traits, verdict = try_file(number, seed, Path(top))
        print(json.dumps(asdict(traits) | asdict(verdict), indent=1))
        for path in sorted(Path(top).rglob("*.csv")):
            print(path.name, path.read_bytes()[:400])


def main(files: int = FILES, seed: int = SEED) -> None:
    """Run the campaign on all cores and write the result."""
    result = run(files, seed, os.cpu_count() or 1)
    record.write("table_files", result)
    assert not result["faults"], result["first_faults"]


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "--one"]
    if "--one" in sys.argv:
        show(*numbers, *(SEED,)[len(numbers) - 1 :])
    else:
        main(*numbers)
