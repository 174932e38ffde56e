"""Keeps each measured claim with the machine and the versions that it was measured on."""

import json
import os
import platform
from importlib.metadata import distributions
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PACKAGES = (
    *("numpy", "keras", "tensorflow", "ai-edge-litert", "streamlit", "plotly", "pandas", "pillow"),
    *("scikit-learn", "cleanlab", "opentsne", "scipy", "pillow-heif", "optuna", "ray"),
)


def write(name: str, result: dict[str, object]) -> None:
    """Write `results/<name>.json`: the result, then the machine, Python and the packages; and print the result."""
    record = {"benchmark": name, "result": result, "machine": machine(), "versions": versions()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


def machine() -> dict[str, object]:
    """The processor's model, the cores that are there and the operating system."""
    return {"processor": _processor(), "cores": os.cpu_count(), "system": f"{platform.system()} {platform.release()}"}


def versions() -> dict[str, str]:
    """Python and those of PACKAGES that are installed."""
    installed = {found.name.lower(): found.version for found in distributions()}
    found = {name: installed[name] for name in PACKAGES if name in installed}
    return {"python": platform.python_version(), **found}


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if not described.exists():
        return platform.processor()
    lines = described.read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
