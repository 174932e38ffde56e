"""ARFF is read as OpenML and Weka write it."""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.io.arff_files import READER, is_arff
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import sample

DIGITS = sample(20, 0)
ROWS = np.column_stack([DIGITS.images.reshape(20, 784), DIGITS.labels])
CLASS = "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}\n"
PIXELS = "".join(f"@ATTRIBUTE pixel{at} real\n" for at in range(784))
BODY = "\n".join(",".join(map(str, row)) for row in ROWS)
OPENML = f"% a comment, with a comma\n%\n@RELATION mnist_784\n\n{PIXELS}{CLASS}\n@DATA\n{BODY}\n"


@pytest.mark.parametrize(
    "text",
    [
        OPENML,
        OPENML.replace("\n", "\r\n"),
        OPENML.lower(),
        OPENML.replace("class {", "'class' {").replace("pixel7 ", '"pixel 7" '),
        OPENML.replace("class {", "what {"),
        OPENML.replace(CLASS, "@ATTRIBUTE class numeric\n"),
        OPENML.replace("@DATA\n", "@DATA\n% another comment\n\n"),
        f"@RELATION x\n{CLASS}{PIXELS}@DATA\n" + "\n".join(",".join(map(str, np.roll(row, 1))) for row in ROWS),
        OPENML.replace(",255,", ", 255.0,"),
        re.sub(r",([0-9])$", r",'\1'", OPENML, flags=re.MULTILINE),
    ],
    ids=["openml", "windows", "lower", "quoted", "nominal", "numeric", "comment", "first", "floats", "quoted labels"],
)
def test_rows_are_read_with_the_label_that_the_header_names(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.arff").write_bytes(text.encode())
    assert is_arff(text.encode()[:4096])
    found = READER.read((tmp_path / "a.arff",), silent)
    assert np.array_equal(found.train.images, DIGITS.images)
    assert np.array_equal(found.train.labels, DIGITS.labels)


def test_a_gzipped_one_is_read_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.arff.gz").write_bytes(gzip.compress(f"{OPENML}{BODY}\n{BODY}\n{BODY}\n{BODY}".encode()))
    shares: list[float] = []
    found = read_dataset([tmp_path], progress=lambda _text, share: shares.append(share))
    assert (found.format, len(found.dataset.train)) == ("ARFF", 90)
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OPENML.replace("@DATA", "@THEN"), "has '@THEN' in its header; expected is @ATTRIBUTE or @DATA"),
        (f"@RELATION a\n{PIXELS}", "has no @DATA after up to"),
        (OPENML.replace("class {", "a {").replace("pixel0 real", "pixel0 {0,1}"), "has 2 attributes that could be the"),
        (f"@RELATION a\n{PIXELS}@DATA\n1\n", "has 0 attributes that could be the digit"),
        (
            f"@RELATION a\n{PIXELS}{CLASS}@DATA\n{{0 5, 784 3}}\n",
            "not 785 numbers each .*import pandas, sci",
        ),
        (f"{OPENML}1,2,3\n", "not 785 numbers each .values are missing"),
        (f"{OPENML}{BODY[:60]},x\n", "not 785 numbers each"),
        (f"@RELATION a\n{PIXELS}{CLASS}@DATA\n", "holds no rows after @DATA|not 785 numbers"),
        (OPENML.replace(",9\n", ",11\n"), "is 11; allowed are the digits 0 to 9"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.arff").write_text(text)
    with pytest.raises(DataError, match=rf"a\.arff.*{words}"):
        READER.read((tmp_path / "a.arff",), silent)


@pytest.mark.parametrize("head", [b"", b"label,pixel0\n", b"relation,a\n", b"% a comment, alone\n", b"@relations"])
def test_other_text_is_no_arff(head: bytes) -> None:
    assert not is_arff(head)
