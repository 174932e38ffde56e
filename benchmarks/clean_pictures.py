"""How many clean pictures of digits are read as the drawing itself is: any pen, sheet, margin, colour and kind of file.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.clean_pictures [PICTURES] [SEED]`. Digits are strokes that people wrote on
tablets (UNIPEN, `../shared/pen`), and MNIST's test images cut out by their box. Each is drawn in even light and goes
the way of the page, of `predict` and of an import. What the reader makes of the plain drawing is the most to expect.
To choose settings, name another seed, which takes MNIST's training images.
"""

import gzip
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import record
from benchmarks.numbers import answers
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Floats, Ink
from mnist_dash.data.dataset import Split
from mnist_dash.data.io.normalising import Polarity, centre
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.settings import Settings
from mnist_dash.sketch import pen
from mnist_dash.sketch.ink import read_ink

STROKES = Path(__file__).parents[1] / ".." / "shared" / "pen" / "strokes.jsonl.gz"
PICTURES = 100
"""Pictures of each kind."""
SEED = 2027
SIDES = 64, 2_000
"""Pixels of a sheet's side."""
PENS = 1, 40
"""Pixels of a pen's breadth."""
SHARES = 0.35, 0.9
"""The longer side of a digit as a share of the sheet's."""
BROADEST = 0.25
"""A pen is at most so broad, as a share of the digit's longer side."""
SMALL = 8, 28
GOAL = 0.99


class Kind(StrEnum):
    """How ink, paper and what is beyond them become pixels."""

    BLACK = "black on white"
    GREY = "grey on grey"
    CHALK = "white on black"
    COLOUR = "colours"
    JPEG = "JPEG"
    TRANSPARENT = "transparent, ink alone"
    CUT_OUT = "cut out wherever there is grey"
    SMALL = "8 to 28 pixels"
    MNIST = "MNIST's test images"


class Margin(StrEnum):
    """How much paper there is around the ink."""

    SHEET = "on a sheet"
    PIXEL = "one pixel of paper"
    NONE = "cut at the ink"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A digit: `ink` (h, w) finely drawn and `cover` (h, w), the share of each pixel of the picture that it covers."""

    label: int
    ink: Ink
    cover: Floats


def main(pictures: int, seed: int) -> None:
    """Read all kinds of pictures with all margins, and write the result."""
    reader = load_bundled(DEFAULT)
    counts: dict[str, dict[str, object]] = {}
    read = imported = expected = 0
    for kind in Kind:
        for margin in Margin:
            if kind is Kind.SMALL and margin is Margin.SHEET:
                continue
            rng = np.random.default_rng((seed, list(Kind).index(kind), list(Margin).index(margin)))
            split = Split.TEST if seed == SEED else Split.TRAIN
            found = count_read(list(_drawings(kind, margin, pictures, split, rng)), kind, rng, reader)
            counts[f"{kind.value}, {margin.value}"] = found
            expected, read, imported = (
                total + int(str(found[name]))
                for total, name in ((expected, "read_plain"), (read, "read"), (imported, "imported"))
            )
            print(f"{kind.value}, {margin.value}: {found}", file=sys.stderr)
    result: dict[str, object] = {
        "claim": f"of the digits read on the plain drawing, at least {GOAL:.0%} are read on clean pictures",
        "holds": min(read, imported) >= GOAL * expected,
        "seed": seed,
        "pictures": pictures * len(counts),
        "read": _share(read, expected),
        "imported": _share(imported, expected),
        "kinds": counts,
    }
    if (pictures, seed) == (PICTURES, SEED):
        record.write("clean_pictures", result)
    else:
        print(json.dumps({name: result[name] for name in ("holds", "read", "imported")}, indent=2))


def count_read(
    drawings: Sequence[Drawing], kind: Kind, rng: np.random.Generator, reader: Classifier
) -> dict[str, object]:
    """Of the digits that are read on the plain drawing, how many are read on the picture, and how many as imported."""
    plain = [drawing for drawing in drawings if _answer(drawing.ink, reader) == drawing.label]
    shown = [MAKE[kind](drawing.cover, rng) for drawing in plain]
    pairs = list(zip(plain, shown, strict=True))
    read = sum(_answer(read_ink(picture), reader) == drawing.label for drawing, picture in pairs)
    imported = sum(_answer_imported(picture, reader) == drawing.label for drawing, picture in pairs)
    return {"pictures": len(drawings), "read_plain": len(plain), "read": read, "imported": imported}


def _answer(ink: Ink, reader: Classifier) -> int | None:
    return int(answers([ink], reader).argmax()) if ink.any() else None


def _answer_imported(picture: Image.Image, reader: Classifier) -> int | None:
    image = centre(picture, Polarity.AUTO)
    return None if image is None else int(reader.probabilities(image[np.newaxis]).argmax())


def _share(right: int, count: int) -> dict[str, object]:
    return {"share": round(right / count, 4), "interval": [round(end, 4) for end in wilson_interval(right, count)]}


def _drawings(kind: Kind, margin: Margin, count: int, split: Split, rng: np.random.Generator) -> Iterator[Drawing]:
    if kind is Kind.MNIST:
        digits = open_dataset(Settings.from_environment(os.environ), "mnist").split(split)
        for i in rng.choice(len(digits), count, replace=False):
            yield _of_mnist(digits.images[i] / 255.0, int(digits.labels[i]), margin)
        return
    with gzip.open(STROKES, "rt") as file:
        rows = [json.loads(line) for line in file]
    for i in rng.choice(len(rows), count, replace=False):
        strokes = [np.asarray(stroke, float) for stroke in rows[i]["strokes"]]
        yield _drawn(int(rows[i]["label"]), strokes, kind, margin, rng)


def _of_mnist(cover: Floats, label: int, margin: Margin) -> Drawing:
    large = np.asarray(Image.fromarray(cover.astype(np.float32)).resize((280, 280), Image.Resampling.BICUBIC))
    return Drawing(label, large > 0.5, cover if margin is Margin.SHEET else _cropped(cover, margin))


def _drawn(label: int, strokes: Sequence[Floats], kind: Kind, margin: Margin, rng: np.random.Generator) -> Drawing:
    """Strokes with a longer side of 1,000, drawn several times finer than the picture and averaged."""
    side = int(np.exp(rng.uniform(*np.log(SIDES))))
    size = side * rng.uniform(*SHARES)
    breadth = float(np.exp(rng.uniform(np.log(PENS[0]), np.log(np.clip(BROADEST * size, 1.01, PENS[1])))))
    finer = 8 if side <= 256 else 4 if side <= 700 else 2
    points = [stroke * (size / 1000 * finer) for stroke in strokes]
    low, high = np.min([p.min(axis=0) for p in points], axis=0), np.max([p.max(axis=0) for p in points], axis=0)
    room = np.ceil((high - low) / finer + breadth).astype(int) + 1
    at = -low + breadth * finer / 2 + rng.uniform(0, finer, 2)
    width, height = (int(side) * finer for side in room)
    ink = pen.draw([p + at for p in points], width, height, breadth * finer)
    cover = ink.reshape(room[1], finer, room[0], finer).mean(axis=(1, 3))
    if kind is Kind.SMALL:
        return Drawing(label, ink, _small(cover, margin, rng))
    return Drawing(label, ink, _on_sheet(cover, side, rng) if margin is Margin.SHEET else _cropped(cover, margin))


def _small(cover: Floats, margin: Margin, rng: np.random.Generator) -> Floats:
    """A square of few pixels, as scikit-learn's digits are."""
    side = max(cover.shape)
    top, left = (side - cover.shape[0]) // 2, (side - cover.shape[1]) // 2
    square = np.zeros((side, side), np.float32)
    square[top : top + cover.shape[0], left : left + cover.shape[1]] = cover
    few = int(rng.integers(SMALL[0], SMALL[1] + 1))
    small = np.asarray(Image.fromarray(square).resize((few, few), Image.Resampling.BOX), np.float64)
    return np.pad(small / small.max(), 1 if margin is Margin.PIXEL else 0)


