"""However people write a table, it is read as they meant it, and what is unlike the usual is told."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.io import csv_files, csv_layout
from mnist_dash.data.io.csv_files import read_csv_set
from mnist_dash.data.io.csv_rows import Table, has_labels, read_table
from mnist_dash.data.io.csv_text import is_table, read_sample
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.readers import find_reader
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError

COUNT, SIDE = 14, 8
FEATURES = SIDE**2
LABELS = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6])
PIXELS = np.random.default_rng(0).integers(0, 256, (COUNT, SIDE, SIDE))
PIXELS[:, 0] = PIXELS[:, -1] = PIXELS[:, :, 0] = PIXELS[:, :, -1] = 0
PIXELS[:, 3, 3] = 255
PIXELS = PIXELS.reshape(COUNT, FEATURES)
NOISY = PIXELS.copy()
NOISY[:, 0] = np.arange(COUNT) % 4
NAMES = [f"pixel{at}" for at in range(FEATURES)]

Cells = list[list[str]]


def cells(pixels: np.ndarray = PIXELS, form: str = "{}") -> Cells:
    return [[form.format(value) for value in row] for row in pixels.tolist()]


def labelled(rows: Cells, at: int = 0, form: str = "{}") -> Cells:
    """Rows with the label at a place."""
    return [[*row[:at], form.format(label), *row[at:]] for row, label in zip(rows, LABELS.tolist(), strict=True)]


def save(path: Path, rows: Cells, separator: str = ",", end: str = "\n", encoding: str = "utf-8") -> Path:
    path.write_bytes((end.join(separator.join(row) for row in rows) + end).encode(encoding))
    return path


KAGGLE = [["label", *NAMES], *labelled(cells())]
SHARES = cells(PIXELS / 255, "{:.6f}")


def numbered(rows: Cells, name: str | None = "") -> Cells:
    """Rows with their numbers first; with a header above them unless `name` is None."""
    head = [] if name is None else [[name, *rows[0]]]
    return [*head, *([str(at), *row] for at, row in enumerate(rows[len(head) :]))]


LAST = "The label is column 65, 'target'."
ROW_NUMBER = "Column 1 is a row number and is not used."
FORMS: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "kaggle": (lambda path: save(path, KAGGLE), ()),
    "windows": (lambda path: save(path, KAGGLE, end="\r\n"), ()),
    "mark": (lambda path: save(path, KAGGLE, encoding="utf-8-sig"), ()),
    "utf-16": (lambda path: save(path, KAGGLE, encoding="utf-16"), ("Read as UTF-16.",)),
    "utf-16 without mark": (lambda path: save(path, KAGGLE, encoding="utf-16-le"), ("Read as UTF-16.",)),
    "utf-16 big": (lambda path: save(path, KAGGLE, encoding="utf-16-be"), ("Read as UTF-16.",)),
    "quoted": (lambda path: save(path, [[f'"{value}"' for value in row] for row in KAGGLE]), ()),
    "semicolons": (lambda path: save(path, KAGGLE, ";"), ("The values are separated by semicolons.",)),
    "tabs": (lambda path: save(path, KAGGLE, "\t"), ("The values are separated by tabs.",)),
    "spaces": (lambda path: save(path, KAGGLE, "  "), ("The values are separated by spaces.",)),
    "commas and spaces": (lambda path: save(path, KAGGLE, ", "), ()),
    "empty ends": (
        lambda path: save(path, [[*row, ""] for row in KAGGLE]),
        ("Every row ends with an empty value, which is not used.",),
    ),
    "empty ends below a header": (
        lambda path: save(path, [KAGGLE[0], *([*row, ""] for row in KAGGLE[1:])]),
        ("Every row ends with an empty value, which is not used.",),
    ),
    "points": (lambda path: save(path, [KAGGLE[0], *labelled(cells(form="{}.0"), form="{}.0")]), ()),
    "savetxt": (
        lambda path: save(path, labelled(cells(form="{:.18e}"), form="{:.18e}"), " "),
        ("The values are separated by spaces.",),
    ),
    "shares": (lambda path: save(path, [KAGGLE[0], *labelled(SHARES)]), ()),
    "decimal commas": (
        lambda path: save(path, [KAGGLE[0], *([v.replace(".", ",") for v in row] for row in labelled(SHARES))], ";"),
        ("The values are separated by semicolons.", "Decimal commas were read as points."),
    ),
    "pandas": (lambda path: save(path, numbered(KAGGLE)), (ROW_NUMBER,)),
    "pandas twice": (
        lambda path: save(path, numbered([["Unnamed: 0", *KAGGLE[0]], *numbered(KAGGLE[1:], None)])),
        (ROW_NUMBER, "Column 2, 'Unnamed: 0' is a row number and is not used."),
    ),
    "numbers in any order": (
        lambda path: save(path, [["id", *KAGGLE[0]], *([str(7 * at % 91), *row] for at, row in enumerate(KAGGLE[1:]))]),
        ("Column 1, 'id' is a row number and is not used.",),
    ),
    "r": (
        lambda path: save(path, [KAGGLE[0], *numbered(KAGGLE[1:], None)]),
        (ROW_NUMBER,),
    ),
    "numbers without a header": (
        lambda path: save(path, numbered(labelled(cells()), None)),
        (ROW_NUMBER,),
    ),
    "without a header": (lambda path: save(path, labelled(cells())), ()),
    "label last": (
        lambda path: save(path, labelled(cells(), FEATURES)),
        ("The label is column 65; there is no header.",),
    ),
    "target last": (lambda path: save(path, [[*NAMES, "target"], *labelled(cells(), FEATURES)]), (LAST,)),
    "a name in the middle": (
        lambda path: save(path, [[*NAMES[:9], "Class", *NAMES[9:]], *labelled(cells(), 9)]),
        ("The label is column 10, 'Class'.",),
    ),
    "a name that says nothing": (
        lambda path: save(path, [[*NAMES[:9], "answer", *NAMES[9:]], *labelled(cells(), 9)]),
        ("The label is column 10, 'answer'.",),
    ),
    "numbers for names": (
        lambda path: save(path, [list(map(str, range(65))), *labelled(cells())]),
        ("The label is column 1, '0'.",),
    ),
    "a number that is a label": (
        lambda path: save(path, [["number", *NAMES], *labelled(cells())]),
        ("The label is column 1, 'number'.",),
    ),
    "two labels, one of numbers": (
        lambda path: save(path, [["y", "label", *NAMES], *numbered(labelled(cells()), None)]),
        ("Column 1, 'y' is a row number and is not used.",),
    ),
    "pixels sorted as words": (
        lambda path: save(
            path,
            [
                ["label", *sorted(NAMES)],
                *labelled([[row[int(name[5:])] for name in sorted(NAMES)] for row in cells()]),
            ],
        ),
        ("The pixels were put in the order that the header gives.",),
    ),
}


def written_as(table: Table) -> np.ndarray:
    """Pixels as whole grey values."""
    grey: np.ndarray = np.rint(table.pixels * (255 if table.pixels.max() <= 1 else 1)).astype(int)
    return grey


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_pixel_for_pixel_in_any_form_and_it_is_told(tmp_path: Path, form: str) -> None:
    make, notes = FORMS[form]
    path = make(tmp_path / "rows.csv")
    assert find_reader(path) is csv_files.READER
    assert has_labels(path)
    table = read_table(path)
    assert table.labels is not None
    assert table.labels.tolist() == LABELS.tolist()
    assert np.array_equal(written_as(table), PIXELS)
    assert table.notes == notes
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert np.array_equal(read_table(path).pixels, table.pixels)


def test_the_report_of_an_import_tells_it_too(tmp_path: Path) -> None:
    rows = [[*row[:30], "90", *row[31:]] for row in numbered(KAGGLE * 4)[1:] if row[1] != "label"]
    path = save(tmp_path / "rows.csv", [["", *KAGGLE[0]], *rows], ";", encoding="utf-16")
    assert read_dataset([path]).notes == ("Read as UTF-16.", "The values are separated by semicolons.", ROW_NUMBER)


def test_noise_in_the_paper_is_not_taken_for_labels_that_a_name_puts_elsewhere(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", [[*NAMES, "target"], *labelled(cells(NOISY), FEATURES)]))
    assert table.labels is not None
    assert table.labels.tolist() == LABELS.tolist()
    assert np.array_equal(table.pixels, NOISY)


@pytest.mark.parametrize("form", ["{}", "{}.0"])
@pytest.mark.parametrize("head", [None, "value", "number"])
def test_two_columns_that_could_be_the_label_are_refused_with_what_to_do(
    tmp_path: Path, form: str, head: str | None
) -> None:
    names = [] if head is None else [[f"{head} {at}" for at in range(65)]]
    path = save(tmp_path / "a.csv", [*names, *labelled(cells(NOISY, form), FEATURES, form)])
    with pytest.raises(DataError, match=r"Columns 1.* and 65.* could both be the labels.*`label`"):
        read_table(path)


@pytest.mark.parametrize(
    ("labels", "edge", "words"),
    [
        ([3] * COUNT, "last", "could both be the labels"),
        (list(range(COUNT - 4)), "none", "Column 1 counts the rows, and there is no header"),
        ([0, 200] * 7, "none", "could both be the labels"),
        ([20, 200] * 7, "both", "could hold the labels, but holds other values than 0 to 9"),
    ],
    ids=["one class beside noise", "rows counted", "paper at the other end", "no digits"],
)
def test_a_label_that_nobody_can_know_is_refused(tmp_path: Path, labels: list[int], edge: str, words: str) -> None:
    pixels = PIXELS[: len(labels)].copy()
    if edge == "last":
        pixels[:, -2:] = np.arange(2 * len(labels)).reshape(-1, 2) % 5
    if edge == "both":
        pixels[:, -1] = 77
    rows = [[str(label), *row] for label, row in zip(labels, cells(pixels), strict=True)]
    with pytest.raises(DataError, match=words):
        read_table(save(tmp_path / "a.csv", rows))


def test_images_without_labels_are_read_as_such(tmp_path: Path) -> None:
    for rows in ([NAMES, *cells()], cells(), numbered([NAMES, *cells()], "id"), numbered(cells(), None)):
        path = save(tmp_path / "test.csv", rows)
        assert not has_labels(path)
        table = read_table(path)
        assert table.labels is None
        assert np.array_equal(table.pixels, PIXELS)
    with pytest.raises(DataError, match=r"test\.csv has images without labels.*`mnist-dash predict test\.csv`"):
        read_dataset([path])


def spoilt(rows: Cells, at: int, change: Callable[[list[str]], list[str]]) -> Cells:
    return [change(row) if number == at else row for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["label", *NAMES[1:], ""], *([*row[:-1], ""] for row in KAGGLE[1:])], "has 65 values and its last is empty"),
        ([["label", *NAMES[1:]], *(row[:-1] for row in KAGGLE[1:])], r"has 64 values.*column 1, 'label' is a label"),
        ([["label", "b"], *KAGGLE[1:]], "header of .* names 2 columns, but its rows have 65 values"),
        ([KAGGLE[0], *(["", *row[1:]] for row in KAGGLE[1:])], "Nearly every row .* line 2 has '' as label"),
        ([KAGGLE[0], *([f"digit {row[0]}", *row[1:]] for row in KAGGLE[1:])], "Nearly every row .* as label"),
        ([KAGGLE[0], *(["17", *row[1:]] for row in KAGGLE[1:])], "Nearly every row .* has '17' as label"),
        ([KAGGLE[0], *([row[0], *("999" for _ in NAMES)] for row in KAGGLE[1:])], "Nearly every row .* '999' as value"),
        ([KAGGLE[0], *([row[0], *("NA" for _ in NAMES)] for row in KAGGLE[1:])], "Nearly every row .* 'NA' as value 2"),
        (spoilt(KAGGLE, 4, lambda row: [*row[:-1], "nan"]), "Line 5 of .* has 'nan' as value 65"),
        (spoilt(numbered(KAGGLE), 4, lambda row: [*row[:-1], "0.5"]), "Line 5 of .* has '0.5' as value 66"),
        (
            spoilt([KAGGLE[0], *labelled(SHARES)], 4, lambda row: [*row[:9], "37", *row[10:]]),
            "Line 5 of .* has values up to 37, where those of most other rows go up to 1",
        ),
        (
            spoilt([KAGGLE[0], *labelled(cells(form="{}.0"))], 4, lambda row: [*row[:-1], "-3.5"]),
            "Line 5 of .* has '-3.5' as value 65",
        ),
    ],
    ids=lambda part: part.replace(" ", "-")[:40] if isinstance(part, str) else "",
)
def test_what_is_wrong_is_said_of_the_line_or_of_the_file(tmp_path: Path, rows: Cells, words: str) -> None:
    path = save(tmp_path / "a.csv", rows)
    with pytest.raises(DataError, match=words):
        read_table(path)


def test_splits_of_two_scales_are_refused(tmp_path: Path) -> None:
    files = [
        save(tmp_path / "train.csv", [KAGGLE[0], *labelled(SHARES)]),
        save(tmp_path / "test.csv", KAGGLE),
    ]
    with pytest.raises(DataError, match=r"train\.csv up to 1 and test\.csv up to 255; both must be of one scale"):
        read_dataset(files)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"label,pixel0\n", True),
        (b" ".join([b"label", *(b"pixel%d" % at for at in range(400))])[:4096], True),
        (b"\t".join([b"0"] * 65) + b"\n", True),
        ("a;b".encode("utf-16"), False),
        (b"It was the best of times it was the worst of times it was the age of wisdom and so on\n", False),
        (b"a poem\n", False),
        (b"1," + bytes(100), False),
        (b"MATLAB 5.0 MAT-file" + bytes(100), False),
        (b"", False),
    ],
)
def test_a_table_is_told_from_other_text_by_its_first_line(head: bytes, expected: bool) -> None:
    assert is_table(head) is expected


@pytest.mark.parametrize("head", [["target", *NAMES], [str(at) for at in range(65)]])
def test_labels_that_count_but_for_a_wrong_one_are_no_row_numbers(tmp_path: Path, head: list[str]) -> None:
    counted = [[str(label), *row] for label, row in zip([*range(9), 12], cells(), strict=False)]
    with pytest.raises(DataError, match=re.escape("Line 11 of") + ".* has '12' as label"):
        read_table(save(tmp_path / "table.csv", [head, *counted]))


def test_a_row_number_that_is_missing_now_and_then_is_one_still(tmp_path: Path) -> None:
    numbers = [number for number in range(17) if number not in (4, 9, 13)]
    rows = [[str(number), *row] for number, row in zip(numbers, labelled(cells()), strict=True)]
    table = read_table(save(tmp_path / "table.csv", [["y", "label", *NAMES], *rows]))
    assert table.labels is not None
    assert table.labels.tolist() == LABELS.tolist()


def test_noise_in_paper_is_not_taken_for_labels_beside_a_column_of_zeros(tmp_path: Path) -> None:
    shares = [row[:] for row in SHARES[:8]]
    shares[3][-1] = "0.003922"
    rows = [[str(at) for at in range(65)], *(["0", *row] for row in shares)]
    with pytest.raises(DataError, match="could both be the labels"):
        read_table(save(tmp_path / "table.csv", rows))


def test_a_label_of_few_rows_may_not_be_hidden_by_a_wrong_one(tmp_path: Path) -> None:
    rows = labelled(cells())
    rows[5][0] = "12"
    with pytest.raises(DataError, match=re.escape("Line 6 of") + ".* has '12' as label"):
        read_table(save(tmp_path / "a.csv", rows))


def test_a_table_alone_is_sniffed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.csv", KAGGLE)
    sniffed: list[Path] = []

    def sniff(path: Path) -> tuple[str, list[str]]:
        sniffed.append(path)
        return read_sample(path)

    monkeypatch.setattr(csv_layout, "read_sample", sniff)
    read_csv_set((path,), silent)
    assert sniffed == [path]
