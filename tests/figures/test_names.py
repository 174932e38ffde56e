"""Names that people gave, in every figure that is given any: Plotly must not take them for HTML, formulas or fields."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from plotly import graph_objects as go

from mnist_dash.figures.intervals import Interval, plot_intervals
from mnist_dash.figures.model_comparison import Row, plot_model_comparison
from mnist_dash.figures.overlay import Clock, Metric, Track, plot_overlay
from mnist_dash.figures.theme import Palette
from mnist_dash.runs.records import Epoch

NAME = "<a href='x'>a</a> $x$ %{y}"
EPOCHS = [Epoch(number, 0.5, 0.8, 0.4, 0.9, 2.0) for number in (1, 2)]
FIGURES: dict[str, Callable[[Palette], go.Figure]] = {
    "beside": lambda colours: plot_model_comparison([Row(NAME, np.full(10, 0.1)), Row("b", None, NAME)], colours),
    "intervals": lambda colours: plot_intervals([Interval(NAME, 0.9, 0.8, 0.95, "100 images")], colours),
    "overlay": lambda colours: plot_overlay([Track(NAME, EPOCHS)], Metric.TRAINING_LOSS, colours, Clock.SECONDS),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_name_is_text_wherever_it_stands(name: str, colours: Palette) -> None:
    texts = [text for text in strings(FIGURES[name](colours).to_plotly_json()) if "href" in text or "&lt;a" in text]
    assert len(texts) >= 2
    assert [text for text in texts if "<a" in text or "$" in text or "%{y}" in text] == []


def strings(value: object) -> Iterator[str]:
    """Every text in a figure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple | np.ndarray):
        for inner in value:
            yield from strings(inner)
