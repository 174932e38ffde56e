"""Two visitors at once, while the server still loads what their pages need."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

_TWO = """
import importlib
import importlib.abc
import sys
from threading import Event, Thread

import plotly.graph_objects

half_loaded, go_on = Event(), Event()


class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "pandas.core.api":
            half_loaded.set()
            go_on.wait()
        return None


sys.meta_path.insert(0, Slow())
drawn = []


def load_first():
    importlib.import_module(sys.argv[1])


def draw_chart():
    from mnist_dash.figures.answer import plot_probabilities
    from mnist_dash.figures.theme import load_palette

    drawn.append(plot_probabilities(None, load_palette(dark=False)))


first, chart = Thread(target=load_first), Thread(target=draw_chart)
first.start()
half_loaded.wait()
chart.start()
# Where it does not wait for the other, it is done or broken long before.
chart.join(2)
assert not drawn
go_on.set()
chart.join()
first.join()
assert drawn
"""


@pytest.mark.parametrize("first", ["pandas", "mnist_dash.figures.training"])
def test_a_chart_waits_for_what_another_page_is_loading(first: str) -> None:
    done = subprocess.run([sys.executable, "-c", _TWO, first], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
