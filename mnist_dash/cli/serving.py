"""`app`, and no command at all: the app in the browser, which Streamlit serves in this process."""

import argparse
import runpy
import sys

from mnist_dash.place import APP
from mnist_dash.settings import Settings

PORTS = range(1, 65536)


def app(settings: Settings, asked: argparse.Namespace) -> None:  # noqa: ARG001 - every command is given both
    """Serve the app until it is interrupted; the configuration beside app.py holds wherever it is started."""
    options = [] if asked.port is None else ["--server.port", str(asked.port)]
    sys.argv = ["streamlit", "run", str(APP / "app.py"), *options]
    # Streamlit's own command line, in this process: what ends it ends the server, on every platform.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def port(text: str) -> int:
    """The port that `text` names; raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) not in PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; allowed is a whole number from 1 to {PORTS[-1]}")
    return int(text)
