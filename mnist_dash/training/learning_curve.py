"""Learns from some digits without a run, for whoever wants to know how well that goes and nothing else."""

from collections.abc import Callable

import keras
import numpy as np

from mnist_dash.analysis.learning_curve import Point, Task, make_spec, order_digits
from mnist_dash.arrays import Probabilities
from mnist_dash.data.dataset import Digits
from mnist_dash.methods.schedule import compute_rates
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from mnist_dash.training.epoch_images import EpochImages
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import build, loss_of, reseed
from mnist_dash.training.scoring import Scorer

Ask = Callable[[Digits], Probabilities]
"""Who answers with probabilities (n, 10)."""


def measure_point(task: Task, learnt: Digits, test: Digits, own: Digits, known: Digits | None) -> Point:
    """Learn from the task's part of `learnt`, and count what is read right of `test` images and left out `own` digits.

    `known` are MNIST's training images, for what replays them.
    """
    chosen = learnt.take(order_digits(learnt, task.seed)[: task.images])
    ask = learn(make_spec(task), chosen, known)
    right = [int((ask(digits).argmax(axis=1) == digits.labels).sum()) if len(digits) else 0 for digits in (test, own)]
    return Point(task, *right)


def learn(spec: RunSpec, digits: Digits, known: Digits | None = None) -> Ask:
    """What a run of that spec would have learnt of all these digits, by its last epoch."""
    if spec.fitting:
        model = spec.fitting.open(spec.fitting.fit(digits, spec.parameters, lambda _share: None), spec.parameters)
        return lambda asked: model.probabilities(asked.images)
    network = train_network(spec, digits, known)
    scorer = Scorer(network, loss_of(spec))
    return lambda asked: scorer.score(asked).probabilities


def train_network(
    spec: RunSpec, digits: Digits, known: Digits | None = None, network: keras.Model | None = None
) -> keras.Model:
    """The network of the last epoch, which has learnt from all these digits; `network` where one is begun already."""
    network, images = network or build(spec), EpochImages(spec, digits, known)
    trainer = Trainer(network, loss_of(spec), spec.batch_size)
    losses: list[float] = []
    for epoch in range(1, spec.epochs + 1):
        reseed(network, spec.seed, epoch)
        feed = BatchLoader(images.of(epoch), make_augmentation(spec), spec.seed, epoch, spec.disturbance)
        rates = compute_rates(spec, -(-len(feed) // spec.batch_size), epoch, losses)
        losses.append(float(np.mean(np.concatenate([chunk.loss for chunk in trainer.epoch(feed, rates)]))))
    return network
