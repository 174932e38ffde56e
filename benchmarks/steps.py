"""Where the time of a training step goes, and what ideas for a faster one bring: processor time, in turns.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.steps`. Each variant learns from the same STEPS batches of `cnn` in one
compiled chunk, ROUNDS times in turns with the others. `as_it_is` is the loop of the program; `bare` computes forward
and backward alone, without optimizer, learning rate or figures of the batches: what no engine around it can save.
`bytes` are scaled in the graph instead of before.
"""

import os
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import tensorflow as tf

from benchmarks import record
from mnist_dash.data.dataset import scale_to_input
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.settings import Settings
from mnist_dash.training.batch_loader import UNTOLD
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import IMAGES, LABELS, TOLD, build, loss_of

STEPS, ROUNDS, RATE = 30, 7, 0.001
SPEC = RunSpec.of("cnn", "mnist")
SIZE = SPEC.batch_size
RATES = tf.fill([STEPS], RATE)
Learn = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def as_it_is() -> Learn:
    """The loop of the program."""
    trainer = Trainer(build(SPEC), loss_of(SPEC), SIZE)
    return lambda images, labels: trainer._chunk(tf.constant(scale_to_input(images)), labels, UNTOLD, RATES)[0]


def bytes_in() -> Learn:
    """Images as bytes, scaled batch by batch in the graph."""
    trainer = Trainer(build(SPEC), loss_of(SPEC), SIZE)
    step = trainer._step
    trainer._step = lambda images, *rest: step(tf.cast(images, tf.float32) / 255, *rest)  # type: ignore[method-assign]
    signature = [tf.TensorSpec(IMAGES.shape, tf.uint8), LABELS, TOLD, tf.TensorSpec([None], tf.float32)]
    chunk = tf.function(trainer._steps, input_signature=signature, autograph=False)
    return lambda images, labels: chunk(tf.constant(images[..., None]), labels, UNTOLD, RATES)[0]


def bare() -> Learn:
    """Forward and backward alone: nothing is learnt."""
    model, loss = build(SPEC), loss_of(SPEC)

    def steps(images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        def step(i: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            batch = slice(i * SIZE, (i + 1) * SIZE)
            with tf.GradientTape() as tape:
                value = loss(labels[batch], model(images[batch], training=True))
            gradients = tape.gradient(value, model.trainable_variables)
            # All of them are wanted, or the graph would leave them out.
            return i + 1, total + value + sum(tf.reduce_sum(gradient) for gradient in gradients)

        return tf.while_loop(lambda i, _: i < STEPS, step, (0, 0.0))[1]

    chunk = tf.function(steps, input_signature=[IMAGES, LABELS], autograph=False)
    return lambda images, labels: chunk(tf.constant(scale_to_input(images)), labels)


VARIANTS = {"as_it_is": as_it_is, "bytes": bytes_in, "bare": bare}


def main() -> None:
    """Learn in turns and write the result."""
    digits = open_dataset(Settings.from_environment(os.environ)).train.take(slice(STEPS * SIZE))
    labels = tf.constant(digits.labels.astype(np.int32))
    learners = {name: make() for name, make in VARIANTS.items()}
    first = {name: learn(digits.images, labels).numpy() for name, learn in learners.items()}
    seconds: dict[str, list[float]] = {name: [] for name in learners}
    for _ in range(ROUNDS):
        for name, learn in learners.items():
            began = time.process_time()
            learn(digits.images, labels).numpy()
            seconds[name].append((time.process_time() - began) / STEPS)
    ratios = {
        name: median(one / other for one, other in zip(took, seconds["as_it_is"], strict=True))
        for name, took in seconds.items()
    }
    apart = float(np.abs(first["bytes"] - first["as_it_is"]).max())
    milliseconds = {name: 1000 * median(took) for name, took in seconds.items()}
    result = {"steps": STEPS, "rounds": ROUNDS, "batch": SIZE, "processor_ms_a_step": milliseconds, "ratios": ratios}
    record.write("steps", result | {"losses_apart": apart, "load": os.getloadavg()[0]})


if __name__ == "__main__":
    main()
