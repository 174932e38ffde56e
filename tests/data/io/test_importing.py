"""Whatever digits somebody has are understood, and it is said how; what cannot be understood is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io import csv_rows
from mnist_dash.data.io.discovery import Holdout, hold_out, join_splits
from mnist_dash.data.io.export import FileFormat, write
from mnist_dash.data.io.importing import ImportReport, read_dataset
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.errors import DataError
from tests.data.archives import png, zipped
from tests.data.samples import IDX_NAMES, write_idx, write_npz

TRAIN, TEST = generate(140, 0), generate(20, 1)


def said(found: ImportReport) -> tuple[str, Polarity, Fit, str]:
    return found.format, found.polarity, found.fit, found.sizes


def shapes(found: ImportReport) -> tuple[int, int]:
    return len(found.dataset.train), len(found.dataset.test)


def csv(path: Path, digits: Digits = TRAIN) -> Path:
    write(path, digits)
    return path


def test_one_csv_file_is_read_and_a_test_split_held_out(tmp_path: Path) -> None:
    found = read_dataset([csv(tmp_path / "my rows.csv")])
    assert said(found) == ("CSV", Polarity.INK_IS_LIGHT, Fit.AS_IS, "28×28")
    assert shapes(found) == (120, 20)
    assert found.dataset.origin == "my rows.csv"
    assert found.dataset.notice == (
        "my rows.csv has no test split: the last seventh of each digit, 20 of 140 images, is held out as one."
    )
    assert (found.missing, found.left_out, found.reasons, found.notes) == ((), 0, (), ())


def test_two_csv_files_are_the_two_splits_in_any_order_and_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [csv(tmp_path / "b" / "my_TEST.csv", TEST), csv(tmp_path / "a.csv")]
    for given in (files, files[::-1]):
        found = read_dataset(given)
        assert shapes(found) == (140, 20)
        assert np.array_equal(found.dataset.test.images, TEST.images)


def test_all_images_are_for_training_where_that_is_asked_for(tmp_path: Path) -> None:
    write_npz(tmp_path / "few.npz", TRAIN.take(slice(0, 6)))
    with pytest.raises(DataError, match=r"needed are 7 of one digit at least\. .* import them with the holdout `none`"):
        read_dataset([tmp_path / "few.npz"])
    asked = ReadingOptions(holdout=Holdout.NONE)
    few = read_dataset([tmp_path / "few.npz"], asked)
    assert (shapes(few), few.dataset.notice, few.notes) == ((6, 0), None, ())
    assert shapes(read_dataset([csv(tmp_path / "many.csv")], asked)) == (140, 0)
    write_npz(tmp_path / "both.npz", TRAIN, TEST)
    both = read_dataset([tmp_path / "both.npz"], asked)
    assert (shapes(both), both.notes) == ((160, 0), ("The 20 test images became training images.",))
    assert np.array_equal(both.dataset.train.images, np.concatenate([TRAIN.images, TEST.images]))
    assert np.array_equal(both.dataset.train.labels, np.concatenate([TRAIN.labels, TEST.labels]))
    write_npz(tmp_path / "none.npz", TRAIN.take(slice(0, 0)))
    for options in (asked, ReadingOptions()):
        with pytest.raises(DataError, match=r"none\.npz leaves no image for the training split"):
            read_dataset([tmp_path / "none.npz"], options)


def test_writers_stay_known_where_all_splits_name_them() -> None:
    known = replace(TRAIN, writers=np.arange(140)), replace(TEST, writers=np.arange(20))
    joined = join_splits(Path("a"), *known).train.writers
    assert joined is not None
    assert joined.tolist() == [*range(140), *range(20)]
    assert join_splits(Path("a"), known[0], replace(TEST, writers=None)).train.writers is None


def test_a_named_csv_file_takes_no_other_along(tmp_path: Path) -> None:
    csv(tmp_path / "test.csv", TEST)
    assert shapes(read_dataset([csv(tmp_path / "train.csv")])) == (120, 20)


def idx(folder: Path, names: tuple[str, ...]) -> list[Path]:
    arrays = (TRAIN.images, TRAIN.labels, TEST.images, TEST.labels)[: len(names)]
    for name, array in zip(names, arrays, strict=True):
        write_idx(folder / name, array)
    return [folder / name for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (IDX_NAMES, (140, 20)),
        (IDX_NAMES[:2], (120, 20)),
        (("a.idx3", "b.idx1.gz"), (120, 20)),
        (("emnist-digits-train-images", "emnist-digits-train-labels", "e-test-images", "e-test-labels"), (140, 20)),
        (("my-test-images.gz", "my-test-labels.gz"), (120, 20)),
    ],
)
def test_idx_files_are_told_apart_by_their_content(
    tmp_path: Path, names: tuple[str, ...], expected: tuple[int, int]
) -> None:
    found = read_dataset(idx(tmp_path, names)[::-1])
    assert said(found)[0] == "IDX"
    assert shapes(found) == expected
    assert np.array_equal(found.dataset.train.images[0], TRAIN.images[0])


def test_a_folder_of_files_is_read(tmp_path: Path) -> None:
    idx(tmp_path, IDX_NAMES)
    assert shapes(read_dataset([tmp_path])) == (140, 20)
    for file in tmp_path.iterdir():
        file.unlink()
    csv(tmp_path / "anything.csv")
    (tmp_path / "README.md").touch()
    assert shapes(read_dataset([tmp_path])) == (120, 20)


def test_a_zip_of_files_is_read_and_errors_name_it(tmp_path: Path) -> None:
    files = {"archive/train.csv": csv(tmp_path / "a.csv").read_bytes(), "README.txt": b"", "__MACOSX/._a.csv": b"x"}
    found = read_dataset([zipped(tmp_path / "kaggle.zip", files)])
    assert (said(found)[0], shapes(found)) == ("CSV in a ZIP", (120, 20))
    broken = zipped(tmp_path / "broken.zip", {"train.csv": files["archive/train.csv"] + b"1,2,3\n"})
    with pytest.raises(DataError, match=r"Line 142 of .*broken\.zip.train\.csv has 3 values"):
        read_dataset([broken])


@pytest.mark.parametrize("wrap", ["", "mine/"])
def test_pictures_are_read_from_a_folder_and_from_a_zip(tmp_path: Path, wrap: str) -> None:
    files = {f"{wrap}{TRAIN.labels[n]}/{n}.png": png(TRAIN.images[n]) for n in range(140)}
    files[f"{wrap}0/broken.png"] = b"no picture"
    for name, content in files.items():
        (tmp_path / "digits" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "digits" / name).write_bytes(content)
    in_folder, in_zip = read_dataset([tmp_path / "digits"]), read_dataset([zipped(tmp_path / "a.zip", files)])
    assert said(in_folder) == ("Pictures in folders", Polarity.INK_IS_LIGHT, Fit.AS_IS, "28×28")
    assert said(in_zip)[0] == "Pictures in a ZIP"
    for found in (in_folder, in_zip):
        assert shapes(found) == (120, 20)
        assert np.array_equal(found.dataset.train.images, hold_out(TRAIN)[0].images)
        assert found.left_out == 1
        assert found.reasons[0].startswith(f"{wrap}0/broken.png: The picture cannot be read")


def test_dark_ink_on_light_paper_is_turned_for_the_whole_set(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", Digits(255 - TRAIN.images, TRAIN.labels), Digits(255 - TEST.images, TEST.labels))
    found = read_dataset([tmp_path / "a.npz"])
    assert said(found) == ("NPZ", Polarity.INK_IS_DARK, Fit.AS_IS, "28×28")
    assert np.array_equal(found.dataset.train.images, TRAIN.images)
    assert np.array_equal(found.dataset.test.images, TEST.images)
    told = read_dataset([tmp_path / "a.npz"], ReadingOptions(polarity=Polarity.INK_IS_LIGHT))
    assert np.array_equal(told.dataset.train.images, 255 - TRAIN.images)


MIXED = np.where((np.arange(140) % 3 == 0)[:, np.newaxis, np.newaxis], 255 - TRAIN.images, TRAIN.images)
TOLD = "Ink is light in 93 images and dark in 47: each was judged by its border."


def test_images_of_mixed_polarity_are_judged_one_by_one(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", Digits(MIXED, TRAIN.labels))
    pictures = {f"{TRAIN.labels[n]}/{n}.png": png(image) for n, image in enumerate(MIXED)}
    for path in (tmp_path / "a.npz", zipped(tmp_path / "a.zip", pictures)):
        found = read_dataset([path])
        assert (found.polarity, found.notes) == (Polarity.AUTO, (TOLD,))
        assert np.array_equal(found.dataset.train.images, hold_out(TRAIN)[0].images)
    told = read_dataset([tmp_path / "a.npz"], ReadingOptions(polarity=Polarity.INK_IS_LIGHT))
    assert np.array_equal(told.dataset.train.images, hold_out(Digits(MIXED, TRAIN.labels))[0].images)


def test_large_arrays_of_mixed_polarity_are_judged_one_by_one(tmp_path: Path) -> None:
    for name, images in (("mixed", MIXED), ("light", TRAIN.images)):
        np.savez(tmp_path / f"{name}.npz", x_train=enlarged(Digits(images, TRAIN.labels), 40), y_train=TRAIN.labels)
    mixed, light = (read_dataset([tmp_path / f"{name}.npz"]) for name in ("mixed", "light"))
    assert (mixed.polarity, mixed.notes, light.notes) == (Polarity.AUTO, (TOLD,), ())
    assert np.array_equal(mixed.dataset.train.images, light.dataset.train.images)


def enlarged(digits: Digits, side: int) -> np.ndarray:
    return np.stack([np.asarray(Image.fromarray(image).resize((side, side))) for image in digits.images])


def test_arrays_of_another_size_are_centred_and_blank_ones_left_out(tmp_path: Path) -> None:
    images = enlarged(TRAIN, 40)
    images[3] = 0
    np.savez(tmp_path / "a.npz", x_train=255 - images, y_train=TRAIN.labels)
    shares: list[float] = []
    found = read_dataset([tmp_path / "a.npz"], progress=lambda _text, share: shares.append(share))
    assert said(found) == ("NPZ", Polarity.INK_IS_DARK, Fit.CENTRE, "40×40")
    assert (shapes(found), found.left_out, found.reasons) == ((120, 19), 1, ("Image 3: There is no ink in it.",))
    assert found.dataset.train.images.max(axis=(1, 2)).min() == 255
    assert shares == sorted(shares)
    with pytest.raises(DataError, match="The images have 40×40 pixels; taken as they are, they must have 28×28"):
        read_dataset([tmp_path / "a.npz"], ReadingOptions(fit=Fit.AS_IS))


def test_images_of_28_pixels_are_centred_where_that_is_asked(tmp_path: Path) -> None:
    shifted = np.roll(TRAIN.images, 4, axis=2)
    write_npz(tmp_path / "a.npz", Digits(shifted, TRAIN.labels))
    kept = read_dataset([tmp_path / "a.npz"])
    moved = read_dataset([tmp_path / "a.npz"], ReadingOptions(fit=Fit.CENTRE))
    assert (kept.fit, moved.fit) == (Fit.AS_IS, Fit.CENTRE)
    columns = [found.dataset.train.images.mean(axis=(0, 1)) @ np.arange(28) for found in (kept, moved)]
    masses = [found.dataset.train.images.mean(axis=(0, 1)).sum() for found in (kept, moved)]
    assert columns[0] / masses[0] - columns[1] / masses[1] > 3


def test_missing_digits_are_told_even_where_one_is_left(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", TRAIN.take(np.isin(TRAIN.labels, (3, 8))))
    assert read_dataset([tmp_path / "a.npz"]).missing == (0, 1, 2, 4, 5, 6, 7, 9)
    write_npz(tmp_path / "b.npz", TRAIN.take(TRAIN.labels == 3))
    assert read_dataset([tmp_path / "b.npz"]).missing == (0, 1, 2, 4, 5, 6, 7, 8, 9)


def test_validation_pictures_and_unlabelled_rows_are_noted(tmp_path: Path) -> None:
    files = {f"valid/{TRAIN.labels[n]}/{n}.png": png(TRAIN.images[n]) for n in range(140)}
    assert read_dataset([zipped(tmp_path / "a.zip", files)]).notes == (
        "Pictures in folders for validation became training images.",
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": b"a poem\n"}, r"a\.txt \(no known format, 7 bytes that begin with 'a poem\\n'\) is no set"),
        ({"a.csv": b"", "b.csv": b""}, r"a\.csv \(no known format: it is empty\), b\.csv"),
        (
            {"train.csv": b"1,2\n", "b.idx": b"\x00\x00\x08\x01"},
            r"b\.idx \(IDX\), train\.csv \(CSV\) are no set of digits\. Choose the IDX files .* or one CSV, or two or "
            "three named as train, test and validation",
        ),
        (
            {"a": b"\x00\x00\x08\x03" + bytes(12), "b": b"\x00\x00\x08\x03" + bytes(13)},
            "are both the images of the training split",
        ),
        ({"a.zip": b"PK\x03\x04"}, "cannot be opened as ZIP"),
        ({"a.csv": b"1," + bytes(100)}, "no known format"),
        ({"a.csv": b"label,a\n1," + b"2" * 10_000_000}, "Line 2 of .* is too long"),
        ({"a.csv": b"1," * 10_000_000}, "Line 1 of .* is too long"),
        ({"a.csv": b"no,digits\n" * 1_000_000}, r"Every row of .*a\.csv has 2 values; expected are 785"),
    ],
)
def test_what_holds_no_digits_is_refused_with_what_is_allowed(
    tmp_path: Path, files: dict[str, bytes], words: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_dataset(sorted(tmp_path.iterdir()))


def test_what_helps_with_a_packed_file_is_said_of_what_it_is(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"readme.txt": b"hello", "digits.pkl": b"\x80\x04\x95" + bytes(9)})
    with pytest.raises(DataError, match=r"of its 2 files \(readme\.txt, digits\.pkl\) none .* Nothing is unpickled"):
        read_dataset([packed])


def test_a_folder_or_zip_without_digits_says_what_was_found(tmp_path: Path) -> None:
    files = {"cat/1.png": b"", "dog/2.png": b"", "notes.txt": b""}
    for name in files:
        (tmp_path / "animals" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "animals" / name).touch()
    words = r"of its 3 files .* its folders are cat, dog, no folder\. Save the images as PNG .* Allowed are NPZ"
    for path in (tmp_path / "animals", zipped(tmp_path / "a.zip", files)):
        with pytest.raises(DataError, match=words):
            read_dataset([path])


def test_paths_that_are_not_there_or_do_not_go_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is nothing at .*nowhere"):
        read_dataset([tmp_path / "nowhere"])
    with pytest.raises(DataError, match="No file was named"):
        read_dataset([])
    with pytest.raises(DataError, match="a folder is among them"):
        read_dataset([tmp_path, csv(tmp_path / "a.csv")])
    with pytest.raises(DataError, match="cannot be read"):
        read_dataset([tmp_path / ("x" * 5_000)])


def test_endless_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv(tmp_path / "a.csv")
    monkeypatch.setattr(csv_rows, "MAX_IMAGES", 100)
    with pytest.raises(DataError, match="holds more than 100 images"):
        read_dataset([path])
    monkeypatch.setattr(csv_rows, "MAX_BYTES", 10_000)
    with pytest.raises(DataError, match="and 10,000 characters in all"):
        read_dataset([path])


def test_what_progress_raises_stops_the_reading_and_nothing_remains(tmp_path: Path) -> None:
    def stop(_text: str, _share: float) -> None:
        raise KeyboardInterrupt

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for form in (FileFormat.CSV, FileFormat.PICTURES):
        write(tmp_path / f"a{form}", TRAIN)
        with pytest.raises(KeyboardInterrupt):
            read_dataset([tmp_path / f"a{form}"], progress=stop, scratch=scratch)
    assert list(scratch.iterdir()) == []
