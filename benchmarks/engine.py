"""What TensorFlow's settings bring to a step: processor time, each setting in processes of its own, in turns.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.engine`. In each of ROUNDS every setting of the environment learns STEPS
batches of each method in one compiled chunk, TIMES times, as a run does; the median of a process counts, and of those
the ratio to the process of the same round without a setting.
"""

import json
import os
import subprocess
import sys
import time
from statistics import median

from benchmarks import record

STEPS, TIMES, ROUNDS = 30, 5, 3
SETTINGS = {
    "as_it_is": {},
    "without_onednn": {"TF_ENABLE_ONEDNN_OPTS": "0"},
    "blocked_layout": {"TF_ENABLE_MKL_NATIVE_FORMAT": "0"},
    "one_operation_at_a_time": {"TF_NUM_INTEROP_THREADS": "1"},
    "larger_kernel_cache": {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "4096"},
}
METHODS = ("fast", "cnn", "tiny")


def learn() -> dict[str, float]:
    """Milliseconds of processor time that a step of each method takes in this process."""
    import tensorflow as tf

    from mnist_dash.data.dataset import scale_to_input
    from mnist_dash.data.store.catalog import open_dataset
    from mnist_dash.methods.spec import RunSpec
    from mnist_dash.settings import Settings
    from mnist_dash.training.batch_loader import UNTOLD
    from mnist_dash.training.loop import Trainer
    from mnist_dash.training.networks import build, loss_of

    train, found = open_dataset(Settings.from_environment(os.environ)).train, {}
    for method in METHODS:
        spec = RunSpec.of(method, "mnist")
        digits = train.take(slice(STEPS * spec.batch_size))
        images, labels = tf.constant(scale_to_input(digits.images)), tf.constant(digits.labels.astype("int32"))
        trainer, rates, took = Trainer(build(spec), loss_of(spec), spec.batch_size), tf.fill([STEPS], 0.001), []
        for _ in range(1 + TIMES):
            began = time.process_time()
            trainer._chunk(images, labels, UNTOLD, rates)[0].numpy()
            took.append(1_000 * (time.process_time() - began) / STEPS)
        # The first chunk is compiled.
        found[method] = median(took[1:])
    return found


def ask(setting: dict[str, str]) -> dict[str, float]:
    """What a process with that setting measures."""
    command = [sys.executable, "-m", "benchmarks.engine", "--learn"]
    done = subprocess.run(command, env={**os.environ, **setting}, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Ask all settings in turns and write the result."""
    rounds = [{name: ask(setting) for name, setting in SETTINGS.items()} for _ in range(ROUNDS)]
    ratios = {
        name: {method: median(each[name][method] / each["as_it_is"][method] for each in rounds) for method in METHODS}
        for name in SETTINGS
    }
    milliseconds = {method: median(each["as_it_is"][method] for each in rounds) for method in METHODS}
    result = {"steps": STEPS, "rounds": ROUNDS, "settings": SETTINGS, "processor_ms_a_step": milliseconds}
    record.write("engine", result | {"ratios": ratios, "load": os.getloadavg()[0]})


if __name__ == "__main__":
    if sys.argv[1:] == ["--learn"]:
        print(json.dumps(learn()))
    else:
        main()
