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


def read(path: Path) -> np.ndarray:
    """One gzipped IDX file."""
    content = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def main(folder: Path, epochs: int, seed: int) -> None:
    """Train, test, print."""
    keras.utils.set_random_seed(seed)
    x_train = read(folder / "train-images-idx3-ubyte.gz").astype("float32")[..., None] / 255
    y_train = read(folder / "train-labels-idx1-ubyte.gz")
    x_test = read(folder / "t10k-images-idx3-ubyte.gz").astype("float32")[..., None] / 255
    y_test = read(folder / "t10k-labels-idx1-ubyte.gz")
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
    started = time.perf_counter()
    model.fit(x_train, y_train, batch_size=64, epochs=epochs, validation_split=0.1, verbose=0)
    fitting = time.perf_counter() - started
    accuracy = model.evaluate(x_test, y_test, verbose=0)[1]
    print(json.dumps({"test_accuracy": accuracy, "fit_seconds": fitting, "parameters": model.count_params()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
