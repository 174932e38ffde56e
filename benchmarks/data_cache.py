"""How long a fresh process needs from the cache to its first image: the claim is under 50 ms after imports.

MNIST_DASH_DATA=FOLDER python -m benchmarks.data_cache
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import record
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings

FRESH_OPENS = 30
LIMIT_MS = 50.0

OPEN = """
import os, time
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings
started = time.perf_counter()
dataset = open_dataset(Settings.from_environment(os.environ), "mnist")
first = int(dataset.train.images[0].sum()) + int(dataset.test.images[-1].sum())
print(time.perf_counter() - started)
"""


def main() -> None:
    """Fill a cache once, open it in fresh processes, and keep the times."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "MNIST_DASH_HOME": home}
        started = time.perf_counter()
        dataset = open_dataset(Settings.from_environment(environ), "mnist")
        first = time.perf_counter() - started
        opened = [1000 * _fresh_open(environ) for _ in range(FRESH_OPENS)]
    median = statistics.median(opened)
    result = {
        "claim": f"from the cache to the first array in under {LIMIT_MS:.0f} ms in a fresh process, after imports",
        "holds": median < LIMIT_MS,
        "images": len(dataset.train) + len(dataset.test),
        "fresh_opens": FRESH_OPENS,
        "median_ms": round(median, 2),
        "slowest_ms": round(max(opened), 2),
        "first_read_and_cached_s": round(first, 2),
    }
    record.write("data_cache", result)


def _fresh_open(environ: Mapping[str, str]) -> float:
    """Seconds that a new process needs after its imports."""
    child = [sys.executable, "-c", OPEN]
    root = Path(__file__).parents[1]
    done = subprocess.run(child, env=environ, cwd=root, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
