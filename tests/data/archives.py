"""Folders to import, packed and not, honest and otherwise."""

import io
import tarfile
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


def tarred(path: Path, files: dict[str, bytes]) -> Path:
    """A TAR of files, packed as its name ends."""
    way = next((way for end, way in (("gz", "w:gz"), ("xz", "w:xz"), ("bz2", "w:bz2")) if path.name.endswith(end)), "w")
    with tarfile.open(path, way) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def laid(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder of files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


PACKINGS = ("folder", "a.zip", "powershell.zip", "a.tar", "a.tgz", "a.tar.gz", "a.tar.xz", "a.tar.bz2")


def pack(path: Path, packing: str, files: dict[str, bytes]) -> Path:
    """Files as a folder or as one that is packed in one of the usual ways."""
    if packing == "folder":
        return laid(path / "folder", files)
    if packing.startswith("powershell"):
        return zipped(path / packing, {name.replace("/", "\\"): content for name, content in files.items()})
    return (zipped if packing.endswith("zip") else tarred)(path / packing, files)


def png(image: Images | Image.Image, form: str = "PNG") -> bytes:
    """A picture's file."""
    content = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(content, form)
    return content.getvalue()
