"""Maps of digits that were drawn once, kept as files in the home under the key of all that decides them."""

from pathlib import Path

from mnist_dash.settings import Settings


def map_file(settings: Settings, key: str) -> Path:
    """Where the map with that key is kept, in a folder that is there; raises SettingsError where it cannot be made."""
    folder = settings.prepare().home / "maps"
    folder.mkdir(exist_ok=True)
    return folder / f"{key}.npz"


def read_map(path: Path) -> bytes | None:
    """The content of that file; None where there is none, or it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None
