"""Pictures of several digits are read line by line, for people and for programs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.cli.numbers import describe_line, read_lines
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.models.bundled import DEFAULT, DIGIT_OR_NOT, load_bundled, read_bundled_file
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import DigitDetector
from tests.cli.conftest import Ask


@pytest.fixture(scope="module")
def written() -> Digits:
    digits = generate(40, 1)
    return digits.take(np.flatnonzero(~np.isin(digits.labels, (4, 1)))[:6])


@pytest.fixture
def page(written: Digits, tmp_path: Path) -> Path:
    """Two lines of three digits, dark on light paper."""
    lines = [np.concatenate(list(written.images[at : at + 3]), axis=1) for at in (0, 3)]
    sheet = np.pad(np.concatenate([np.pad(line, ((8, 24), (0, 0))) for line in lines]), 12)
    path = tmp_path / "page.png"
    Image.fromarray(255 - sheet).resize((sheet.shape[1] * 6, sheet.shape[0] * 6), Image.Resampling.BICUBIC).save(path)
    return path


def test_a_photo_is_read_line_by_line(ask: Ask, page: Path, written: Digits) -> None:
    lines = ask("predict", str(page), "--photo", "--json").lines
    labels = "".join(map(str, written.labels.tolist()))
    assert [(line["line"], line["number"]) for line in lines] == [(1, labels[:3]), (2, labels[3:])]
    for line in lines:
        assert (line["file"], line["reason"]) == (str(page), None)
        assert np.array(line["boxes"]).shape == (3, 4)
        assert np.allclose(np.sum(line["probabilities"], axis=1), 1, atol=1e-3)


def test_a_number_is_one_line_and_a_sentence_for_people(ask: Ask, written: Digits, tmp_path: Path) -> None:
    path = tmp_path / "number.png"
    Image.fromarray(np.concatenate(list(written.images[:4]), axis=1)).resize((672, 168)).save(path)
    answer = ask("predict", str(path), "--number")
    assert (answer.status, answer.out.strip()) == (
        0,
        f"{path}, line 1: {''.join(map(str, written.labels[:4].tolist()))}",
    )


def test_a_broken_or_blank_picture_does_not_keep_the_others_from_being_read(
    ask: Ask, page: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"broken")
    Image.new("L", (80, 80), 255).save(tmp_path / "blank.png")
    words = ("predict", "--photo", str(tmp_path / "broken.png"), str(tmp_path / "blank.png"))
    answer = ask(*words, str(page))
    broken, blank, *lines = answer.out.splitlines()
    assert (answer.status, len(lines)) == (0, 2)
    assert "cannot be read as a picture" in broken
    assert blank.endswith("not read. There is no digit in it: no ink was found.")
    assert "None of 2 images was read" in ask(*words).err


def test_a_picture_is_taken_one_way(ask: Ask, page: Path) -> None:
    answer = ask("predict", str(page), "--photo", "--as-is")
    assert answer.status == 2
    assert "not allowed with argument" in answer.err


def test_an_unusual_form_is_told_for_each_digit(page: Path) -> None:
    reader, network = load_bundled(DEFAULT), LiteRT(read_bundled_file(DIGIT_OR_NOT))
    for usual, word in ((1.1, " (unusual: "), (0.0, "")):
        detector = DigitDetector(network, 0.0, usual)
        first, _ = read_lines(reader, detector, make_cut_confidence(reader, detector), page, one_line=False)
        assert first.number
        assert first.unusual == [bool(word)] * 3
        told = describe_line(first)
        assert told.endswith(first.number if not word else f"{first.number[2]} at place 3)"), told
        assert word in told