def _on_sheet(cover: Floats, side: int, rng: np.random.Generator) -> Floats:
    height, width = cover.shape
    sheet = np.zeros((max(side, height), max(side, width)))
    top, left = (int(rng.integers(0, room + 1)) for room in (sheet.shape[0] - height, sheet.shape[1] - width))
    sheet[top : top + height, left : left + width] = cover
    return sheet


def _cropped(cover: Floats, margin: Margin) -> Floats:
    rows, columns = np.flatnonzero((cover > 0).any(axis=1)), np.flatnonzero((cover > 0).any(axis=0))
    cut = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(cut, 1 if margin is Margin.PIXEL else 0)


def _between(cover: Floats, paper: Floats, ink: Floats) -> Image.Image:
    """Paper and ink as one grey level or three channels each."""
    return Image.fromarray(np.rint(np.squeeze(paper + (ink - paper) * cover[..., np.newaxis])).astype(np.uint8))


def _levels(paper: float, ink: float) -> Callable[[Floats, np.random.Generator], Image.Image]:
    return lambda cover, _rng: _between(cover, np.array([paper]), np.array([ink]))


def _grey(cover: Floats, rng: np.random.Generator) -> Image.Image:
    paper, apart = rng.uniform(120, 250), rng.uniform(60, 110)
    return _between(cover, np.array([paper]), np.array([paper - apart]))


def _coloured(cover: Floats, rng: np.random.Generator) -> Image.Image:
    return _between(cover, rng.uniform(190, 255, 3), rng.uniform(0, 120, 3))


def _jpeg(cover: Floats, rng: np.random.Generator) -> Image.Image:
    file = io.BytesIO()
    MAKE[Kind.BLACK](cover, rng).save(file, "JPEG", quality=int(rng.integers(40, 95)))
    return Image.open(file)


def _transparent(cover: Floats, rng: np.random.Generator) -> Image.Image:
    rgba = np.zeros((*cover.shape, 4), np.uint8)
    rgba[..., :3] = rng.integers(0, 256)
    rgba[..., 3] = np.rint(255 * cover)
    return Image.fromarray(rgba)


def _cut_out(cover: Floats, rng: np.random.Generator) -> Image.Image:
    rgba = np.zeros((*cover.shape, 4), np.uint8)
    rgba[..., :3] = np.rint(255 * (cover if rng.random() < 0.5 else 1 - cover))[..., np.newaxis]
    rgba[..., 3] = 255 * (cover > 0)
    return Image.fromarray(rgba)


MAKE: Mapping[Kind, Callable[[Floats, np.random.Generator], Image.Image]] = {
    Kind.BLACK: _levels(255, 0),
    Kind.GREY: _grey,
    Kind.CHALK: _levels(0, 255),
    Kind.COLOUR: _coloured,
    Kind.JPEG: _jpeg,
    Kind.TRANSPARENT: _transparent,
    Kind.CUT_OUT: _cut_out,
    Kind.SMALL: _levels(0, 255),
    Kind.MNIST: _levels(0, 255),
}


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    chosen, start = [*given, *(PICTURES, SEED)[len(given) :]]
    main(chosen, start)
