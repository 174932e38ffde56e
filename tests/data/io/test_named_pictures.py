"""Pictures, and texts that draw them, are known by the digit that their names begin with."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.errors import DataError
from tests.data.samples import sample, write_npz


def as_text(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    """A digit as 28 lines of 0 and 1."""
    return "\n".join("".join("1" if value > 127 else "0" for value in row) for row in image) + "\n"


def write_texts(folder: Path, digits: Digits) -> None:
    folder.mkdir(parents=True)
    for at, (image, label) in enumerate(zip(digits.images, digits.labels, strict=True)):
        (folder / f"{label}_{at}.txt").write_text(as_text(image))


def write_png(path: Path, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    Image.fromarray(image).save(path)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_texts_of_ones_and_zeros_are_digits(tmp_path: Path, calm: Digits, packed: bool) -> None:
    """As in the books on nearest neighbours: digits/trainingDigits/0_12.txt."""
    write_texts(tmp_path / "digits" / "trainingDigits", calm.take(slice(40)))
    write_texts(tmp_path / "digits" / "testDigits", calm.take(slice(40, 60)))
    source = tmp_path / "digits"
    if packed:
        source = tmp_path / "digits.zip"
        with zipfile.ZipFile(source, "w") as made:
            for path in sorted((tmp_path / "digits").rglob("*.txt")):
                made.write(path, path.relative_to(tmp_path))
    found = read_dataset([source])
    train, test = found.dataset.train, found.dataset.test
    assert (len(train), len(test)) == (40, 20)
    assert sorted(train.labels.tolist()) == sorted(calm.labels[:40].tolist())
    drawn = {image.tobytes() for image in (calm.images[:40] > 127).astype(np.uint8) * 255}
    assert {image.tobytes() for image in train.images} == drawn
    assert any(note.startswith("The digits were read from the names: ") for note in found.notes)


def test_pictures_are_known_by_their_names_too(tmp_path: Path, calm: Digits) -> None:
    for at in range(90):
        write_png(tmp_path / f"{calm.labels[at]}-{at}.png", calm.images[at])
    (tmp_path / "README.md").write_text("mine")
    found = read_dataset([tmp_path])
    assert sorted(found.dataset.train.labels.tolist() + found.dataset.test.labels.tolist()) == sorted(
        calm.labels[:90].tolist()
    )
    assert any(line.startswith("README.md: is no picture") for line in found.reasons)


@pytest.mark.parametrize("odd", ["10_1.png", "page.png", "10_1.txt"])
def test_where_one_name_says_something_else_the_others_say_no_digit(tmp_path: Path, calm: Digits, odd: str) -> None:
    """The first number may be a writer's, or a page's."""
    for at in range(30):
        write_png(tmp_path / f"{calm.labels[at]}_{at}.png", calm.images[at])
    write_png(tmp_path / "aside.png", calm.images[0])
    (tmp_path / "aside.png").rename(tmp_path / odd)
    with pytest.raises(DataError, match="holds no digits"):
        read_dataset([tmp_path])


def test_notes_beside_texts_are_left_out(tmp_path: Path, calm: Digits) -> None:
    write_texts(tmp_path / "contest", calm.take(slice(90)))
    (tmp_path / "contest" / "README.txt").write_text("From a book.")
    found = read_dataset([tmp_path])
    assert len(found.dataset.train) + len(found.dataset.test) == 90
    assert len(found.dataset.train) > len(found.dataset.test) > 0
    assert any(line.startswith("contest/README.txt: is no picture by its name") for line in found.reasons)


def test_a_picture_that_is_too_large_is_left_out_with_its_reason(
    tmp_path: Path, calm: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(tmp_path / "digits", calm.take(slice(90)))
    (tmp_path / "digits" / "4_1000.txt").write_text("01\n" * 2_000)
    monkeypatch.setattr("mnist_dash.data.io.named_pictures.MAX_FILE", 5_000)
    found = read_dataset([tmp_path / "digits"])
    assert found.reasons == ("4_1000.txt: has 6,000 bytes; allowed are 5,000",)


def test_arrays_beside_such_pictures_are_what_is_read(tmp_path: Path, calm: Digits) -> None:
    """The pictures are samples for a reader's eye."""
    for at in range(30):
        write_png(tmp_path / f"{calm.labels[at]}_{at}.png", calm.images[at])
    write_npz(tmp_path / "digits.npz", sample(50, 0), sample(10, 1))
    assert len(read_dataset([tmp_path]).dataset.train) == 50


def test_a_text_that_draws_nothing_is_left_out_with_its_reason(tmp_path: Path, calm: Digits) -> None:
    write_texts(tmp_path / "digits", calm.take(slice(90)))
    (tmp_path / "digits" / "4_1000.txt").write_text("0101\n01\n")
    found = read_dataset([tmp_path / "digits"])
    assert found.reasons == (
        "4_1000.txt: It draws no digit; allowed are 8 lines or more of 0 and 1, each as long as the others.",
    )


def test_one_digit_alone_may_be_a_page_or_a_writer(tmp_path: Path, calm: Digits) -> None:
    made = io.BytesIO()
    Image.fromarray(calm.images[0]).save(made, "PNG")
    for at in range(12):
        (tmp_path / f"1_{at}.png").write_bytes(made.getvalue())
    with pytest.raises(DataError, match="holds no digits"):
        read_dataset([tmp_path])
