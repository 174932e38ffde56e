"""What is wrong with the rows of a table: a line where it is one line, the file where all are wrong in the same way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.csv_layout import Layout
from mnist_dash.data.io.csv_text import NEARLY_ALL, is_number
from mnist_dash.errors import DataError

JUDGED = 400
"""Lines by which it is judged whether all are wrong in the same way."""
_REMEDIES = {
    "count": "Write each image whole, in a line of its own",
    "label": "Name another column `label`; where no label is known, drop that column and let `predict` read the images",
    "empty": "Fill in what is missing",
    "text": "Write numbers alone",
    "range": "Write grey values from 0 to 255, or shares of them from 0 to 1",
}


@dataclass(frozen=True, slots=True)
class _Problem:
    kind: str
    text: str


def find_fault(
    path: Path, layout: Layout, lines: Sequence[str], first: int, label: int | None = None
) -> DataError | None:
    """What is wrong with the first bad one of some lines, of which the first has the number `first`.

    Where `first` is at the head of the file and nearly all lines have that fault, the file has it.
    """
    named = layout.columns.labels[0] if layout.columns.is_named else None
    column = named if label is None else label
    for number, problem in _problems(layout, lines, first, column):
        if first <= 2 and _share_of(problem, layout, lines[:: max(1, len(lines) // JUDGED)], column) >= NEARLY_ALL:
            return _fault_of_file(path, layout, number, problem)
        return DataError(f"Line {number:,} of {path} {problem.text}; {layout.expected}. Correct or drop that line.")
    return None


def _problems(layout: Layout, lines: Sequence[str], first: int, label: int | None) -> Iterator[tuple[int, _Problem]]:
    for number, line in enumerate(lines, first):
        problem = _find_problem(layout, layout.fields_of(line), label) if line.strip() else None
        if problem:
            yield number, problem


def _share_of(problem: _Problem, layout: Layout, lines: Sequence[str], label: int | None) -> float:
    full = [line for line in lines if line.strip()]
    same = sum(found.kind == problem.kind for _, found in _problems(layout, full, 1, label))
    return same / len(full) if len(full) > 1 else 0


def _fault_of_file(path: Path, layout: Layout, number: int, problem: _Problem) -> DataError:
    return DataError(
        f"Nearly every row of {path} is wrong in the same way: line {number:,} {problem.text}; {layout.expected}. "
        f"{_REMEDIES[problem.kind]}."
    )


def _find_problem(layout: Layout, row: list[str], label: int | None) -> _Problem | None:
    if len(row) != layout.columns.count:
        return _Problem("count", f"has {len(row)} values")
    for at, value in enumerate(row):
        kind = _find_kind(layout, value.strip(), is_label=at == label, is_unused=at in layout.columns.unused)
        if kind:
            place = "label" if at == label else f"value {at + 1}"
            return _Problem("label" if at == label else kind, f"has {value.strip()[:20]!r} as {place}")
    return None


def _find_kind(layout: Layout, value: str, *, is_label: bool, is_unused: bool) -> str | None:
    """What is wrong with one value, or None."""
    is_whole = layout.whole and not is_unused
    if not (value.isascii() and value.isdecimal() if is_whole else is_number(value)):
        return "range" if is_number(value) else "text" if value else "empty"
    if is_unused:
        return None
    number = float(value[:400])
    is_right = number in range(CLASSES) if is_label else 0 <= number <= 255
    return None if is_right else "range"
