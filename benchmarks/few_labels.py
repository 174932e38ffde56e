"""What is learnt from 10, 100 and 1,000 of MNIST's training digits, alone and by a network that knows generated ones.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.few_labels [--draws N] [--validation]`. Each draw
takes other digits, the same number of each. Alone, the recipe is that of Train for few images
(`methods.few_images`); with generated digits, the method `fine_tuned` begins with the bundled network `generated`,
which has seen no real digit, and replays generated ones. What is known already stays in the home, so that what was cut
off goes on where it was. With `--validation` held-out training images are read instead of the test images, and nothing
is recorded: by those the recipes were chosen.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from statistics import mean, median, stdev

from benchmarks import record
from mnist_dash import files
from mnist_dash.analysis.learning_curve import Task, Way, make_spec
from mnist_dash.analysis.seeds import student_interval
from mnist_dash.data.dataset import Digits
from mnist_dash.data.reader_set.build import hold_out
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings
from mnist_dash.training.learning_curve import measure_point

DRAWS = 20
COUNTS = 10, 100, 1_000
WAYS = {"alone": Way.VARIED, "with_generated": Way.GENERATED}
AT_LEAST = {10: (0.70, 0.975), 100: (0.92, 0.98), 1_000: (0.98, 0.989)}
"""The goal for each count, alone and with generated digits."""


def main(draws: int, *, validation: bool) -> None:
    """Learn what is not known yet, and write what all draws give."""
    settings = Settings.from_environment(os.environ).prepare()
    mnist = open_dataset(settings, "mnist")
    learnt, held_out = hold_out(mnist.train) if validation else (mnist.train, mnist.test)
    kept = settings.home / f"few_labels{'_validation' if validation else ''}.json"
    known: dict[str, dict[str, float]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for seed in range(draws):
        for images in COUNTS:
            for name, way in WAYS.items():
                key = f"{name} {images} {seed}"
                if key not in known:
                    known[key] = measure(Task(seed, images, way), learnt, held_out)
                    with files.whole(kept) as file:
                        file.write(json.dumps(known).encode())
                    print(key, known[key], file=sys.stderr, flush=True)
    found = {
        name: {str(images): describe([known[f"{name} {images} {seed}"] for seed in range(draws)]) for images in COUNTS}
        for name in WAYS
    }
    result = {
        "claim": {str(images): dict(zip(WAYS, least, strict=True)) for images, least in AT_LEAST.items()},
        "draws": draws,
        "methods": {
            name: {str(images): make_spec(Task(0, images, way)).to_fields() for images in COUNTS}
            for name, way in WAYS.items()
        },
        "accuracy": found,
    }
    if validation:
        print(json.dumps(found, indent=2))
    else:
        record.write("few_labels", result)


def measure(task: Task, learnt: Digits, asked: Digits) -> dict[str, float]:
    """The share of the images asked about that is read right, and the seconds that learning and reading took."""
    started = time.perf_counter()
    point = measure_point(task, learnt, asked, asked.take(slice(0, 0)), None)
    return {"accuracy": point.test / len(asked), "seconds": round(time.perf_counter() - started, 1)}


def describe(draws: list[dict[str, float]]) -> dict[str, object]:
    """Mean, 95 % interval of it and spread over draws, the worst draw, and the median of seconds."""
    shares = [draw["accuracy"] for draw in draws]
    several = len(shares) > 1
    return {
        "mean": round(mean(shares), 5),
        "interval": [round(end, 5) for end in student_interval(shares)[1:]] if several else None,
        "spread": round(stdev(shares), 5) if several else None,
        "worst": round(min(shares), 5),
        "seconds": round(median(draw["seconds"] for draw in draws), 1),
    }


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure what is learnt from few labels.")
    arguments.add_argument("--draws", type=int, default=DRAWS)
    arguments.add_argument("--validation", action="store_true", help="read held-out training images")
    asked = arguments.parse_args()
    main(asked.draws, validation=asked.validation)
