"""What works unpacked works packed, and no duplicate becomes a split of its own."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import idx_header
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.importing import ImportReport, read_dataset
from mnist_dash.errors import DataError
from tests.data.archives import PACKINGS, laid, pack, png
from tests.data.samples import IDX_NAMES

TRAIN, TEST = generate(140, 0), generate(20, 1)


def rows(digits: Digits, *, labelled: bool = True) -> bytes:
    """Kaggle's columns."""
    pixels = digits.images.reshape(len(digits), -1)
    table = np.column_stack([digits.labels, pixels]) if labelled else pixels
    names = [*(["label"] if labelled else []), *(f"pixel{at}" for at in range(784))]
    return "\n".join([",".join(names), *(",".join(map(str, row)) for row in table), ""]).encode()


def idx() -> dict[str, bytes]:
    arrays = (TRAIN.images, TRAIN.labels, TEST.images, TEST.labels)
    return {name: idx_header(array) + array.tobytes() for name, array in zip(IDX_NAMES, arrays, strict=True)}


KAGGLE = {
    "train.csv": rows(TRAIN),
    "test.csv": rows(TEST, labelled=False),
    "sample_submission.csv": b"ImageId,Label\n" + b"".join(b"%d,0\n" % at for at in range(1, 21)),
}
GZIPPED = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in idx().items()}
DOTTED = {name.replace("-idx", ".idx"): content for name, content in idx().items()}


def read(path: Path, packing: str, files: dict[str, bytes]) -> ImportReport:
    return read_dataset([pack(path, packing, files)])


@pytest.mark.parametrize("packing", PACKINGS)
def test_kaggles_three_files_are_its_training_rows(tmp_path: Path, packing: str) -> None:
    found = read(tmp_path, packing, KAGGLE)
    assert np.array_equal(found.dataset.train.images[:100], TRAIN.images[:100])
    assert (len(found.dataset.train), len(found.dataset.test)) == (120, 20)
    assert found.notes == (
        "sample_submission.csv is no part of the set and is not used.",
        "test.csv has no labels and is not used.",
    )
    assert found.format.startswith("CSV")


def test_kaggles_three_files_may_be_chosen_together(tmp_path: Path) -> None:
    folder = laid(tmp_path, KAGGLE)
    found = read_dataset([folder / name for name in KAGGLE])
    assert (len(found.dataset.train), len(found.dataset.test)) == (120, 20)
    assert len(found.notes) == 2


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    "files",
    [
        idx() | GZIPPED,
        {f"MNIST/raw/{name}": content for name, content in (idx() | GZIPPED).items()},
        idx() | DOTTED,
        DOTTED | {f"{name}/{name}": content for name, content in idx().items()},
    ],
    ids=["gzipped too", "torchvision", "two spellings", "in folders of that name"],
)
def test_idx_files_that_are_there_twice_are_taken_once(tmp_path: Path, packing: str, files: dict[str, bytes]) -> None:
    found = read(tmp_path, packing, files)
    assert np.array_equal(found.dataset.train.images, TRAIN.images)
    assert np.array_equal(found.dataset.test.labels, TEST.labels)
    assert len([note for note in found.notes if "is a copy of" in note]) == 4
    assert found.format == {"f": "IDX", "a": f"IDX in a {packing[2:5].upper()}", "p": "IDX in a ZIP"}[
        packing[0]
    ].replace("TGZ", "TAR")


def test_copies_that_are_chosen_by_hand_are_taken_once(tmp_path: Path) -> None:
    folder = laid(tmp_path, idx() | GZIPPED)
    found = read_dataset(sorted(folder.iterdir()))
    assert (len(found.dataset.train), len(found.dataset.test)) == (140, 20)
    assert found.notes[0] == "t10k-images-idx3-ubyte.gz is a copy of t10k-images-idx3-ubyte, which was taken once."


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("a.csv", "a.csv.gz"), ("old/a.csv", "b.csv")])
def test_one_file_under_two_names_is_one_split(tmp_path: Path, names: tuple[str, str]) -> None:
    content = {name: gzip.compress(rows(TRAIN)) if name.endswith("gz") else rows(TRAIN) for name in names}
    found = read_dataset([laid(tmp_path / "a", content)])
    assert (len(found.dataset.train), len(found.dataset.test)) == (120, 20)
    assert "is a copy of" in found.notes[0]


def test_training_rows_under_the_name_of_test_rows_are_no_test_split(tmp_path: Path) -> None:
    some = TRAIN.take(slice(50, 90))
    for repeated in (rows(TRAIN), rows(TRAIN).replace(b"\n", b"\r\n"), rows(some)):
        found = read_dataset([laid(tmp_path / "a", {"train.csv": rows(TRAIN), "test.csv": repeated})])
        assert (len(found.dataset.train), len(found.dataset.test)) == (120, 20)
        assert "test images are training images too, so they are no test split and were left out" in found.notes[-1]
        assert found.dataset.notice is not None


def test_a_test_split_that_shares_some_images_stays(tmp_path: Path) -> None:
    mixed = Digits(np.concatenate([TRAIN.images[:5], TEST.images]), np.concatenate([TRAIN.labels[:5], TEST.labels]))
    found = read_dataset([laid(tmp_path / "a", {"train.csv": rows(TRAIN), "test.csv": rows(mixed)})])
    assert (len(found.dataset.train), len(found.dataset.test), found.notes) == (140, 25, ())


