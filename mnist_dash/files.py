"""Files that are written whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is complete: nobody ever reads half of it; raises OSError."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name[:80]}-", dir=path.parent) as aside:
        draft = Path(aside) / "draft"
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
