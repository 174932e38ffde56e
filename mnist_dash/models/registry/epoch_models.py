"""The models of all epochs of a run that keeps them."""

import numpy as np

from mnist_dash.arrays import Image, Probabilities
from mnist_dash.models.classifier import LiteRT
from mnist_dash.runs.queries import kept_epochs_of, model_at
from mnist_dash.runs.records import ModelFormat
from mnist_dash.store.database import Database


def ask_every_epoch(database: Database, run_id: int, image: Image) -> tuple[list[int], Probabilities]:
    """The epochs that can answer, in order, and what the model of each says of an image (28, 28): (n, 10)."""
    answers: dict[int, Probabilities] = {}
    for epoch in kept_epochs_of(database, run_id, ModelFormat.LITERT):
        content = model_at(database, run_id, epoch, ModelFormat.LITERT)
        if content is not None:  # the run may be deleted meanwhile
            answers[epoch] = LiteRT(content).probabilities(image[np.newaxis])[0]
    return list(answers), np.array(list(answers.values()), np.float32).reshape(len(answers), -1)
