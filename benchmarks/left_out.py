"""How the reader reads a donor whose strokes it has not learnt from: one network and one detector for each left out.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.left_out [DONOR …] [--seeds N] [--epochs N]`. Sets
and runs stay in the home under the donor's name, so that what was cut off goes on where it was. Each network is the
method `reader`, trained for fewer epochs than the bundled one; digits are drawn, refused and read as by
`benchmarks.hands`, and a refusal is an error. The forms of the generator were drawn with all donors in sight, which no
network can forget.
"""

import gzip
import json
import os
import tempfile
from argparse import ArgumentParser
from itertools import takewhile
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks import record
from benchmarks.bundle_model import describe_detector
from benchmarks.detector_set import make_detector_set
from benchmarks.hand_sets import STROKES, HandSet, Kind, load_hand_sets
from benchmarks.hands import describe, read
from benchmarks.kept_runs import train
from mnist_dash.data.reader_set.build import hold_out
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.reader_sets import make_reader_set
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import READER
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DIGIT_OR_NOT, read_card
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.lookup import read_litert_model
from mnist_dash.models.rejection import DigitDetector
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

EPOCHS = {READER: 8, DIGIT_OR_NOT: 4}
SEEDS = 1


def main(donors: list[str], seeds: int, epochs: int) -> None:
    """Train what is not trained yet, and write what all donors that are done so far give."""
    settings = Settings.from_environment(os.environ).prepare()
    # Pen strokes come first, and all else takes ten minutes to draw.
    sets = {drawn.name: drawn for drawn in takewhile(lambda drawn: drawn.kind is Kind.PEN, load_hand_sets())}
    with open_database(settings) as database:
        found = {
            donor: [measure(settings, database, sets[donor], seed, epochs) for seed in range(seeds)]
            for donor in donors or sorted(sets)
        }
    shares = {donor: mean(row["reader"]["right"]["share"] for row in rows) for donor, rows in found.items()}
    result = {"seeds": list(range(seeds)), "epochs": {READER: epochs, DIGIT_OR_NOT: EPOCHS[DIGIT_OR_NOT]}}
    record.write("left_out", result | {"worst": min(shares, key=shares.__getitem__), "mean": shares, "donors": found})


def measure(settings: Settings, database: Database, drawn: HandSet, seed: int, epochs: int) -> dict[str, Any]:
    """What networks that have not learnt from a donor make of that donor's digits, all and by their label."""
    donor = drawn.name
    reader_set, detector_set = f"without-{donor}", f"detector-without-{donor}"
    if reader_set not in named_sets.names(settings):
        with tempfile.TemporaryDirectory() as folder:
            make_reader_set(settings, reader_set, write_others(donor, Path(folder)))
    if detector_set not in named_sets.names(settings):
        make_detector_set(settings, reader_set, detector_set)
    run = train(settings, database, RunSpec.of(READER, reader_set, epochs=epochs, seed=seed))
    card = read_card(DIGIT_OR_NOT).spec
    changes: dict[str, Value] = {name: card[name] for name in RunSpec.of("custom", "").parameters if name in card}
    changes |= {"epochs": EPOCHS[DIGIT_OR_NOT], "seed": seed}
    network = train(settings, database, RunSpec.of("custom", detector_set, **changes))
    _, validation = hold_out(open_dataset(settings, "mnist").train)
    beside, asked = LiteRT(read_litert_model(database, run)), LiteRT(read_litert_model(database, network))
    detector = DigitDetector(asked, describe_detector(asked, validation, beside)["threshold"], reader=beside)
    reading = read(drawn, {READER: beside}, detector, beside)
    digits = {str(digit): describe(reading.take(reading.labels == digit)) for digit in (0, 1)}
    return {"seed": seed, **describe(reading), "digits": digits}


def write_others(donor: str, folder: Path) -> Path:
    """The strokes of everybody else, as a file."""
    path = folder / "strokes.jsonl"
    with gzip.open(STROKES, "rt", encoding="utf-8") as file:
        path.write_text("".join(line for line in file if json.loads(line)["donor"] != donor), encoding="utf-8")
    return path


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure how digits of donors left out are read.")
    arguments.add_argument("donors", nargs="*", metavar="DONOR", help="all of them by default")
    arguments.add_argument("--seeds", type=int, default=SEEDS)
    arguments.add_argument("--epochs", type=int, default=EPOCHS[READER])
    asked = arguments.parse_args()
    main(asked.donors, asked.seeds, asked.epochs)
