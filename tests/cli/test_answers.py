"""Commands that ask models: their figures, as text and as JSON, and what they refuse."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import State
from mnist_dash.sketch import pen
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask

with_data = pytest.mark.usefixtures("with_data")


@pytest.fixture
def guess(database: Database) -> str:
    """The number of a finished run that guesses."""
    queue.submit(database, RunSpec.of("random", "mnist"))
    run = queue.claim(database, "here")
    assert run is not None
    RunRecorder(database, run).end(State.DONE, {}, None)
    return str(run.id)


@pytest.fixture
def pictures(small: Digits, tmp_path: Path) -> dict[str, Path]:
    """One digit as a file in MNIST's form, as large dark ink on light paper, and as chalk on a board."""
    image = Image.fromarray(small.images[0])
    large = image.resize((300, 300), Image.Resampling.BICUBIC)
    forms = {"as-is.png": image, "paper.png": ImageOps.invert(large), "board.jpg": large}
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, form in forms.items():
        form.save(folder / name)
    return {name: folder / name for name in forms}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evaluate", "resnet"), "'resnet' is no model; allowed are "),
        (("evaluate", "7"), "There is no run 7."),
        (("evaluate", "cnn", "--data", "emnist"), "There is no data set 'emnist'; allowed are "),
        (("predict", "nowhere.png"), "nowhere.png does not exist. Give PNG, JPEG or HEIC images, or a folder of them."),
        (("predict", "."), ". has no .png, .jpg, .jpeg, .webp, .gif, .bmp, .heic, .heif file. Give PNG"),
        (("predict", "--model", "resnet", __file__), "'resnet' is no model; allowed are "),
        (("predict",), "the following arguments are required: IMAGE_OR_FOLDER"),
        (("paint",), "argument COMMAND: invalid choice: 'paint'"),
    ],
    ids=lambda part: " ".join(part)[:40] if isinstance(part, tuple) else "",
)
@with_data
def test_what_cannot_be_done_is_refused_in_one_line(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in ask(*arguments).refusal


def test_an_image_is_read_in_either_polarity_and_at_any_size(
    ask: Ask, small: Digits, pictures: dict[str, Path]
) -> None:
    answer = ask("predict", "--json", *map(str, pictures.values()))
    assert answer.status == 0
    assert [line["file"] for line in answer.lines] == [str(path) for path in pictures.values()]
    for line in answer.lines:
        assert set(line) == {"file", "digit", "probabilities", "reason", "unusual"}
        assert line["digit"] == int(np.argmax(line["probabilities"])) == small.labels[0]
        assert sum(line["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert line["reason"] is None


def test_an_image_in_mnists_form_is_taken_as_it_is(ask: Ask, small: Digits, pictures: dict[str, Path]) -> None:
    answer = ask("predict", "--as-is", "--json", str(pictures["as-is.png"])).json
    assert answer["digit"] == small.labels[0]
    _, refused = ask("predict", "--as-is", "--json", str(pictures["as-is.png"]), str(pictures["paper.png"])).lines
    assert (refused["digit"], refused["probabilities"]) == (None, None)
    assert "it must be 28×28" in refused["reason"]


def test_a_folder_is_read_image_by_image(ask: Ask, pictures: dict[str, Path]) -> None:
    folder = pictures["paper.png"].parent
    (folder / "notes.txt").write_text("no picture")
    files = [line["file"] for line in ask("predict", "--json", str(folder)).lines]
    assert files == sorted(str(path) for path in pictures.values())


def test_an_image_that_cannot_be_read_does_not_keep_the_others_from_being_read(
    ask: Ask, tmp_path: Path, pictures: dict[str, Path]
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    Image.new("L", (50, 50), 200).save(tmp_path / "blank.png")
    paths = [tmp_path / "broken.png", tmp_path / "blank.png", pictures["paper.png"]]
    broken, blank, read = ask("predict", "--json", *map(str, paths)).lines
    assert (broken["digit"], blank["digit"]) == (None, None)
    assert "cannot be read as a picture" in broken["reason"]
    assert "There is no ink in the image" in blank["reason"]
    assert read["digit"] is not None


def test_a_missing_image_among_others_is_refused_before_anything_is_read(ask: Ask, pictures: dict[str, Path]) -> None:
    assert "nowhere.png does not exist" in ask("predict", str(pictures["paper.png"]), "nowhere.png").refusal


def test_a_reading_is_a_sentence_for_people(ask: Ask, small: Digits, pictures: dict[str, Path], tmp_path: Path) -> None:
    path = pictures["as-is.png"]
    said = ask("predict", "--as-is", str(path)).out
    assert re.fullmatch(rf"{re.escape(str(path))}: {small.labels[0]} \(sure: .+\)\n", said)
    Image.new("L", (50, 50), 200).save(tmp_path / "blank.png")
    assert "blank.png: not read. There is no ink" in ask("predict", str(tmp_path / "blank.png")).out


def test_pictures_of_which_none_was_read_are_refused(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("no picture")
    answer = ask("predict", "--json", str(tmp_path / "words.png"))
    assert (answer.status, json.loads(answer.out)["digit"]) == (2, None)
    assert answer.err.startswith("mnist_dash: None of 1 images was read")


def test_a_name_too_long_for_any_file_is_refused(ask: Ask) -> None:
    assert "cannot be opened" in ask("predict", "x" * 5_000).refusal


def test_a_run_reads_images_too(ask: Ask, guess: str, pictures: dict[str, Path]) -> None:
    answers = [ask("predict", "--model", guess, "--json", str(pictures["paper.png"])).json for _ in range(2)]
    assert answers[0] == answers[1]


def test_an_animations_first_picture_is_read_and_that_is_said(ask: Ask, pictures: dict[str, Path]) -> None:
    moving = pictures["paper.png"].with_name("moving.gif")
    first = Image.open(pictures["paper.png"])
    first.save(moving, save_all=True, append_images=[Image.new("L", first.size, 255)])
    answer = ask("predict", "--json", str(moving))
    assert (answer.status, answer.lines[0]["reason"]) == (0, None)
    assert answer.err == f"{moving}: It is animated or holds several pictures: the first one was taken.\n"


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "bomb": (lambda path: Image.new("1", (9_000, 9_000)).save(path, "PNG"), "allowed are up to 40 megapixels"),
    "tiny": (lambda path: Image.new("L", (3, 3), 255).save(path, "PNG"), "There is no ink in the image"),
    "wide": (lambda path: Image.new("L", (10_000, 3), 255).save(path, "PNG"), "There is no ink in the image"),
    "clear": (lambda path: Image.new("RGBA", (90, 90)).save(path, "PNG"), "There is no ink in the image"),
    "black": (lambda path: Image.new("CMYK", (90, 90), (0, 0, 0, 255)).save(path, "JPEG"), "There is no ink"),
    "text": (lambda path: path.write_text("7"), "it is text; allowed are PNG"),
    "drawing": (lambda path: path.write_text("<svg/>"), "it is an SVG drawing; allowed are PNG"),
    "nothing": (lambda path: path.write_bytes(b""), "it is empty; allowed are PNG"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_image_is_refused_with_what_came_and_what_is_allowed(ask: Ask, tmp_path: Path, kind: str) -> None:
    make, words = BAD[kind]
    make(tmp_path / "bad.png")
    answer = ask("predict", "--json", str(tmp_path / "bad.png"))
    assert (answer.status, answer.lines[0]["digit"]) == (2, None)
    assert words in answer.lines[0]["reason"]
    assert answer.err.count("\n") == 1


def test_a_folder_may_hold_photos_of_every_kind(ask: Ask, pictures: dict[str, Path]) -> None:
    folder = pictures["paper.png"].parent
    Image.open(pictures["paper.png"]).save(folder / "photo.WEBP", "WEBP")
    assert str(folder / "photo.WEBP") in [line["file"] for line in ask("predict", "--json", str(folder)).lines]


def test_a_digit_that_is_struck_through_is_not_read(ask: Ask, tmp_path: Path) -> None:
    ring = np.stack([120 + 50 * np.cos(np.linspace(0, 7, 40)), 160 + 90 * np.sin(np.linspace(0, 7, 40))], axis=1)
    across = np.array([(20.0, 155.0), (210.0, 165.0)])
    for name, strokes in (("zero", [ring]), ("struck", [ring, across])):
        paper = np.where(pen.draw(strokes, 240, 320, 12), 0, 255).astype(np.uint8)
        Image.fromarray(paper).save(tmp_path / f"{name}.png")
    struck, zero = ask("predict", str(tmp_path), "--json").lines
    assert (zero["digit"], zero["reason"]) == (0, None)
    assert struck["digit"] is None
    assert struck["reason"].startswith("This looks struck through; if it were to be read: ")
    (line,) = ask("predict", str(tmp_path / "struck.png"), "--photo", "--json").lines
    assert line["number"] == "?"