@pytest.mark.parametrize("packing", [*PACKINGS, "chosen"])
@pytest.mark.parametrize("name", ["validation.csv", "my-val.csv", "valid/rows.csv", "mnist_dev.csv"])
def test_rows_for_validation_join_the_training_rows(tmp_path: Path, packing: str, name: str) -> None:
    files = {"train.csv": rows(TRAIN.take(slice(40, None))), "test.csv": rows(TEST), name: rows(TRAIN.take(slice(40)))}
    if packing == "chosen":
        found = read_dataset([laid(tmp_path, files) / name for name in files])
    else:
        found = read(tmp_path, packing, files)
    assert np.array_equal(found.dataset.train.images, np.roll(TRAIN.images, -40, axis=0))
    assert np.array_equal(found.dataset.train.labels, np.roll(TRAIN.labels, -40))
    assert np.array_equal(found.dataset.test.labels, TEST.labels)
    last = name.rpartition("/")[2]
    assert found.notes == (
        f"The 40 images of {last} joined the training images: a run draws its own validation images.",
    )


def test_rows_for_validation_of_another_size_are_refused(tmp_path: Path) -> None:
    small = b"label" + b",p" * 16 + b"\n" + b"".join(b"%d" % (at % 10) + b",9,0" * 8 + b"\n" for at in range(20))
    with pytest.raises(
        DataError, match=r"val\.csv has images of 16 values and train\.csv of 784; all must be of one size"
    ):
        read_dataset(
            [laid(tmp_path, {"train.csv": rows(TRAIN), "val.csv": small}) / n for n in ("train.csv", "val.csv")]
        )


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_third_labelled_file_beside_both_splits_is_told(tmp_path: Path, packing: str) -> None:
    found = read(tmp_path, packing, {"train.csv": rows(TRAIN), "test.csv": rows(TEST), "more.csv": rows(TEST)})
    assert (len(found.dataset.train), len(found.dataset.test)) == (140, 20)
    assert found.notes == ("more.csv is no part of the set and is not used.",)


def test_labelled_files_whose_names_do_not_say_what_they_are_for_are_refused(tmp_path: Path) -> None:
    for names in (("a.csv", "b.csv"), ("train.csv", "test.csv", "more.csv"), ("test_1.csv", "test_2.csv")):
        folder = laid(tmp_path / names[0], {name: rows(TEST.take(slice(at, None))) for at, name in enumerate(names)})
        words = rf"{', '.join(sorted(names))} all have labels, and their names do not say what each is for; allowed are"
        with pytest.raises(DataError, match=words):
            read_dataset([folder / name for name in names])


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", ["my_test.csv", "validation.csv"])
def test_training_rows_without_labels_do_not_make_other_rows_the_training_rows(
    tmp_path: Path, packing: str, name: str
) -> None:
    words = (
        rf"^my_train\.csv has images without labels, and {name}, which has labels, is not for training by its name\."
    )
    with pytest.raises(DataError, match=words):
        read(tmp_path, packing, {"my_train.csv": rows(TRAIN, labelled=False), name: rows(TEST)})


def test_files_of_two_sets_in_one_folder_are_not_mixed(tmp_path: Path) -> None:
    other = {f"other/{name}": content[:-1] + b"\x01" for name, content in idx().items()}
    mixed = laid(tmp_path / "a", {f"mnist/{name}": content for name, content in idx().items()} | other)
    with pytest.raises(DataError, match=r"are both the .* of the .* split, and differ. Choose the files of one set"):
        read_dataset([mixed])
    top = laid(tmp_path / "b", idx() | other)
    found = read_dataset([top])
    assert np.array_equal(found.dataset.train.images, TRAIN.images)
    assert found.notes[0].startswith("other/t10k")
    assert found.notes[0].endswith(" and 1 more are no part of the set and are not used.")


def test_of_several_formats_in_a_folder_one_is_taken_and_it_is_told(tmp_path: Path) -> None:
    found = read_dataset([laid(tmp_path / "a", idx() | {"train.csv": rows(TRAIN)})])
    assert (found.format, len(found.dataset.test)) == ("IDX", 20)
    assert found.notes == ("train.csv is no part of the set and is not used.",)


@pytest.mark.parametrize("packing", PACKINGS)
def test_files_of_any_name_are_known_where_they_are_alone(tmp_path: Path, packing: str) -> None:
    assert len(read(tmp_path, packing, {"digits/optdigits.tra": rows(TRAIN)}).dataset.train) == 120


WRITERS = {
    f"mine/{writer}/{label}/{at}.png": png(TRAIN.images[at])
    for at, label in enumerate(TRAIN.labels.tolist())
    for writer in [("ann", "bob", "cy")[at % 3]]
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_pictures_in_folders_of_writers_are_all_taken_with_their_writers(tmp_path: Path, packing: str) -> None:
    found = read(tmp_path, packing, WRITERS)
    assert found.left_out == 0
    assert found.notes == ("The digits lie in folders of 3 writers: ann, bob, cy.",)
    both = [(split.images, split.labels, split.writers) for split in (found.dataset.train, found.dataset.test)]
    written = {
        image.tobytes(): int(writer)
        for images, _, writers in both
        if writers is not None
        for image, writer in zip(images, writers, strict=True)
    }
    assert written == {TRAIN.images[at].tobytes(): at % 3 for at in range(140)}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("header", ["", "filename,label\n", "Image;Digit\n"])
def test_pictures_with_a_table_of_names(tmp_path: Path, packing: str, header: str) -> None:
    separator = ";" if ";" in header else ","
    table = header + "".join(f"img/{at}.png{separator}{label}\n" for at, label in enumerate(TRAIN.labels))
    files = {f"mine/img/{at}.png": png(TRAIN.images[at]) for at in range(140)} | {"mine/labels.csv": table.encode()}
    found = read(tmp_path, packing, files)
    assert (len(found.dataset.train), len(found.dataset.test), found.left_out) == (120, 20, 0)
    assert np.array_equal(found.dataset.train.images[:100], TRAIN.images[:100])
    assert found.notes == ("mine/labels.csv says which digit each picture shows.",)
