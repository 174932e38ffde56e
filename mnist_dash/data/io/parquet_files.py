"""Parquet, as Hugging Face and others keep MNIST: a column of images and a column of labels, a row for each."""

import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from math import isqrt
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from PIL import Image

from mnist_dash.arrays import AnyNumbers, Bytes
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.data.io.array_files import BROKEN, read_whole
from mnist_dash.data.io.limits import MAX_ARRAYS, MAX_IMAGES, MAX_SIDE
from mnist_dash.data.io.named_arrays import IMAGES, LABELS
from mnist_dash.data.io.pictures import read_grey_levels
from mnist_dash.data.io.png_files import encode_pngs
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits, combine_splits, find_split
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError, ImageError
from mnist_dash.sketch import image_files

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
FEWEST = 16
"""Pixels of the smallest image."""
FEATURES = {
    "image": {"_type": "Image"},
    "label": {"_type": "ClassLabel", "names": [str(digit) for digit in range(CLASSES)]},
}
"""What Hugging Face's library makes of the columns."""
ROWS = 2_000
"""Rows that are taken at a time."""


def read_parquet_set(files: Files, progress: Progress) -> RawDataset:
    """The rows of one split or of both, each in one file or several; raises DataError with what is wrong."""
    splits = [list(parts) for _, parts in groupby(files, find_split)]
    pairs = [_join(parts[0], [_read(path, progress) for path in parts]) for parts in splits]
    return combine_splits([parts[0] for parts in splits], pairs)


def _join(path: Path, tables: Sequence[tuple[AnyNumbers, AnyNumbers]]) -> tuple[AnyNumbers, AnyNumbers]:
    if len({images.shape[1:] for images, _ in tables}) > 1:
        raise DataError(f"{path} and the files that belong to it hold images of different sizes. Make them of one.")
    return np.concatenate([images for images, _ in tables]), np.concatenate([labels for _, labels in tables])


def _read(path: Path, progress: Progress) -> tuple[AnyNumbers, AnyNumbers]:
    import pyarrow.parquet as pq  # takes a moment, and few need it

    content = read_whole(path)
    try:
        with pq.ParquetFile(io.BytesIO(content)) as opened:
            count, names = opened.metadata.num_rows, opened.schema_arrow.names
            if not 0 < count <= MAX_IMAGES:
                raise DataError(f"{path} has {count:,} rows; allowed are 1 to {MAX_IMAGES:,}. Import a part of it.")
            images, labels = _columns(path, names)
            parts, told, done = [], [], 0
            for batch in opened.iter_batches(ROWS, columns=[*images, labels]):
                parts.append(_images(path, [batch.column(name) for name in images], done))
                told.append(_labels(batch.column(labels)))
                done += len(batch)
                if sum(part.nbytes for part in parts) > MAX_ARRAYS:
                    raise DataError(f"{path} holds more than {MAX_ARRAYS:,} bytes of images. Import a part of it.")
                progress(f"Reading {path.name}", done / count)
            return _join(path, list(zip(parts, told, strict=True)))
    except BROKEN as e:
        raise DataError(f"{path} cannot be read as Parquet ({str(e)[:200]}). Copy or download it again.") from e


def _columns(path: Path, names: Sequence[str]) -> tuple[list[str], str]:
    """The column of images, or one for each pixel, and that of labels, by what they are called."""
    lower = {name.lower(): name for name in names if not name.startswith("__")}  # pandas keeps an index so
    images = [lower[name] for name in IMAGES if name in lower][:1]
    labels = next((lower[name] for name in LABELS if name in lower), None)
    pixels = [name for name in lower.values() if name != labels]
    if not images and len(pixels) >= FEWEST and isqrt(len(pixels)) ** 2 == len(pixels):
        images = pixels
    if not images or labels is None:
        raise DataError(
            f"{path} has the columns {', '.join(names)[:200]}; needed are image, as a PNG or nested lists, or one "
            "for each pixel of a square, and label. Rename them."
        )
    return images, labels


def _labels(column: "pa.Array") -> AnyNumbers:
    if column.null_count:
        raise DataError("A row has no label. Drop such rows.")
    found: AnyNumbers = column.to_numpy(zero_copy_only=False)
    return found.astype(np.str_) if found.dtype.kind == "O" else found


def _images(path: Path, columns: Sequence["pa.Array"], first: int) -> AnyNumbers:
    """Images (n, h, w), (n, k) of one column for each pixel, or as their lists are nested."""
    import pyarrow as pa

    if len(columns) > 1:
        return np.column_stack([column.to_numpy(zero_copy_only=False) for column in columns])
    column = columns[0]
    if pa.types.is_struct(column.type) and column.type.get_field_index("bytes") >= 0:
        column = column.field("bytes")
    if column.null_count:
        raise DataError(f"{path} has a row without an image, or with the name of a file alone. Embed the images in it.")
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return np.stack(list(_pictures(path, column, first)))
    return np.array(column.to_pylist())


def _pictures(path: Path, column: "pa.Array", first: int) -> Iterator[Bytes]:
    shape = None
    for at, content in enumerate(column.to_pylist(), first + 1):
        try:
            image = _open(content)
        except ImageError as e:
            raise DataError(f"Row {at:,} of {path}: {e}") from e
        shape = shape or image.shape
        if image.shape != shape or max(shape) > MAX_SIDE:
            size = f"{image.shape[1]}×{image.shape[0]}"
            raise DataError(
                f"Row {at:,} of {path} has an image of {size} pixels; all must be of one size, up to {MAX_SIDE}×"
                f"{MAX_SIDE}. Save them as pictures in folders of digits instead."
            )
        yield image


def _open(content: bytes) -> Bytes:
    image: Image.Image = image_files.read_image(io.BytesIO(content))
    return read_grey_levels(image)


def write_parquet(stream: IO[bytes], digits: Digits, progress: Progress) -> None:
    """Write digits as Hugging Face has MNIST: PNGs in a struct with their path, labels, and what both are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])), ("label", pa.int64())],
        {"huggingface": json.dumps({"info": {"features": FEATURES}})},
    )
    with pq.ParquetWriter(stream, schema) as writer:
        for start in range(0, len(digits), ROWS):
            part = digits.take(slice(start, start + ROWS))
            images = [
                {"bytes": png, "path": f"{number}.png"} for number, png in enumerate(encode_pngs(part.images), start)
            ]
            writer.write_table(pa.table([images, part.labels.astype(np.int64)], schema=schema))
            progress("Writing rows", (start + len(part)) / len(digits))


READER = FileReader(
    "Parquet",
    (".parquet",),
    "one Parquet, or one or several numbered ones for each of train, validation and test",
    lambda head: head.startswith(MAGIC),
    read_parquet_set,
    partial(arrange_splits, numbered=True),
    write_parquet,
)
