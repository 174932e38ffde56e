"""What the method `champion` reads of the test images, what three of its models read that vote, and whom they teach.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.champion [--pupils N]`. Runs stay in the home, so
that what was cut off goes on where it was. The settings of `champion` were chosen by the last 5,000 training images, of
which it read 99.72 % (seed 0); here all 60,000 are learnt from, where `benchmarks.methods` has it with its own
defaults, and the models of the last epochs are taken. Those that vote are files at half precision, one of each seed:
the mean of their answers counts. A pupil is the method `distilled` with that vote, at full precision, as its teacher;
how far it trusts it is the method's default, which nobody has chosen by any image.
"""

import os
from argparse import ArgumentParser

import numpy as np

from benchmarks import record
from benchmarks.kept_runs import train
from benchmarks.training import SEEDS, describe_seeds
from mnist_dash.analysis.evaluation import read_right, wilson_interval
from mnist_dash.data.dataset import MNIST
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.distillation import TRUST
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.export import Export, export_model
from mnist_dash.models.registry.votes import Vote, find_vote, keep_vote
from mnist_dash.models.vote import VotingModel
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

AT_LEAST, AIM = 0.997, 0.9976
VOTE_AT_LEAST, VOTE_AIM, VOTE_BYTES = 0.9975, 0.9982, 1_500_000
TEACHER = "three champions"


def main(pupils: int) -> None:
    """Train what is not trained yet, let the champions vote and teach, and write the result."""
    settings = Settings.from_environment(os.environ).prepare()
    with open_database(settings) as database:
        specs = [RunSpec.of("champion", MNIST, validation_split=0.0, seed=seed) for seed in SEEDS]
        champions = [train(settings, database, spec) for spec in specs]
        if not find_vote(database, TEACHER):
            keep_vote(database, Vote(TEACHER, tuple(str(run.id) for run in champions)))
        taught = [
            train(settings, database, RunSpec.of("distilled", MNIST, validation_split=0.0, teacher=TEACHER, seed=seed))
            for seed in SEEDS[:pupils]
        ]
        halves = [export_model(database, str(run.id), Export.HALF) for run in champions]
    test = open_dataset(settings).test
    members = [LiteRT(content) for content in halves]
    right = [int(read_right(model.probabilities(test.images), test.labels).sum()) for model in members]
    voted = int(read_right(VotingModel(members).probabilities(test.images), test.labels).sum())
    spec = champions[0].spec
    result = {
        "claim": {"at_least": AT_LEAST, "aim": AIM, "parameters": 300_000},
        "parameters": spec.parameter_count,
        "epochs": spec.epochs,
        "train_images": champions[0].train_images,
        "alone": _read_scores(champions),
        "half": {"test_accuracies": (np.array(right) / len(test)).tolist(), "bytes": [len(each) for each in halves]},
        "vote": {
            "claim": {"at_least": VOTE_AT_LEAST, "aim": VOTE_AIM, "bytes": VOTE_BYTES},
            "test_accuracy": voted / len(test),
            "test_interval": wilson_interval(voted, len(test)),
            "bytes": sum(len(each) for each in halves),
        },
        "taught": _read_scores(taught) | {"trust": dict(taught[0].spec.own)[TRUST.name]},
    }
    record.write("champion", result)


def _read_scores(runs: list[Run]) -> dict[str, object]:
    """What runs read of the test images, over seeds, and how long they learnt."""
    scores = [run.score.accuracy for run in runs if run.score]
    return describe_seeds(scores) | {"seconds": [round(run.seconds) for run in runs]}


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure the best network, a vote of three of it, and one that they teach.")
    arguments.add_argument("--pupils", type=int, choices=range(1, len(SEEDS) + 1), default=len(SEEDS))
    main(arguments.parse_args().pupils)
