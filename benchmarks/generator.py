"""How fast the generator is, and how far its digits carry: who learns from them alone reads real ones.

MNIST_DASH_DATA=FOLDER python -m benchmarks.generator

Real digits are MNIST training images: the test set takes no part in any choice about the generator.
"""

import os
import time
import warnings

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.neighbors import KNeighborsClassifier  # type: ignore[import-untyped]
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]

from benchmarks import record
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings

TIMED = 10_000
LEARNED = 5_000
READ = 10_000
SEEDS = (0, 1, 2)


def main() -> None:
    """Time 10,000 digits, then read real digits by generated ones and the reverse."""
    real = open_dataset(Settings.from_environment(os.environ), "mnist").train
    started = time.process_time()
    generate(TIMED, 0)
    seconds = time.process_time() - started
    asked, known = real.take(slice(0, READ)), real.take(slice(READ, READ + LEARNED))
    carried = [round(neighbours(generate(LEARNED, seed), asked), 4) for seed in SEEDS]
    result = {
        "claim": f"{TIMED:,} digits in under 8 s on one core; nearest neighbours read over 85 % of real digits",
        "holds": seconds < 8 and min(carried) > 0.85,
        "seconds": round(seconds, 2),
        "digits_per_second": round(TIMED / seconds),
        "learned": LEARNED,
        "read": READ,
        "seeds": SEEDS,
        "neighbours_generated_to_real": carried,
        "perceptron_generated_to_real": [round(perceptron(generate(LEARNED, s), asked, s), 4) for s in SEEDS],
        "neighbours_real_to_real": round(neighbours(known, asked), 4),
        "neighbours_real_to_generated": [round(neighbours(known, generate(LEARNED, s)), 4) for s in SEEDS],
    }
    record.write("generator", result)


def neighbours(known: Digits, asked: Digits) -> float:
    """Accuracy of the three nearest neighbours, weighted by distance, by raw pixels."""
    model = KNeighborsClassifier(3, weights="distance").fit(_rows(known), known.labels)
    return float(model.score(_rows(asked), asked.labels))


def perceptron(known: Digits, asked: Digits, seed: int) -> float:
    """Accuracy of a network with one hidden layer of 128 after 15 epochs."""
    model = MLPClassifier((128,), alpha=1e-3, max_iter=15, n_iter_no_change=15, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fifteen epochs are meant
        model.fit(_rows(known), known.labels)
    return float(model.score(_rows(asked), asked.labels))


def _rows(digits: Digits) -> npt.NDArray[np.float32]:
    return digits.images.reshape(len(digits), -1).astype(np.float32) / np.float32(255)


if __name__ == "__main__":
    main()
