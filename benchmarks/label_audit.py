"""The default audit on MNIST against what people said of its test labels: how many of the wrong ones it doubts.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.label_audit [SEED …]`. The folder also holds `test_label_audit.csv`
(cleanlab/label-errors; Northcutt, Athalye and Mueller, 2021): 100 test images that confident learning over another
network had suspected, each judged by five people. Nothing in the audit was chosen by these images.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks import record
from benchmarks.training import SEEDS
from mnist_dash.analysis.label_issues import RANKING
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.runs.audits import Audit
from mnist_dash.runs.queries import audit_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

TOPS = (50, 100, 200)
MAJORITY = 3
"""Of five votes: fewer for the given label are taken as a correction."""


def judged(folder: Path) -> Mapping[str, set[int]]:
    """The test images of each kind: all that were judged, those that anybody doubted, those that most did."""
    with (folder / "test_label_audit.csv").open(newline="", encoding="utf-8") as file:
        rows = [(int(row["test_index"]), int(row["votes_given"])) for row in csv.DictReader(file)]
    return {
        "corrections": {index for index, votes in rows if votes < MAJORITY},
        "disagreed": {index for index, votes in rows if votes < 5},
        "judged": {index for index, _ in rows},
    }


def audited(seed: int, environ: Mapping[str, str]) -> tuple[Audit, dict[str, float]]:
    """A whole audit from the command line: what it found, and its summary with the seconds from start to end."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "mnist_dash", "audit", "--seed", str(seed), "--json"]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout.splitlines()[-1])
    with open_database(Settings.from_environment(environ)) as database:
        found = audit_of(database, summary["run"])
    assert found is not None
    return found, summary | {"wall_seconds": time.perf_counter() - started}


def compared(found: Audit, summary: Mapping[str, float], labels: np.ndarray, known: Mapping[str, set[int]]) -> object:
    """How many of each kind are among the doubted test images, and among the first of all by the audit's ranking."""
    from cleanlab.rank import get_label_quality_scores  # type: ignore[import-untyped]

    assert found.test_issues is not None
    doubted = set(found.test_issues.index.tolist())
    confident = set(found.test_issues.index[: found.test_issues.confident].tolist())
    quality = get_label_quality_scores(labels.astype(int), found.test.astype(float), method=RANKING)
    order = np.argsort(quality, kind="stable").tolist()
    return {
        "seconds": summary["seconds"],
        "wall_seconds": summary["wall_seconds"],
        "suspects_train": summary["suspects_train"],
        "suspects_test": summary["suspects_test"],
        "confident_test": found.test_issues.confident,
        "among_confident": {kind: len(images & confident) for kind, images in known.items()},
        "among_suspects": {kind: len(images & doubted) for kind, images in known.items()},
        "among_first": {top: {kind: len(images & set(order[:top])) for kind, images in known.items()} for top in TOPS},
    }


def main(seeds: Sequence[int]) -> None:
    """Audit with each seed and write the result."""
    known = judged(Path(os.environ["MNIST_DASH_DATA"]))
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "MNIST_DASH_HOME": home}
        labels = open_dataset(Settings.from_environment(environ)).test.labels
        found = {seed: compared(*audited(seed, environ), labels, known) for seed in seeds}
    sizes = {kind: len(images) for kind, images in known.items()}
    record.write("label_audit", {"known": sizes, "seeds": found})


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or SEEDS)
