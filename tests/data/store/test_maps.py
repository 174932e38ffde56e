"""Maps of digits: a file for each key, or none."""

from mnist_dash.data.store.maps import map_file, read_map
from mnist_dash.settings import Settings


def test_a_map_has_a_file_in_a_folder_of_the_home(settings: Settings) -> None:
    path = map_file(settings, "0123")
    assert path == settings.home / "maps" / "0123.npz"
    assert read_map(path) is None
    path.write_bytes(b"a map")
    assert read_map(map_file(settings, "0123")) == b"a map"
