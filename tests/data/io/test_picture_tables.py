"""A table says which digit each picture shows, whatever it calls them; what it does not say is left out and told."""

import pytest

from mnist_dash.data.io.folders import File, SortedPictures
from mnist_dash.data.io.picture_tables import sort_by_table
from mnist_dash.errors import DataError


def sort(tables: dict[str, str | bytes], *pictures: str) -> SortedPictures:
    files = [File(name, 1, lambda: b"") for name in pictures]
    for name, text in tables.items():
        content = text if isinstance(text, bytes) else text.encode()
        files.append(File(name, len(content), lambda content=content: content))  # type: ignore[misc]
    return sort_by_table(files)


def said(found: SortedPictures) -> list[tuple[str, int, bool]]:
    return [(picture.file.name, picture.label, picture.test) for picture in found.pictures]


@pytest.mark.parametrize(
    "table",
    [
        "img/a.png,4\nimg/b.png,7\n",
        "4,img/a.png\n7,img/b.png\n",
        "label,filename\n4,a.png\n7,b.png\n",
        "Bild;Ziffer\na.png;4\nb.png;7\n",
        "image\tdigit\n.\\img\\a.png\t4\n./img/b.png\t7.0\n",
        "id,label\na,4\nb,7\n",
        "﻿name, class\na.png, 4\n\nb.png, 7\n",
        '"img/a.png","4"\r\n"img/b.png","7"\r\n',
        "path,fold,y\nimg/a.png,1,4\nimg/b.png,2,7\n",
        "a.png,4\nb.png,7\n".encode("utf-16"),
    ],
)
def test_a_table_names_pictures_in_many_ways(table: str | bytes) -> None:
    found = sort({"labels.csv": table}, "img/a.png", "img/b.png")
    assert said(found) == [("img/a.png", 4, False), ("img/b.png", 7, False)]
    assert (found.left_out, found.notes) == ((), ("labels.csv says which digit each picture shows.",))


@pytest.mark.parametrize(
    ("tables", "pictures"),
    [
        ({"train.csv": "1.png,4\n", "test.csv": "2.png,7\n"}, ("1.png", "2.png")),
        ({"train.csv": "1.png,4\n", "test.csv": "1.png,7\n"}, ("train/1.png", "test/1.png")),
        ({"all.csv": "train/1.png,4\ntest/1.png,7\n"}, ("train/1.png", "test/1.png")),
        ({"all.csv": "file,label,split\n1.png,4,train\n2.png,7,test\n"}, ("1.png", "2.png")),
        ({"train/labels.txt": "1.png,4\n", "test/labels.txt": "1.png,7\n"}, ("train/1.png", "test/1.png")),
    ],
)
def test_splits_are_said_by_tables_folders_or_a_column(
    tables: dict[str, str | bytes], pictures: tuple[str, ...]
) -> None:
    assert [(label, test) for _, label, test in sorted(said(sort(tables, *pictures)), key=lambda told: told[1])] == [
        (4, False),
        (7, True),
    ]


def test_pictures_for_validation_become_training_images_and_it_is_told() -> None:
    found = sort({"val.csv": "1.png,4\n"}, "1.png")
    assert [test for _, _, test in said(found)] == [False]
    assert "Pictures in folders for validation became training images." in found.notes


def test_what_is_not_said_is_left_out_with_the_reason() -> None:
    table = "1.png,4\n2.png,x\n3.png,7\n4.png,8\n5.png,1\n1.png,5\n9.png,1\n"
    found = sort({"labels.csv": table}, *(f"{at}.png" for at in range(1, 7)))
    assert [label for _, label, _ in said(found)] == [4, 7, 8, 1]
    assert found.left_out == (
        "2.png: is 'x' in labels.csv; allowed are the digits 0 to 9",
        "1.png: stands in labels.csv again; what was said first counts",
        "'9.png': is no picture that is there, though labels.csv names it",
        "2.png: stands in no table",
        "6.png: stands in no table",
    )


@pytest.mark.parametrize(
    "tables",
    [
        {"sample_submission.csv": "1.png,0\n2.png,0\n"},
        {"notes.txt": "1.png is a fine picture\n"},
        {"pixels.csv": "1," + "0," * 784},
        {"broken.csv": b"\xff\xff\x80,4\n"},
        {"empty.csv": ""},
        {"other.csv": "a,b\nc,d\n"},
    ],
)
def test_other_tables_say_nothing(tables: dict[str, str | bytes]) -> None:
    assert sort(tables, "1.png", "2.png") == SortedPictures((), ())


def test_a_table_that_could_mean_two_columns_is_refused() -> None:
    with pytest.raises(DataError, match=r"labels\.csv has 2 columns that could be the digit; .* Name it label"):
        sort({"labels.csv": "1.png,0,4\n2.png,1,7\n"}, "1.png", "2.png")


def test_a_table_of_which_little_is_there_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"labels\.csv: 2 of 3 rows are of no use. The first is '2\.png': is no picture"
    ):
        sort({"labels.csv": "1.png,0\n2.png,4\n3.png,1\n"}, "1.png")
