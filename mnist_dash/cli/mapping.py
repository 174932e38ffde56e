"""The command that draws the map of digits; a page starts it as a process of its own and reads its progress."""

import json
import time
from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from mnist_dash.analysis.embedding import COUNT, PERPLEXITY, Map, Method, Plan, draw, key_of
from mnist_dash.cli.sets import open_named_set
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import within
from mnist_dash.models.preparation import PLAIN, Preparation
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.lookup import read_file_with_features, read_preparation
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

PIXELS = "pixels"
"""What a map is of where no model is named."""
SUFFIXES = (".csv", ".npz")
_OPENED = 0.05
"""The share of the work that opening the data set is."""


def describe(parser: ArgumentParser) -> None:
    """Add what `map` takes."""
    parser.add_argument("--data", metavar="NAME", help="a data set by its name; `data --list` has all")
    parser.add_argument("--of", default=PIXELS, metavar="pixels|MODEL", help="of pixels, or of a model's last features")
    parser.add_argument("--method", default=str(Method.TSNE), choices=list(map(str, Method)))
    parser.add_argument("--count", type=int, metavar="N", help=f"images of both splits, default: {COUNT:,}")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--perplexity", type=float, default=PERPLEXITY, metavar="P", help="neighbours that t-SNE keeps")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="or FILE.npz")
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def draw_map(settings: Settings, asked: Namespace) -> None:
    """Draw the map of digits and write it to a file."""
    check_target(asked.out, "The map was", SUFFIXES)
    watch = print_progress_lines() if asked.progress else show_progress
    started = time.monotonic()
    dataset = open_named_set(settings, asked.data, within(watch, 0, _OPENED))
    content, preparation = _content(settings, asked.of)
    plan = _plan(asked, dataset)
    drawn = draw(dataset, plan, content, within(watch, _OPENED, 1), preparation)
    write(asked.out, drawn.to_csv() if asked.out.suffix.lower() == ".csv" else drawn.to_npz())
    shown = {"file": str(asked.out), "data": dataset.name, "of": asked.of, "method": plan.method, "images": plan.count}
    shown |= {"seed": plan.seed, "perplexity": plan.perplexity if plan.method is Method.TSNE else None}
    shown |= {"key": key_of(dataset, content, plan, preparation), "seconds": round(time.monotonic() - started, 3)}
    if asked.progress:
        print_result(**shown)
    else:
        say(json.dumps(shown) if asked.json else _sentence(drawn, asked.out))


def _content(settings: Settings, name: str) -> tuple[bytes | None, Preparation]:
    if name == PIXELS:
        return None, PLAIN
    with open_database(settings) as database:
        return read_file_with_features(database, name), read_preparation(database, name)


def _plan(asked: Namespace, dataset: Dataset) -> Plan:
    there = len(dataset.train) + len(dataset.test)
    count = min(COUNT, there) if asked.count is None else asked.count
    return Plan(Method(asked.method), count, asked.seed, asked.perplexity)


def _sentence(drawn: Map, out: Path) -> str:
    shares = f"; its axes show {sum(drawn.shares):.1%} of the variance" if drawn.shares else ""
    return f"A map of {len(drawn.index):,} digits was written to {out}{shares}".replace("%", " %")
