"""Which engine the settings name."""

from mnist_dash.runs.engines.engine import Engine
from mnist_dash.runs.engines.local import LocalEngine
from mnist_dash.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """What starts the runs of this home."""
    return LocalEngine(settings)
