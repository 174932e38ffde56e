"""Where a command is to write what takes long to find: refused before the work, not after it."""

from collections.abc import Sequence
from pathlib import Path

from mnist_dash.errors import SpecError
from mnist_dash.words import join_words


def check_target(out: Path, what: str, suffixes: Sequence[str]) -> None:
    """Refuse a file with another ending or in a folder that is not there; `what` is the beginning of a sentence."""
    if out.suffix.lower() not in suffixes:
        files = f"{join_words(suffixes)} files" if len(suffixes) > 1 else f"a {suffixes[0]} file"
        raise SpecError(
            f"{what} to be written to {out.name!r}; allowed {'are' if len(suffixes) > 1 else 'is'} {files}."
        )
    if not out.parent.is_dir():
        raise SpecError(f"There is no folder {out.parent}. Make it, or name a file in another one.")
