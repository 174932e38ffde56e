"""One picture of many digits, which a browser loads once and a chart cuts up: its address goes with every rerun."""

import hashlib
import os
import time
from base64 import b64encode
from pathlib import Path

import numpy as np

from mnist_dash.arrays import Images
from mnist_dash.figures.cloud import draw_sprite
from mnist_dash.files import whole
from mnist_dash.ui.shell import served

KEPT = 24 * 3600.0
"""Seconds for which pictures are kept that no chart has shown again."""
_NOTED = 3600.0
"""Seconds after which it is noted again that a picture is still shown."""


def address(home: Path, images: Images) -> str:
    """The address of a picture of all `images`, kept in `home`; the picture itself where that cannot be written.

    An address is worth much: every rerun sends it again, and a browser keeps what it has loaded from it.
    """
    digest = hashlib.blake2b(np.ascontiguousarray(images).data, digest_size=12).hexdigest()
    target = served.folder(home) / f"digits-{digest}.png"
    try:
        _keep(target, images)
    except OSError:
        return f"data:image/png;base64,{b64encode(draw_sprite(images)).decode('ascii')}"
    return f"{served.PREFIX}/{target.name}"


def _keep(target: Path, images: Images) -> None:
    seen = target.stat().st_mtime if target.exists() else 0.0
    if not seen:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as stream:
            stream.write(draw_sprite(images))
    if time.time() - seen > _NOTED:
        os.utime(target)
        _tidy(target.parent)


def _tidy(folder: Path) -> None:
    """Remove the pictures of digits that no chart has shown for long."""
    for picture in folder.glob("digits-*.png"):
        if time.time() - picture.stat().st_mtime > KEPT:
            # Another session may have removed it meanwhile.
            picture.unlink(missing_ok=True)
