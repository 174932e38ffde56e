"""How well both bundled models read other people's digits, set by set and digit by digit, as the page Models shows it.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.elsewhere`. MNIST's test images; both files of optdigits, of 30 and of 13
other people in Turkey; and, beside the project, the digits of a Romanian (`../shared/hands/paper_digits.zip`) and the
pen strokes of people at four institutions (UNIPEN, `../shared/pen`), from which the reader has learnt. All are brought
by an import as anybody brings them; nothing is refused, as everywhere on that page.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.hand_sets import STROKES
from benchmarks.real_photos import HANDS
from mnist_dash.analysis.answers import ask_about
from mnist_dash.analysis.elsewhere import choose_part, count_right
from mnist_dash.analysis.evaluated_images import take_part
from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.named_sets import OPTDIGITS, compute_checksums
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.models.registry.learnt import find_learnt, has_learnt
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

MODELS = ("reader", "cnn")


def load_sets(settings: Settings) -> Iterator[tuple[str, Dataset]]:
    """Each set under its name; what is read of it are its test images, or all where it has none."""
    yield "mnist", open_dataset(settings, "mnist")
    optdigits = open_dataset(settings, OPTDIGITS)
    none = optdigits.test.take(slice(0))
    yield "optdigits_windep", optdigits
    yield "optdigits_tra", compute_checksums(replace(optdigits, test=none))
    for name, path in (("paper_digits", HANDS / "paper_digits.zip"), ("pen_strokes", STROKES)):
        yield name, _bring(path)


def _bring(path: Path) -> Dataset:
    return compute_checksums(read_dataset([path], ReadingOptions(holdout=Holdout.NONE)).dataset)


def measure(database: Database, data: Dataset) -> dict[str, Any]:
    """What each model reads of a set, in all and of each digit."""
    images = take_part(data, choose_part(data))
    found: dict[str, Any] = {"images": len(images), "of": str(images.split)}
    for model in MODELS:
        answers = ask_about(load_bundled(model), images)
        learnt = find_learnt(database, find_answering(database, model), lambda _: None)
        counts = count_right(evaluate(answers.probabilities, answers.labels))
        found[model] = {
            "learnt_from": has_learnt(learnt, data, Split(images.split)),
            **{digit: _share(right, count) for digit, count, right in counts},
        }
    return found


def _share(right: int, images: int) -> dict[str, Any]:
    low, high = wilson_interval(right, images)
    return {"images": images, "share": round(right / images, 4), "interval": [round(low, 4), round(high, 4)]}


def main() -> None:
    """Measure all and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MNIST_DASH_HOME"] = folder
        settings = Settings.from_environment(os.environ).prepare()
        with open_database(settings) as database:
            sets = {name: measure(database, data) for name, data in load_sets(settings)}
    record.write("elsewhere", {"models": list(MODELS), "sets": sets})


if __name__ == "__main__":
    main()
