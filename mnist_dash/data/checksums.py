"""What a data set is, whatever it came in: the SHA-256 of each of its four arrays, as if each were an IDX file."""

import hashlib
import json

import numpy as np

from mnist_dash.arrays import Bytes
from mnist_dash.data.dataset import Dataset, Digits

IDX = b"\x00\x00\x08"
"""How an IDX file of unsigned bytes starts; the number of its axes follows."""
PARTS = ("train_images", "train_labels", "test_images", "test_labels")
OFFICIAL = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""The SHA-256 of each of MNIST's own files, uncompressed."""


def idx_header(array: Bytes) -> bytes:
    """The bytes that stand before an array's own in an IDX file."""
    return IDX + bytes([array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)


def idx_sha256(array: Bytes) -> str:
    """The SHA-256 of an array's uncompressed IDX file, as hexadecimal digits: its identity in any format."""
    checksum = hashlib.sha256(idx_header(array))
    checksum.update(np.ascontiguousarray(array).data)
    return checksum.hexdigest()


def arrays_of(train: Digits, test: Digits) -> tuple[Bytes, Bytes, Bytes, Bytes]:
    """The arrays of both splits in the order of PARTS."""
    return train.images, train.labels, test.images, test.labels


def checksums(train: Digits, test: Digits) -> dict[str, str]:
    """The SHA-256 of each array's IDX content, by the names in PARTS."""
    return {part: idx_sha256(array) for part, array in zip(PARTS, arrays_of(train, test), strict=True)}


def digest_of(dataset: Dataset) -> str:
    """One SHA-256 of all that can be learnt from a set, whatever it is called: its checksums, and who wrote what."""
    known = dict(dataset.sha256)
    if dataset.train.writers is not None:
        known["train_writers"] = hashlib.sha256(dataset.train.writers.astype("<i8").tobytes()).hexdigest()
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
