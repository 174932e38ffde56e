"""A file that no reader knows is called by what it is, and it is said how to make digits of it."""

import gzip
import lzma
import pickle
from pathlib import Path

import pytest

from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.unknown_files import advise, describe_unknown
from mnist_dash.errors import DataError
from tests.data.archives import png, zipped
from tests.data.samples import sample


@pytest.mark.parametrize(
    ("content", "name", "remedy"),
    [
        (b"%PDF-1.7\n", "a PDF, 9 bytes", "Save the digits that it shows as PNG"),
        (pickle.dumps([1], 2), "a pickle", "import numpy, pickle; x, y = pickle.load"),
        (pickle.dumps([1], 4), "a pickle", "Nothing is unpickled here"),
        (gzip.compress(pickle.dumps([1])), "a pickle", "Nothing is unpickled here"),
        (pickle.dumps({}, 0), "a pickle", "Nothing is unpickled here"),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P", "an older PyTorch file", "torch.load"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a 7z archive", "Unpack it"),
        (b"Rar!\x1a\x07\x01", "a RAR archive", "Unpack it"),
        (b"\x28\xb5\x2f\xfd\x00", "packed by zstd", "Unpack it"),
        (lzma.compress(pickle.dumps([1])), "a pickle", "Nothing is unpickled here"),
        (png(sample(1, 0).images[0]), "a PNG picture", "put each into a folder named after its digit"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "a WEBP picture", "folder named after its digit"),
        (b"\x1c\x00\x00\x00TFL3", "a TensorFlow Lite model", "bring it where models are taken in"),
        (b"\n<!DOCTYPE html><html>", "a web page", "Download the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS", "git lfs pull"),
        (b"ARROW1\x00\x00", "Arrow or Feather", "pandas.read_feather"),
        (b'[{"image": [0]}]', "JSON", "pandas.read_json"),
        (b"a poem\n", "no known format, 7 bytes that begin with 'a poem\\n'", "as arrays by Python: import numpy"),
        (b"\x01\x02\x03", "no known format, 3 bytes that begin with 01 02 03", "as PNG in a folder for each digit"),
        (b"", "no known format: it is empty", "as PNG in a folder for each digit"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_is_called_by_what_it_is(tmp_path: Path, content: bytes, name: str, remedy: str) -> None:
    path = tmp_path / "digits"
    path.write_bytes(content)
    assert name in describe_unknown(path)
    assert remedy in advise(path)
    with pytest.raises(DataError) as e:
        read_dataset([path])
    said = str(e.value)
    assert said.startswith("digits (")
    # What came and why not is a short sentence, then comes what to do, and what is taken stands last.
    assert 0 < said.index(" is no set of digits. ") < 120
    assert said.index(remedy) < said.index(" Allowed are NPZ")
    assert len(said) - said.index(" Allowed are NPZ") < 200
    assert all(part in said for part in (name, remedy, "PNG, JPEG", "ZIP or TAR", "NPZ", "Parquet"))


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        (("archive/data.pkl", "archive/version"), "a PyTorch file"),
        (("config.json", "model.weights.h5"), "a model of Keras"),
        (("xl/workbook.xml", "docProps/app.xml"), "a table of Excel"),
    ],
)
def test_a_zip_that_is_something_else_is_called_so(tmp_path: Path, entries: tuple[str, ...], name: str) -> None:
    with pytest.raises(DataError, match=f"digits is {name}, .* bytes, and no set of digits"):
        read_dataset([zipped(tmp_path / "digits", dict.fromkeys(entries, b"x"))])


def test_a_file_among_others_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1" + ",0" * 784)
    (tmp_path / "b.pkl").write_bytes(pickle.dumps([1]))
    with pytest.raises(DataError, match=r"^b\.pkl \(a pickle, 17 bytes\), a\.csv \(CSV\) are no set of digits\. Not"):
        read_dataset([tmp_path / "a.csv", tmp_path / "b.pkl"])
