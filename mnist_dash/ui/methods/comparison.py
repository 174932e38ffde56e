"""Accuracy against cost, as a picture in which a method can be chosen."""

from collections.abc import Mapping

import streamlit as st

from mnist_dash.figures.accuracy_by_cost import HEIGHT, Point, plot_accuracy_by_cost
from mnist_dash.methods.claims import CLAIMS
from mnist_dash.methods.measured import Measured
from mnist_dash.methods.references import REFERENCES
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.methods.costs import COSTS, Cost
from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_PUBLISHED = "Rings are figures that others published, by their own protocols; they were not repeated here."
_WITHOUT = "Others published no such figure for this; choose Parameters to see them beside these."


def show(measured: Mapping[str, Measured], chosen: str) -> None:
    """The picture; a click on a dot chooses its method."""
    cost = linked_choice.choose(
        "Accuracy against", {each: axis.title for each, axis in COSTS.items()}, Key.COST, label_visibility="collapsed"
    )
    axis = COSTS[cost]
    costs = {name: axis.read(found) for name, found in measured.items()}
    shown = [name for name in measured if costs[name]]
    points = [_point(name, measured[name], costs[name] or 0.0) for name in shown]
    published = _list_published() if cost is Cost.PARAMETERS else []
    figure = plot_shared(
        plot_accuracy_by_cost, points, published, axis.axis, shown.index(chosen) if chosen in shown else None, colours()
    )
    alt = f"Test accuracy against {axis.title.lower()}: {len(points)} measured, {len(published)} published"

    def choose(pressed: int) -> None:
        if pressed >= 0:
            link.keep_text(Key.CLAIM, shown[pressed])

    chart(figure, key="methods", height=HEIGHT, alt=alt, on_click=choose)
    st.caption(f"{axis.explained} {_PUBLISHED if published else _WITHOUT}")


def _point(name: str, found: Measured, cost: float) -> Point:
    seeds = len(found.seeds)
    told = f"Mean of {seeds} seeds" if seeds > 1 else "One seed"
    return Point(name, CLAIMS[name].title, found.mean_test_accuracy, cost, told, found.interval)


def _list_published() -> list[Point]:
    return [
        Point(each.name, each.title, each.accuracy, each.parameters, f"Published: {each.protocol}")
        for each in REFERENCES
    ]
