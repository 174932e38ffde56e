"""What a hundred digits of somebody's own teach the reader, and what it forgets.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.fine_tuning [DONOR …]`, with the pen strokes of
`../shared/pen`. The reader of `benchmarks.left_out` has not learnt from a donor; where its run is not in the home, it
is trained first, which takes a quarter of an hour. It is fine-tuned as the method `fine_tuned` does on 100 digits of
that donor, three draws, and reads the donor's other digits and MNIST's test images, before and after. The time is that
of the whole command, with the bundled reader. Settings were chosen with the start `generated`, on MNIST's training
images held out.
"""

import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from itertools import takewhile
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks import record
from benchmarks.hand_sets import HandSet, Kind, load_hand_sets
from benchmarks.kept_runs import train
from benchmarks.left_out import EPOCHS, write_others
from benchmarks.training import SEEDS
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.reader_set.build import hold_out
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.reader_sets import make_reader_set
from mnist_dash.methods.registry import READER
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.lookup import read_litert_model
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.training.first_weights import take_weights
from mnist_dash.training.learning_curve import train_network
from mnist_dash.training.networks import build, loss_of
from mnist_dash.training.scoring import Scorer

LEARNT = 100


def main(donors: list[str]) -> None:
    """Measure each donor, then the time, and write the result."""
    settings = Settings.from_environment(os.environ).prepare()
    mnist = open_dataset(settings, "mnist")
    pen = takewhile(lambda drawn: drawn.kind is Kind.PEN, load_hand_sets())
    sets = {drawn.name: _take_inked(drawn) for drawn in pen}
    with open_database(settings) as database:
        found = {
            donor: measure(donor, sets[donor], _find_start(settings, database, donor), mnist)
            for donor in donors or sorted(sets)
        }
    rows = [row for each in found.values() for row in each]
    record.write(
        "fine_tuning",
        {
            "claim": "errors on the donor's other digits halved, MNIST loses 0.1 points at most, in 60 s at most",
            "learnt": LEARNT,
            "seeds": SEEDS,
            "start_epochs": EPOCHS[READER],
            "method": RunSpec.of("fine_tuned", "own").to_fields(),
            "errors_left": round(mean(row["after"] for row in rows) / mean(row["before"] for row in rows), 3),
            "mnist_points_lost": round(100 * mean(row["mnist_before"] - row["mnist_after"] for row in rows), 3),
            "seconds": time_command(settings, sets[next(iter(found))]),
            "donors": found,
        },
    )


def measure(donor: str, digits: Digits, start: bytes, mnist: Dataset) -> list[dict[str, Any]]:
    """Errors as shares, of the donor's other digits and of the test images, before and after, for each draw."""
    rows = []
    for seed in SEEDS:
        order = np.random.default_rng([seed, LEARNT]).permutation(len(digits))
        others = digits.take(order[LEARNT:])
        spec = RunSpec.of("fine_tuned", "own", seed=seed, validation_split=0.0)
        network = build(spec)
        take_weights(network, start)
        scorer = Scorer(network, loss_of(spec))
        before = scorer.score(others).accuracy, scorer.score(mnist.test).accuracy
        train_network(spec, digits.take(order[:LEARNT]), hold_out(mnist.train)[0], network)
        after = scorer.score(others).accuracy, scorer.score(mnist.test).accuracy
        row = {"seed": seed, "others": len(others), "before": round(1 - before[0], 5), "after": round(1 - after[0], 5)}
        rows.append(row | {"mnist_before": round(before[1], 5), "mnist_after": round(after[1], 5)})
        print(donor, rows[-1], file=sys.stderr)
    return rows


def time_command(settings: Settings, digits: Digits) -> float:
    """Seconds of `train fine_tuned` on 100 digits, from the command to its figures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Settings(home=Path(folder), data=settings.data).prepare()
        few = digits.take(slice(0, LEARNT))
        named_sets.save(home, "own", Dataset("own", few, digits.take(slice(LEARNT, 2 * LEARNT)), "own digits"))
        environ = {**os.environ, "MNIST_DASH_HOME": folder}
        line = [sys.executable, "-m", "mnist_dash", "train", "fine_tuned", "--data", "own", "--json"]
        started = time.perf_counter()
        subprocess.run(line, env=environ, stdout=subprocess.DEVNULL, check=True)
        return round(time.perf_counter() - started, 1)


def _find_start(settings: Settings, database: Database, donor: str) -> bytes:
    """The reader that has not learnt from the donor."""
    name = f"without-{donor}"
    if name not in named_sets.names(settings):
        with tempfile.TemporaryDirectory() as folder:
            make_reader_set(settings, name, write_others(donor, Path(folder)))
    run = train(settings, database, RunSpec.of(READER, name, epochs=EPOCHS[READER], seed=SEEDS[0]))
    return read_litert_model(database, run)


def _take_inked(drawn: HandSet) -> Digits:
    inked = drawn.images.any(axis=(1, 2))
    return Digits(drawn.images[inked], drawn.labels[inked])


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure what fine-tuning on own digits teaches, and what is forgotten.")
    arguments.add_argument("donors", nargs="*", metavar="DONOR", help="all of them by default")
    main(arguments.parse_args().donors)
