"""How long a CSV file of MNIST's size takes to become a data set, and in how much memory.

The claim is under 15 s and 500 MB for 60,000 rows in a process of its own, from its start to its end.

MNIST_DASH_DATA=FOLDER python -m benchmarks.csv_import
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks import record
from mnist_dash.data.io import export
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings

LIMIT_S = 15.0
LIMIT_MB = 500
REPEATS = 3
GLANCE = 0.02
"""Seconds between two looks at the memory of the process."""


def main() -> None:
    """Write the CSV file, import it a few times, and keep the times and the largest memory."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "train.csv"
        environ = {**os.environ, "MNIST_DASH_HOME": str(Path(folder) / "home")}
        dataset = open_dataset(Settings.from_environment(environ), "mnist")
        export.write(rows, dataset.train)
        measured = [_import(rows, f"set-{n}", environ) for n in range(REPEATS)]
        size = rows.stat().st_size
    seconds, memory = max(s for s, _ in measured), max(m for _, m in measured)
    result = {
        "claim": f"60,000 rows of CSV become a data set in under {LIMIT_S:.0f} s and {LIMIT_MB} MB",
        "holds": seconds < LIMIT_S and memory < LIMIT_MB,
        "rows": len(dataset.train),
        "file_mb": round(size / 1e6, 1),
        "seconds": [round(s, 2) for s, _ in measured],
        "slowest_s": round(seconds, 2),
        "peak_mb": round(memory),
    }
    record.write("csv_import", result)


def _import(rows: Path, name: str, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes that the import takes as a process of its own."""
    command = [sys.executable, "-m", "mnist_dash", "import", str(rows), "--name", name]
    started, peak = time.perf_counter(), 0
    child = subprocess.Popen(command, env=environ, cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL)
    watched = psutil.Process(child.pid)
    while child.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(GLANCE)
    assert child.wait() == 0
    return time.perf_counter() - started, peak / 1e6


if __name__ == "__main__":
    main()
