"""The commands that take runs along: a report as one HTML file, and a whole run that comes back elsewhere."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import say
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.lookup import find_run
from mnist_dash.models.registry.model_files import read_content
from mnist_dash.models.registry.run_archive import SUFFIX, unpack_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.words import size

TOLD = "write a report of one run, or of several side by side, as an HTML file that needs nothing else"

BROUGHT = "keep a run that `export --format run` wrote elsewhere, with its history and its models"


def describe(parser: ArgumentParser) -> None:
    """Add what `report` takes."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run's number")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.html")


def report_runs(settings: Settings, asked: Namespace) -> None:
    """Write the report whole, or say what keeps it from being written."""
    from mnist_dash.reports.runs import write_report  # figures are drawn for it, which no other command needs

    check_target(asked.out, "The report was", (".html",))
    with open_database(settings) as database:
        runs = [find_run(database, name) for name in dict.fromkeys(asked.runs)]
        content = write_report(database, runs)
    write(asked.out, content)
    told = f"Report of {len(runs)} {'run' if len(runs) == 1 else 'runs'} written to {asked.out}, {size(len(content))}"
    row = {"file": str(asked.out), "runs": [run.id for run in runs], "bytes": len(content)}
    say(json.dumps(row) if asked.json else told)


def describe_bringing(parser: ArgumentParser) -> None:
    """Add what `import-run` takes."""
    parser.add_argument("file", type=Path, metavar=f"FILE{SUFFIX}")


def bring_run(settings: Settings, asked: Namespace) -> None:
    """Keep the run whole, or say what is wrong with the file."""
    content = read_content(asked.file)
    with open_database(settings) as database:
        run = unpack_run(database, content)
    row = {"run": run.id, "name": run.name, "state": run.state, "epochs": run.epoch}
    say(json.dumps(row) if asked.json else f"Run {run.id}: {run.name}, {run.state} after {run.epoch} epochs")
