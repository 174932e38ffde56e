"""Taking digits away: whatever is selected, as a file."""

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.export import FileFormat, save

_FORMATS = {
    FileFormat.CSV: ("CSV", "A line a digit: its label and 784 values, as Kaggle has it."),
    FileFormat.PICTURES: ("PNG pictures", "A picture a digit, in a folder for each class."),
    FileFormat.NPZ: ("NPZ", "NumPy arrays under Keras' names."),
    FileFormat.IDX: ("IDX", "MNIST's own format, images and labels."),
    FileFormat.PARQUET: ("Parquet", "A picture and a label a row, as Hugging Face has MNIST."),
}


def offer_export(digits: Digits, indices: npt.NDArray[np.int64], name: str) -> None:
    """Offer the digits at `indices` for download, in every format."""
    with st.popover(f"Download {len(indices):,}", icon=":material/download:"):
        for file_format, (title, text) in _FORMATS.items():
            st.download_button(
                title,
                _writer(digits, indices, file_format),
                f"{name}-{len(indices)}{file_format}",
                key=f"take_{file_format}",
                on_click="ignore",
                icon=":material/download:",
                help=text,
                width="stretch",
            )


def _writer(digits: Digits, indices: npt.NDArray[np.int64], file_format: FileFormat) -> Callable[[], bytes]:
    def content() -> bytes:
        stream, kept = io.BytesIO(), np.sort(indices)
        save(stream, file_format, digits.take(kept), index=kept)
        return stream.getvalue()

    return content
