"""The picture of a link: a phone reads from it what it says, in every theme the same."""

import io

import numpy as np
import zxingcpp
from PIL import Image

from mnist_dash.figures.codes import draw_link


def test_a_scanner_reads_the_link() -> None:
    address = "http://192.168.1.20:8501/class_room?class=ABC234"
    picture = Image.open(io.BytesIO(draw_link(address))).convert("L")
    assert [found.text for found in zxingcpp.read_barcodes(np.asarray(picture))] == [address]
    assert picture.width == picture.height
    # White around it, without which it is not found.
    assert np.asarray(picture)[:40].min() == 255
