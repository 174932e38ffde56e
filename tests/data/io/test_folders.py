"""Which file shows which digit is said by the folders it lies in, on the disk as in a ZIP."""

from functools import partial
from pathlib import Path

import pytest

from mnist_dash.data.io import folders
from mnist_dash.data.io.archive import open_archive
from mnist_dash.data.io.folders import File, SortedPictures, folder_names, list_archive, list_folder, sort_pictures
from mnist_dash.errors import DataError
from tests.data.archives import zipped


def place(*names: str) -> SortedPictures:
    return sort_pictures(File(name, 1, lambda: b"") for name in names)


def found(*names: str) -> list[tuple[str, int, bool]]:
    return [(picture.file.name, picture.label, picture.test) for picture in place(*names).pictures]


@pytest.mark.parametrize("wrap", ["", "digits/", "my/digits/"])
@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("Training", "TESTING")])
def test_digits_and_splits_are_folders(wrap: str, train: str, test: str) -> None:
    names = [f"{wrap}{train}/3/a.png", f"{wrap}{test}/7/b.JPG"]
    assert found(*names) == [(names[0], 3, False), (names[1], 7, True)]


def test_without_splits_all_are_for_training() -> None:
    assert found("0/a.png", "9/b.webp") == [("0/a.png", 0, False), ("9/b.webp", 9, False)]


def test_pictures_for_validation_become_training_images_and_it_is_told() -> None:
    result = place("val/1/a.png", "train/2/b.png")
    assert [picture.test for picture in result.pictures] == [False, False]
    assert result.notes == ("Pictures in folders for validation became training images.",)
    assert place("train/2/b.png").notes == ()


def test_pictures_come_in_the_order_of_the_numbers_in_their_names() -> None:
    names = ["1/10.png", "0/9.png", "2/img-2.png", "3/img-11.png", "0/10.png"]
    assert [name for name, _, _ in found(*names)] == ["2/img-2.png", "3/img-11.png", "0/9.png", "0/10.png", "1/10.png"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("readme.txt", "lies in no folder of a digit"),
        ("digit_3/a.png", "lies in no folder of a digit"),
        ("10/a.png", "lies in no folder of a digit"),
        ("٣/a.png", "lies in no folder of a digit"),
        ("0/notes.txt", "is no picture by its name"),
        ("older/0/a.png", "lies in another folder than most"),
    ],
)
def test_other_files_are_left_out_with_the_reason(name: str, reason: str) -> None:
    result = place("0/a.png", "1/a.png", name)
    assert len(result.pictures) == 2
    assert len(result.left_out) == 1
    assert result.left_out[0].startswith(f"{name}: {reason}")


@pytest.mark.parametrize(
    "names",
    [
        ["ann/0/1.png", "ann/3/2.png", "bob/7/3.png"],
        ["mine/train/ann/0/1.png", "mine/train/ann/3/2.png", "mine/train/bob/7/3.png"],
        ["mine/ann/train/0/1.png", "mine/ann/train/3/2.png", "mine/bob/train/7/3.png"],
    ],
)
def test_folders_beside_each_other_are_writers(names: list[str]) -> None:
    result = place(*names)
    assert [(picture.label, picture.writer) for picture in result.pictures] == [(0, 0), (3, 0), (7, 1)]
    assert result.notes == ("The digits lie in folders of 2 writers: ann, bob.",)


def test_writers_are_the_same_in_both_splits() -> None:
    result = place("train/ann/0/1.png", "train/bob/1/2.png", "test/bob/1/3.png")
    assert [(picture.test, picture.writer) for picture in result.pictures] == [(False, 0), (False, 1), (True, 1)]


def test_a_copied_folder_is_no_other_writer() -> None:
    names = ("digits/0/1.png", "digits/3/2.png", "digits copy/0/1.png", "digits copy/3/2.png", "digits copy/3/4.png")
    result = sort_pictures([File(name, 1, partial(bytes, name[-5:], "ascii")) for name in names])
    assert [picture.file.name for picture in result.pictures] == [names[2], names[3], names[4]]
    assert result.left_out == (
        "digits/0/1.png: is a copy of digits copy/0/1.png",
        "digits/3/2.png: is a copy of digits copy/3/2.png",
    )


def test_a_file_too_large_for_a_picture_is_left_out() -> None:
    result = sort_pictures([File("0/a.png", 100_000_001, lambda: b"")])
    assert result.left_out == ("0/a.png: has 100,000,001 bytes; allowed are 100,000,000",)


def test_folders_are_named_for_a_message() -> None:
    files = [File(f"{name}/a.png", 1, lambda: b"") for name in "abcdefghij"]
    assert folder_names([*files[:2], File("x", 1, lambda: b"")]) == "a, b, no folder"
    assert folder_names(files) == "a, b, c, d, e, f, g, h and 2 more"
    assert folder_names([]) == "no files"


def test_links_and_hidden_files_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.png").write_bytes(b"secret")
    folder = tmp_path / "digits"
    for name in ("0", ".git", "1"):
        (folder / name).mkdir(parents=True)
    (folder / "0" / "a.png").write_bytes(b"a")
    (folder / ".git" / "b.png").write_bytes(b"b")
    (folder / "0" / "Thumbs.db").write_bytes(b"c")
    (folder / "1" / "link.png").symlink_to(tmp_path / "outside" / "a.png")
    (folder / "2").symlink_to(tmp_path / "outside")
    (file,) = list_folder(folder)
    assert (file.name, file.size, file.read()) == ("0/a.png", 1, b"a")


def test_an_archive_is_listed_like_a_folder(tmp_path: Path) -> None:
    names = {"digits/0/a.png": b"a", "__MACOSX/digits/0/._a.png": b"x", "digits/.DS_Store": b"x"}
    with open_archive(zipped(tmp_path / "a.zip", names)) as archive:
        (file,) = list_archive(archive)
        assert (file.name, file.size, file.read()) == ("digits/0/a.png", 1, b"a")


def test_too_many_files_in_a_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FILES", 2)
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(DataError, match="more than 2 files"):
        list_folder(tmp_path)


def test_folders_that_go_on_beyond_9_may_be_classes_of_other_signs() -> None:
    """As an alphabet in folders 1 to 44."""
    told = [note for note in place("1/a.png", "9/a.png", "10/a.png", "044/a.png").notes if "classes" in note]
    assert told == [
        "Beside 0 to 9 there are folders with pictures up to 44. Where those are numbers of classes, of letters for "
        "instance, what was taken are no digits."
    ]
    assert not place("1/a.png", "9/a.png", "10/notes.txt").notes
    assert not place("writer_12/1/a.png", "writer_13/9/a.png", "12/1/b.png").notes[1:]
