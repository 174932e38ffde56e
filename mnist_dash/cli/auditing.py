"""The command that looks for wrong labels: an audit is queued and watched as any run is."""

import json
from argparse import Namespace
from collections.abc import Iterator

from mnist_dash.cli.sets import open_named_set
from mnist_dash.cli.terminal import say, show_progress
from mnist_dash.cli.training import check_not_failed, report, watch_run
from mnist_dash.data.dataset import Split
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.methods.audit import FOLDS, assign_folds, audit_spec
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.parameters import FOLDS as ALLOWED
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process
from mnist_dash.runs.audits import Audit, LabelIssues
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.queries import audit_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.starting import start_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.words import certainty

_FIRST = 10
"""Label issues of each split that are told."""


def audit(settings: Settings, asked: Namespace) -> None:
    """Queue an audit, watch it to its end, and tell how many labels it doubts."""
    with open_database(settings) as database:
        dataset = open_named_set(settings, asked.data, show_progress)
        spec = _spec(asked, dataset.name)
        assign_folds(dataset.train.labels, spec.folds, spec.seed)
        estimate_cost(spec, spec.split(len(dataset.train))[0], 1.0, process.read_memory())
        if dataset.notice and not asked.json:
            say(dataset.notice, error=True)
        run = watch_run(settings, database, start_run(settings, database, spec))
        found = audit_of(database, run.id) if run.state is State.DONE else None
    if asked.json:
        say(json.dumps(_summary(run, found)))
        check_not_failed(run)
        return
    report(run, as_json=False)
    say(*(_lines(found) if found else ()))


def _spec(asked: Namespace, data: str) -> RunSpec:
    texts = {"epochs": asked.epochs, "seed": asked.seed}
    changes: dict[str, Value] = {name: PARAMETERS[name].parse(text) for name, text in texts.items() if text is not None}
    folds = FOLDS if asked.folds is None else ALLOWED.parse(asked.folds)
    assert isinstance(folds, int)  # noqa: S101 - the number is whole
    return audit_spec(data, asked.method, folds, **changes)


def _summary(run: Run, found: Audit | None) -> dict[str, object]:
    splits = dict(_splits(found)) if found else {}
    return {
        "run": run.id,
        "state": run.state,
        "method": run.spec.method,
        "folds": run.spec.folds,
        "data": run.spec.data,
        **{f"suspects_{split}": len(splits[split]) if split in splits else None for split in Split},
        "confident": {split: issues.confident for split, issues in splits.items()},
        "seconds": round(run.seconds, 3),
        "first": {split: _rows(issues) for split, issues in splits.items()},
        "reason": run.reason,
    }


def _splits(found: Audit) -> Iterator[tuple[Split, LabelIssues]]:
    for split, issues in ((Split.TRAIN, found.train_issues), (Split.TEST, found.test_issues)):
        if issues is not None:
            yield split, issues


def _rows(issues: LabelIssues) -> list[dict[str, float]]:
    names = ("index", "given", "suggested", "quality", "given_share", "suggested_share")
    columns = [getattr(issues, name)[:_FIRST].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _lines(found: Audit) -> Iterator[str]:
    for split, issues in _splits(found):
        images = len(found.train if split is Split.TRAIN else found.test)
        if not images:
            yield NO_TEST
            continue
        counted = f", {issues.confident:,} of them confidently:" if issues else "."
        yield f"{len(issues):,} of {images:,} labels of the {split} images are doubted{counted}"
        for row in _rows(issues):
            sure = certainty(row["suggested_share"])
            yield f"  image {row['index']:,}: labelled {row['given']}, read as {row['suggested']} (sure: {sure})"
