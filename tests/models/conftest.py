"""The bundled model as a file."""

from importlib import resources

import pytest

from mnist_dash.models.bundled import DEFAULT


@pytest.fixture(scope="session")
def content() -> bytes:
    """The LiteRT file of the model that answers where none is named."""
    return (resources.files("mnist_dash.models") / "files" / f"{DEFAULT}.tflite").read_bytes()
