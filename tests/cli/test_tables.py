"""`predict` on rows and on folders of folders, what is written for Kaggle, and files that are no sets yet."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.dataset import Digits
from tests.cli.conftest import Ask

COUNT = 40
SCORE = r"\d+\.\d\d % of 40 labelled images read right \(95 % interval .+ to .+\); what is refused counts as wrong\.\n"


def write_rows(path: Path, digits: Digits, *, labelled: bool = False) -> Path:
    pixels = digits.images.reshape(len(digits), -1)
    rows = np.column_stack([digits.labels, pixels]) if labelled else pixels
    names = ["label"] * labelled + [f"pixel{at}" for at in range(784)]
    np.savetxt(path, rows, "%d", ",", header=",".join(names), comments="")
    return path


@pytest.fixture
def forty(small: Digits) -> Digits:
    """Forty digits."""
    return small.take(slice(COUNT))


@pytest.fixture
def test_rows(forty: Digits, tmp_path: Path) -> Path:
    """Forty rows without labels."""
    return write_rows(tmp_path / "test.csv", forty)


def test_every_row_is_read_as_an_image(ask: Ask, forty: Digits, test_rows: Path) -> None:
    answer = ask("predict", "--json", str(test_rows))
    assert (answer.status, answer.err) == (0, "")
    assert [line["file"] for line in answer.lines] == [f"{test_rows}:{row}" for row in range(1, COUNT + 1)]
    assert {frozenset(line) for line in answer.lines} == {
        frozenset({"file", "digit", "probabilities", "reason", "unusual"})
    }
    right = sum(line["digit"] == label for line, label in zip(answer.lines, forty.labels, strict=True))
    assert right > 0.8 * COUNT
    first = ask("predict", str(test_rows)).out.splitlines()[0]
    assert re.fullmatch(rf"{re.escape(str(test_rows))}:1: (\d.* \(sure: .+\)|not read\. .+)", first)


def test_whoever_waits_for_a_long_table_sees_how_far_it_is(
    ask: Ask, forty: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    # UCI's trajectories reach from 0 to 100.
    points = [[0, 100, *rng.integers(0, 101, 12).tolist(), 100, 0, int(label)] for label in forty.labels]
    path = tmp_path / "pendigits.tes"
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in points), "utf-8")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("mnist_dash.cli.answers._BATCH", 15)
    told = ask("predict", str(path)).err
    shares = [int(share) for share in re.findall(r"(\d+)%", told.partition("\n")[0])]
    assert shares == sorted(shares)
    assert len(set(shares)) > 10
    assert shares[-1] == 100
    for step in ("Reading pendigits.tes", "Drawing 40 digits", "Reading 40 digits"):
        assert step in told


def test_rows_of_any_size_polarity_and_scale_are_read(ask: Ask, forty: Digits, tmp_path: Path) -> None:
    large = [np.asarray(Image.fromarray(image).resize((40, 40))) for image in forty.images]
    shares = 1 - np.stack(large).reshape(COUNT, -1) / 255
    shares[3] = 1
    np.savetxt(tmp_path / "a.csv", shares, "%.5f", ";")
    answer = ask("predict", "--json", str(tmp_path / "a.csv"))
    right = sum(line["digit"] == label for line, label in zip(answer.lines, forty.labels, strict=True))
    assert right > 0.8 * COUNT
    assert (answer.lines[3]["digit"], answer.lines[3]["probabilities"]) == (None, None)
    assert "There is no ink in the image" in answer.lines[3]["reason"]
    assert "a.csv: The values are separated by semicolons." in answer.err
    assert "with --as-is they must be 28×28" in ask("predict", "--as-is", str(tmp_path / "a.csv")).out


def test_labels_that_are_known_are_scored(ask: Ask, forty: Digits, tmp_path: Path) -> None:
    answer = ask("predict", "--json", str(write_rows(tmp_path / "train.csv", forty, labelled=True)))
    assert len(answer.lines) == COUNT
    assert re.fullmatch(SCORE, answer.err)
    right = sum(line["digit"] == label for line, label in zip(answer.lines, forty.labels, strict=True))
    assert answer.err.startswith(f"{100 * right / COUNT:.2f} %")


def test_a_submission_for_kaggle_has_a_digit_for_every_row(
    ask: Ask, forty: Digits, test_rows: Path, tmp_path: Path
) -> None:
    blank = np.zeros((1, 28, 28), np.uint8)
    strange = Digits(np.concatenate([blank, forty.images[1:]]), forty.labels)
    write_rows(test_rows, strange)
    out = tmp_path / "submission.csv"
    told = ask("predict", str(test_rows), "--out", str(out), "--json").json
    assert (told["file"], told["rows"]) == (str(out), COUNT)
    assert told["like_no_digit"] >= 1
    lines = out.read_text().splitlines()
    assert lines[0] == "ImageId,Label"
    assert [int(line.split(",")[0]) for line in lines[1:]] == list(range(1, COUNT + 1))
    written = np.array([int(line.split(",")[1]) for line in lines[1:]])
    assert (written == forty.labels).mean() > 0.8
    assert ask("predict", str(test_rows), "--out", str(out)).out.startswith(f"{COUNT} answers written to {out}; ")


def test_rows_and_options_that_do_not_go_together_are_refused(ask: Ask, test_rows: Path, tmp_path: Path) -> None:
    Image.new("L", (50, 50), 200).save(tmp_path / "a.png")
    assert "--number and --photo are for pictures" in ask("predict", "--number", str(test_rows)).refusal
    out = str(tmp_path / "out.csv")
    for files in ([tmp_path / "a.png"], [test_rows, test_rows]):
        assert "--out takes the rows of one table" in ask("predict", *map(str, files), "--out", out).refusal
    np.savetxt(tmp_path / "b.csv", np.zeros((2, 64)), "%d", ",")
    assert "Row 1 of" in ask("predict", str(tmp_path / "b.csv"), "--out", out).refusal
    assert not Path(out).exists()


def test_a_broken_table_does_not_keep_others_from_being_read(ask: Ask, test_rows: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("a,b\n1,2\n")
    answer = ask("predict", "--json", str(tmp_path / "broken.csv"), str(test_rows))
    assert (answer.status, len(answer.lines)) == (0, COUNT + 1)
    assert "Every row of" in answer.lines[0]["reason"]
    alone = ask("predict", str(tmp_path / "broken.csv"))
    assert (alone.status, "None of 1 images was read" in alone.err) == (2, True)


def save_pictures(folder: Path, digits: Digits, names: str) -> Path:
    for number, (image, label) in enumerate(zip(digits.images, digits.labels, strict=True)):
        path = folder / names.format(label=label, number=number)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return folder


def test_pictures_in_folders_below_are_read_and_scored_where_the_folders_are_digits(
    ask: Ask, forty: Digits, tmp_path: Path
) -> None:
    answer = ask("predict", "--json", str(save_pictures(tmp_path / "a", forty, "test/{label}/{number}.png")))
    assert len(answer.lines) == COUNT
    assert re.fullmatch(SCORE, answer.err)
    named = ask("predict", "--json", str(save_pictures(tmp_path / "b", forty, "page {label}/{number}.png")))
    assert (len(named.lines), named.err) == (COUNT, "")


def test_pictures_beside_folders_are_read_alone(ask: Ask, forty: Digits, tmp_path: Path) -> None:
    save_pictures(tmp_path / "a", forty, "{label}/{number}.png")
    save_pictures(tmp_path / "a", forty.take(slice(2)), "{number}.png")
    assert len(ask("predict", "--json", str(tmp_path / "a")).lines) == 2


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize(
    "command",
    [("train", "cnn"), ("evaluate", "cnn"), ("audit",), ("map", "--out", "map.csv")],
    ids=lambda part: part[0],
)
def test_a_file_in_the_place_of_a_set_is_refused_with_the_way_to_import_it(
    ask: Ask, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "My rows.csv").touch()
    (tmp_path / "digits").mkdir()
    said = ask(*command, "--data", "My rows.csv").refusal
    assert said == (
        'My rows.csv is a file; --data takes the name of a set. Run `mnist-dash import "My rows.csv" --name my-rows` '
        "first, then this with `--data my-rows`."
    )
    assert "digits is a folder; --data takes" in ask(*command, "--data", "digits").refusal
    assert "There is no data set 'nowhere.csv'" in ask(*command, "--data", "nowhere.csv").refusal
