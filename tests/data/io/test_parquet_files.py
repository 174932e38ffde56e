"""Parquet is read as Hugging Face keeps MNIST, and as others keep images in tables."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mnist_dash.data.io.export import write
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.parquet_files import READER
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.archives import png
from tests.data.samples import sample

DIGITS, TEST = sample(20, 0), sample(10, 1)
PNGS = [png(image) for image in DIGITS.images]
STRUCTS = [{"bytes": content, "path": None} for content in PNGS]
LABELS = DIGITS.labels.tolist()
PIXELS = {f"pixel{at}": DIGITS.images.reshape(20, 784)[:, at] for at in range(784)}


def parquet(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    "columns",
    [
        {"image": STRUCTS, "label": LABELS},
        {"image": PNGS, "label": LABELS},
        {"image": pa.array(PNGS, pa.large_binary()), "label": pa.array(LABELS, pa.int8())},
        {"image": DIGITS.images.tolist(), "label": LABELS},
        {"image": DIGITS.images.reshape(20, 784).tolist(), "label": LABELS},
        {"image": pa.array((DIGITS.images / 255).tolist()), "label": LABELS},
        {"label": [str(label) for label in LABELS], "img": STRUCTS, "id": list(range(20))},
        {**PIXELS, "class": LABELS},
        {"Target": LABELS, **PIXELS, "__index_level_0__": list(range(20))},
    ],
    ids=["structs", "bytes", "large", "nested", "flat", "shares", "words", "pixels", "frame"],
)
def test_images_and_labels_are_read_in_every_form(tmp_path: Path, columns: dict[str, object]) -> None:
    path = parquet(tmp_path / "a.parquet", **columns)
    assert READER.recognises(path.read_bytes()[:4096])
    found = READER.read((path,), silent)
    assert np.array_equal(found.train.images, DIGITS.images)
    assert np.array_equal(found.train.labels, DIGITS.labels)


@pytest.mark.parametrize(
    "names", [("train.parquet", "test.parquet"), ("train-00000-of-00001.parquet", "test-00000-of-00001.parquet")]
)
def test_two_splits_are_read_from_a_folder(tmp_path: Path, names: tuple[str, str]) -> None:
    parquet(tmp_path / names[0], image=STRUCTS, label=LABELS)
    parquet(tmp_path / names[1], image=[png(image) for image in TEST.images], label=TEST.labels.tolist())
    found = read_dataset([tmp_path])
    assert (found.format, len(found.dataset.train), len(found.dataset.test)) == ("Parquet", 20, 10)
    assert found.dataset.test.labels.tolist() == TEST.labels.tolist()


def test_numbered_parts_of_a_split_are_joined(tmp_path: Path) -> None:
    parts = [tmp_path / f"train-0000{at}-of-00002.parquet" for at in range(2)]
    parquet(parts[0], image=STRUCTS[:12], label=LABELS[:12])
    parquet(parts[1], image=STRUCTS[12:], label=LABELS[12:])
    arranged = READER.arrange(parts[::-1])
    assert arranged == tuple(parts)
    assert np.array_equal(READER.read(arranged, silent).train.images, DIGITS.images)
    with pytest.raises(DataError, match=r"a\.parquet, b\.parquet all have labels, and their names do not say"):
        READER.arrange([tmp_path / "a.parquet", tmp_path / "b.parquet"])


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"a": [1], "b": [2]}, "has the columns a, b; needed are image"),
        ({"image": STRUCTS, "text": ["a"] * 20}, "has the columns image, text; needed"),
        ({"image": [], "label": []}, "has 0 rows; allowed are 1 to 500,000"),
        ({"image": [*STRUCTS[:19], {"bytes": b"no picture", "path": None}], "label": LABELS}, "Row 20 of .*a.parquet"),
        ({"image": [*STRUCTS[:19], {"bytes": None, "path": "a.png"}], "label": LABELS}, "the name of a file alone"),
        ({"image": [PNGS[0], png(DIGITS.images[0][:20])], "label": [1, 2]}, "Row 2 of .* has an image of 28×20 pixels"),
        ({"image": PNGS, "label": [None, *LABELS[1:]]}, "has no label"),
        ({"image": [[1, 2], [3]], "label": [1, 2]}, "cannot be read as Parquet"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, columns: dict[str, object], words: str) -> None:
    path = parquet(tmp_path / "a.parquet", **columns)
    with pytest.raises(DataError, match=words):
        READER.read((path,), silent)


@pytest.mark.parametrize("keep", [4, 200, -10])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = parquet(tmp_path / "a.parquet", image=STRUCTS, label=LABELS)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"a\.parquet cannot be read as Parquet"):
        READER.read((path,), silent)


def test_what_is_written_is_read_back_and_hugging_face_knows_what_it_is(tmp_path: Path) -> None:
    shares: list[float] = []
    write(tmp_path / "a.parquet", DIGITS, progress=lambda _text, share: shares.append(share))
    found = READER.read((tmp_path / "a.parquet",), silent)
    assert np.array_equal(found.train.images, DIGITS.images)
    assert np.array_equal(found.train.labels, DIGITS.labels)
    assert shares == [1.0]
    schema = pq.read_schema(tmp_path / "a.parquet")
    assert json.loads(schema.metadata[b"huggingface"])["info"]["features"]["image"] == {"_type": "Image"}
    assert schema.field("label").type == pa.int64()
    with pytest.raises(DataError, match=r"b\.parquet would hold two splits; a Parquet file holds one"):
        write(tmp_path / "b.parquet", DIGITS, TEST)
