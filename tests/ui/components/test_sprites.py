import os
import time
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.arrays import Images
from mnist_dash.figures.cloud import draw_sprite
from mnist_dash.ui.components import sprites
from mnist_dash.ui.shell import served


@pytest.fixture
def images() -> Images:
    return np.arange(2 * 784, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)


def test_a_picture_is_written_once(tmp_path: Path, images: Images) -> None:
    address = sprites.address(tmp_path, images)
    (picture,) = served.folder(tmp_path).iterdir()
    assert address == f"served/{picture.name}"
    assert picture.read_bytes() == draw_sprite(images)
    before = picture.stat()
    assert sprites.address(tmp_path, images) == address
    assert (picture.stat().st_ino, picture.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_pictures_that_nobody_has_seen_for_long_are_removed(tmp_path: Path, images: Images) -> None:
    folder = served.folder(tmp_path)
    shown = Path(sprites.address(tmp_path, images)).name
    ages = {"digits-old.png": sprites.KEPT + 60, "digits-young.png": 60, shown: sprites.KEPT + 60}
    for name, age in ages.items():
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    sprites.address(tmp_path, images)
    assert {path.name for path in folder.iterdir()} == {"digits-young.png", shown}


def test_where_no_picture_can_be_kept_it_is_sent_whole(tmp_path: Path, images: Images) -> None:
    served.folder(tmp_path).write_text("in the way")
    address = sprites.address(tmp_path, images)
    assert b64decode(address.removeprefix("data:image/png;base64,")) == draw_sprite(images)
