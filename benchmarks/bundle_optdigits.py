"""Put optdigits into the program: `python -m benchmarks.bundle_optdigits FOLDER`.

FOLDER holds `optdigits_tra.npz` and `optdigits_windep.npz`, the 32×32 bitmaps of 30 and of 13 other people (E. Alpaydin
and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998, doi 10.24432/C50P49,
CC BY 4.0), each with `images`, ink 255, and `labels`. They are cut out, scaled and centred here, as an import does:
that takes a minute for all. The notice beside the file is written by hand.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.bundle_writers import TARGET
from mnist_dash.data.io.normalising import Polarity, centre
from mnist_dash.data.store.other_hands import FILE

SPLITS = {"train": "optdigits_tra.npz", "test": "optdigits_windep.npz"}


def main(folder: Path) -> None:
    """Write both splits as one small archive, under the names that an import knows."""
    arrays: dict[str, Any] = {}
    for split, name in SPLITS.items():
        with np.load(folder / name, allow_pickle=False) as file:
            pictures, labels = file["images"], file["labels"]
        assert set(np.unique(pictures)) == {0, 255}, f"{name} holds other values than ink and paper"
        made = [centre(Image.fromarray(picture), Polarity.INK_IS_LIGHT) for picture in pictures]
        arrays |= {f"x_{split}": np.stack([image for image in made if image is not None])}
        arrays |= {f"y_{split}": labels.astype(np.uint8)}
        assert len(arrays[f"x_{split}"]) == len(labels), f"{name} has an image without ink"
    np.savez_compressed(TARGET / FILE, **arrays)
    print(f"{(TARGET / FILE).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
