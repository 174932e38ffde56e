"""The Chromium that the browser tests drive: found, or installed by `python -m tests.browser.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HELP = (
    "The browser tests need Chromium, and none was found or could be installed. Install Chromium or Chrome with your "
    "system's package manager, or run `.venv/bin/playwright install chromium`, or name one: CHROMIUM=/path make test"
)


def find() -> str | None:
    """The path of a Chromium: the one named, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    system = next(filter(None, map(shutil.which, NAMES)), None)
    return system or next((str(path) for path in (MAC, _own()) if path.exists()), None)


def _own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def install() -> None:
    """Install Chromium: Playwright's own, else the Debian package where that is allowed."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "--quiet"], check=False)
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "chromium"], check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    sys.exit(None if find() else HELP)
