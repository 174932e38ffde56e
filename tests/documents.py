"""The documents as text, and what they name between backticks."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md")))
}
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACEHOLDERS = ("NAME", "ROOM")
"""What a recipe writes where the reader has a word of his own."""
_FILE = re.compile(r"[\w.-]+\.(?:py|md|toml|txt|css|js|json)")


def paragraphs(text: str) -> list[str]:
    """Paragraphs, items of lists and rows of tables, without what is fenced."""
    return re.split(r"\n\s*\n|\n(?=\d+\. |- |\| )", FENCED.sub("", text))


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    return re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def quoted(paragraph: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", paragraph)


def places(paragraph: str) -> Iterator[tuple[str, list[str]]]:
    """Each file or folder between backticks, with the paths that it may mean.

    A file's name without its folder lies at the top, or in a folder that the same paragraph names.
    """
    words = [word for word in quoted(paragraph) if " " not in word and "(" not in word]
    paths = [word for word in words if "/" in word]
    folders = {path if path.endswith("/") else f"{path.rpartition('/')[0]}/" for path in paths}
    for path in paths:
        yield path, [path, f"mnist_dash/{path}"]
    for word in words:
        if _FILE.fullmatch(word):
            yield word, [word, *(f"{folder}{word}" for folder in sorted(folders))]
