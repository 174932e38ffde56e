"""ZIP files to import, honest and otherwise."""

import io
import zipfile
from pathlib import Path

from PIL import Image

from mnist_dash.arrays import Images


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """A ZIP of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def png(image: Images | Image.Image, form: str = "PNG") -> bytes:
    """A picture's file."""
    content = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(content, form)
    return content.getvalue()
