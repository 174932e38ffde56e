"""The command that evaluates models; a page starts it as a process of its own and reads its progress."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from dataclasses import asdict
from functools import partial
from pathlib import Path

from mnist_dash.analysis.answers import ask_about, evaluate_corrected
from mnist_dash.analysis.evaluated_images import Part, take_part
from mnist_dash.analysis.evaluation import Evaluation, evaluate
from mnist_dash.analysis.paired import compare_answers
from mnist_dash.cli.sets import find_named_set, open_named_set
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import within
from mnist_dash.errors import SpecError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.preparation_search import RANDOM
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.lookup import find_run, open_model
from mnist_dash.models.registry.run_names import is_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.words import certainty, interval, percent

SUFFIXES = (".csv", ".npz")
_OPENED = 0.1
"""The share of the work that opening the data set and the model is."""


def describe(parser: ArgumentParser) -> None:
    """Add what `evaluate` takes."""
    parser.add_argument(
        "model", metavar="MODEL", help="bundled, imported, a run's number, or a .keras, .h5 or .tflite file"
    )
    parser.add_argument("--data", metavar="NAME", help="a data set by its name; `data --list` has all")
    parser.add_argument("--split", default=str(Part.TEST), choices=list(map(str, Part)), help="default: test")
    parser.add_argument("--against", metavar="MODEL", help="another model on the same images, by McNemar's test")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.csv", help="write the answer to each image; or FILE.npz, as arrays"
    )
    parser.add_argument("--divided-by", metavar="MODEL", help=SUPPRESS)
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def evaluate_model(settings: Settings, asked: Namespace) -> None:
    """Figures of a model on some images, and against another model."""
    if asked.out and asked.out.suffix.lower() not in SUFFIXES:
        raise SpecError(f"Answers were to be written to {asked.out.name!r}; allowed are .csv and .npz files.")
    watch = print_progress_lines() if asked.progress else show_progress
    dataset = open_named_set(settings, asked.data, within(watch, 0, _OPENED / 2))
    part, find_data = Part(asked.split), partial(find_named_set, settings)
    with open_database(settings) as database:
        images = take_part(dataset, part, _spec_of(database, asked.divided_by or asked.model))
        answers = ask_about(open_model(database, asked.model, find_data), images, within(watch, _OPENED, 1))
        result = evaluate(answers.probabilities, answers.labels)
        # The same images for both: those that the first one's run has set aside.
        other = open_model(database, asked.against, find_data) if asked.against else None
    paired = None
    if other is not None:
        paired = compare_answers(answers.probabilities, ask_about(other, images, watch).probabilities, answers.labels)
    corrected = evaluate_corrected(dataset, images.split, answers)
    if asked.out:
        write(asked.out, answers.to_csv() if asked.out.suffix.lower() == ".csv" else answers.to_npz())
    if asked.progress:
        print_result(images=result.images)
    elif asked.json:
        told = {"model": asked.model, "data": dataset.name, "split": part} | asdict(result)
        told |= {"corrected": asdict(corrected) if corrected else None}
        say(json.dumps(told | ({"against": asked.against} | asdict(paired) if paired else {})))
    else:
        _say_figures(asked, dataset, result, corrected)
        if paired:
            say(paired.describe(asked.model, asked.against))


def _spec_of(database: Database, name: str) -> RunSpec | None:
    return find_run(database, name).spec if is_run(name) else None


def _say_figures(asked: Namespace, dataset: Dataset, result: Evaluation, corrected: Evaluation | None) -> None:
    kind = {Part.TEST: "test", Part.VALIDATION: "validation", Part.TRAIN: "training"}[Part(asked.split)]
    say(f"{asked.model} on {dataset.name}: {percent(result.accuracy)} of {result.images:,} {kind} images right")
    say(interval(*result.interval))
    say(
        f"loss {result.loss:.4f}, right among its two likeliest {percent(result.top2)}, certainty off by "
        f"{certainty(result.calibration_error)}"
    )
    if corrected:
        say(f"{percent(corrected.accuracy)} of {corrected.images:,} by the labels that people corrected")
    if result.accuracy < RANDOM and Path(asked.model).suffix:
        say(f"Its answers look random. `import-model {asked.model}` tries what it may need.", error=True)
    say("digit  images  precision     recall         f1")
    for row in result.per_class:
        shares = "  ".join(f"{percent(share):>9}" for share in (row.precision, row.recall, row.f1))
        say(f"{row.digit:5}  {row.images:6,}  {shares}")
