"""Which engine the settings name."""

from mnist_dash.runs.engines.engine import Engine
from mnist_dash.runs.engines.local import LocalEngine
from mnist_dash.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """What starts the runs of this home."""
    if settings.cluster is None:
        return LocalEngine(settings)
    # Pages know the supervisor, and have no use for what speaks to clusters.
    from mnist_dash.runs.engines.ray import RayEngine

    return RayEngine(settings, settings.cluster)
