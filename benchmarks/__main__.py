"""Measures claims anew, and sets each figure beside the one that is committed.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks [--quick] [NAME …]`: every claim that has a record,
unless some are named. All of them take days; `--quick` takes those of QUICK, a few minutes, and leaves the committed
records as they are. Without it the new records stay, for `git diff` and a commit.
"""

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from benchmarks.record import RESULTS

QUICK = ("steps", "engine", "data_cache", "csv_import")


def main(names: list[str], *, quick: bool) -> int:
    """Measure one claim after another; returns how many could not be measured."""
    known = sorted(path.stem for path in RESULTS.glob("*.json"))
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"{unknown[0]!r} is no claim; allowed are {', '.join(known)}.", file=sys.stderr)
        return len(unknown)
    return sum(not repeat(name, keep=not quick) for name in names or (QUICK if quick else known))


def repeat(name: str, *, keep: bool) -> bool:
    """Whether a claim could be measured; the committed record comes back where the new one is not to be kept."""
    path = RESULTS / f"{name}.json"
    committed = path.read_text("utf-8")
    print(f"\n{name}", flush=True)
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], stdout=subprocess.DEVNULL, check=False)
    new = path.read_text("utf-8")
    if not keep or done.returncode:
        path.write_text(committed, "utf-8")
    if done.returncode:
        print(f"  could not be measured (status {done.returncode})")
        return False
    for row in compare(*(json.loads(text)["result"] for text in (committed, new))):
        print(row)
    return True


def compare(committed: object, new: object) -> Iterator[str]:
    """A row for each figure: its place in the record, what is committed and what was measured now."""
    before, after = dict(list_figures(committed)), dict(list_figures(new))
    for place in before | after:
        pair = (f"{figures[place]:.6g}" if place in figures else "-" for figures in (before, after))
        yield "  {:60} {:>14} {:>14}".format(place, *pair)


def list_figures(value: Any, place: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401 - whatever JSON holds
    """The numbers of a record by their place in it."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from list_figures(part, f"{place}.{key}" if place else str(key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, value


if __name__ == "__main__":
    arguments = ArgumentParser(prog="python -m benchmarks", description="Measure claims anew.")
    arguments.add_argument("names", nargs="*", metavar="NAME")
    arguments.add_argument("--quick", action="store_true", help="in minutes, without changing a record")
    asked = arguments.parse_args()
    sys.exit(min(1, main(asked.names, quick=asked.quick)))
