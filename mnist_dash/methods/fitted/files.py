"""Fitted arrays as the bytes of an NPZ file and back: no pickle is ever written or read.

ONNX would take two libraries more, skl2onnx and onnxruntime, for what NumPy does in a few lines a method; and it
answers in single precision, where scikit-learn does in double.
"""

import io
import zlib
from zipfile import BadZipFile

import numpy as np

from mnist_dash.errors import ModelError
from mnist_dash.methods.method import Arrays

LARGEST = 2_000_000_000
"""Bytes of all arrays of a file, as they are in memory: 60,000 images take 47 million."""


def write_arrays(arrays: Arrays) -> bytes:
    """The arrays as the content of an `.npz` file; the same arrays give the same bytes."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def read_arrays(content: bytes) -> Arrays:
    """The arrays that `write_arrays` wrote; raises ModelError where the content is cut, damaged or something else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            if sum(member.file_size for member in found.zip.infolist()) > LARGEST:
                raise ModelError("The fitted model is damaged: it would unpack beyond 2 GB. Train it once more.")
            return {name: found[name] for name in found.files}
    except (ValueError, OSError, EOFError, KeyError, AttributeError, BadZipFile, zlib.error) as e:
        said = " ".join(str(e).split())[:100]
        raise ModelError(f"The fitted model is damaged ({said}). Train it once more.") from e
