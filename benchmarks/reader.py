"""The method `reader` over seeds: what its runs read of MNIST, of MNIST-C and of people's hands.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER MNIST_DASH_STROKES=FILE python -m benchmarks.reader [--seeds N]`. Runs
stay in the home, so that what was cut off goes on where it was. Each is asked as by `benchmarks.hands`, after the
bundled detector, and without it. The strokes of people are among what it learns from; `benchmarks.left_out` says what
becomes of those of others.
"""

import os
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from itertools import takewhile
from statistics import mean
from typing import Any

from benchmarks import record
from benchmarks.hand_sets import SEED, Kind, load_hand_sets
from benchmarks.hands import describe, read
from benchmarks.kept_runs import train
from benchmarks.training import SEEDS, describe_seeds
from mnist_dash.data.store.reader_sets import open_or_make_reader_set
from mnist_dash.methods.registry import METHODS, READER
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.lookup import read_litert_model
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

WAYS = ("right", "without_refusal")


def main(seeds: int) -> None:
    """Train what is not trained yet, ask all, and write the result."""
    settings = Settings.from_environment(os.environ).prepare()
    learnt = open_or_make_reader_set(settings, READER)
    with open_database(settings) as database:
        runs = [train(settings, database, RunSpec.of(READER, READER, seed=seed)) for seed in SEEDS[:seeds]]
        files = [read_litert_model(database, run) for run in runs]
    networks = {str(seed): LiteRT(file) for seed, file in zip(SEEDS, files, strict=False)}
    detector, cutter = load_digit_detector(), load_bundled(DEFAULT)
    found: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in Kind if kind is not Kind.NO_DIGIT}
    # What is no digit comes last, and takes minutes to draw.
    for hand_set in takewhile(lambda drawn: drawn.kind is not Kind.NO_DIGIT, load_hand_sets()):
        row = describe(read(hand_set, networks, detector, cutter))
        shares = {way: describe_seeds([row[seed][way]["share"] for seed in networks]) for way in WAYS}
        found[hand_set.kind.value].append({"name": hand_set.name, "images": row["images"], **shares})
    record.write(
        "reader",
        {
            "seeds": list(SEEDS[:seeds]),
            "sketch_seed": SEED,
            "method": {"parameters": METHODS[READER].parameters, **METHODS[READER].defaults},
            "learnt": {"images": len(learnt.train), "origin": learnt.origin, "sha256": dict(learnt.sha256)},
            "bytes": [len(file) for file in files],
            "sets": found,
            "mnist_c_mean": _mean_of(found[Kind.CORRUPTED.value]),
        },
    )


def _mean_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean over sets for each seed, and its spread over seeds."""
    return {
        way: describe_seeds([mean(each) for each in zip(*(row[way]["each"] for row in rows), strict=True)])
        for way in WAYS
    }


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure what the method reader learns, over seeds.")
    arguments.add_argument("--seeds", type=int, choices=range(1, len(SEEDS) + 1), default=len(SEEDS))
    main(arguments.parse_args().seeds)
