"""The notebook's CNN in the notebook's manner: a bare Keras script, to measure this program against.

`python benchmarks/bare_keras.py FOLDER EPOCHS SEED` prints one JSON object; FOLDER holds MNIST's four IDX files.
"""

import gzip
import json
import sys
import time
from pathlib import Path

import keras
import numpy as np

MANNER = {"batch_size": 64, "validation_split": 0.1, "verbose": 0}
"""How the notebook's network is fitted."""


def read(path: Path) -> np.ndarray:
    """One gzipped IDX file."""
    content = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def read_pair(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The images (n, 28, 28, 1), from 0 to 1, and the labels (n,) of `train` or `t10k`."""
    images = read(folder / f"{name}-images-idx3-ubyte.gz").astype("float32")[..., None] / 255
    return images, read(folder / f"{name}-labels-idx1-ubyte.gz")


def build() -> keras.Model:
    """The notebook's network, compiled."""
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(folder: Path, epochs: int, seed: int) -> None:
    """Train, test, print."""
    keras.utils.set_random_seed(seed)
    train, test = (read_pair(folder, name) for name in ("train", "t10k"))
    model = build()
    started = time.perf_counter()
    model.fit(*train, epochs=epochs, **MANNER)
    fitting = time.perf_counter() - started
    accuracy = model.evaluate(*test, verbose=0)[1]
    print(json.dumps({"test_accuracy": accuracy, "fit_seconds": fitting, "parameters": model.count_params()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
