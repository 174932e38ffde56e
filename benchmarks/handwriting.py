"""How far digits of some parameters carry: what the usual ones, and the forms and their shares, were chosen by.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.handwriting KEY=VALUE …` trains the program's `cnn` on 30,000 generated
digits for four epochs (a minute on two cores) and prints how many of the last 20,000 MNIST *training* images it reads
right, of each digit, and how many of the pen strokes of each donor where `../shared/pen` is there. Differences below
half a point are chance. It also keeps a sheet of the images that were misread: by these, forms were added by hand.
"""

import gzip
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mnist_dash.data.dataset import CLASSES, Digits, scale_to_input
from mnist_dash.data.generator.parameters import Handwriting, parse_handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.pen_strokes import read_stroke_set
from mnist_dash.data.progress import silent
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.figures.digits import draw_sheet
from mnist_dash.figures.theme import load_palette
from mnist_dash.methods.spec import RunSpec
from mnist_dash.settings import Settings

COUNT, EPOCHS, SEED = 30_000, 4, 100
ASKED = 20_000
SHOWN = 288
PEN = Path(__file__).resolve().parents[2] / "shared" / "pen" / "strokes.jsonl.gz"


def main(words: Mapping[str, str]) -> None:
    """Train, ask and print."""
    real = open_dataset(Settings.from_environment(os.environ), "mnist").train
    asked = real.take(slice(len(real) - ASKED, None))
    answers = answer(parse_handwriting(words), [asked, *pen_strokes().values()])
    told = {"parameters": dict(words), "mnist_training_images": _shares(asked, answers[0])}
    told |= {donor: _shares(one, got) for (donor, one), got in zip(pen_strokes().items(), answers[1:], strict=True)}
    print(json.dumps(told, indent=1))
    wrong = np.flatnonzero(answers[0] != asked.labels)[:SHOWN]
    sheet = Path(tempfile.gettempdir()) / "misread.png"
    captions = [f"{asked.labels[i]} as {answers[0][i]}" for i in wrong]
    sheet.write_bytes(draw_sheet(asked.images[wrong], load_palette(dark=False), 24, captions=captions))
    print(f"{len(wrong)} misread images: {sheet}")


def pen_strokes() -> dict[str, Digits]:
    """The real pen strokes, drawn by the usual pen, by donor; none where they are not beside the project."""
    if not PEN.exists():
        return {}
    drawn = read_stroke_set((PEN,), silent).train
    with gzip.open(PEN) as lines:
        donors = np.array([json.loads(line)["donor"] for line in lines])
    whole = Digits(drawn.images, drawn.labels)
    return {str(donor): whole.take(donors == donor) for donor in np.unique(donors)}


def answer(handwriting: Handwriting, sets: list[Digits]) -> list[np.ndarray]:
    """What a network that has learnt from such digits alone reads in each set: labels (n,)."""
    import keras

    from mnist_dash.training.networks import build

    learnt = generate(COUNT, SEED, handwriting=handwriting)
    model = build(RunSpec.of("cnn", "generated"))
    rate = keras.optimizers.schedules.CosineDecay(0.001, EPOCHS * (COUNT // 64))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(scale_to_input(learnt.images), learnt.labels, batch_size=64, epochs=EPOCHS, verbose=0)
    return [model.predict(scale_to_input(one.images), verbose=0).argmax(axis=1) for one in sets]


def _shares(asked: Digits, answers: np.ndarray) -> dict[str, float]:
    right = answers == asked.labels
    each = {str(digit): round(float(right[asked.labels == digit].mean()), 4) for digit in range(CLASSES)}
    return {"all": round(float(right.mean()), 4)} | each


if __name__ == "__main__":
    main(dict(word.split("=", 1) for word in sys.argv[1:]))
