"""Every claim in one table: what was said, what was measured, and what it cost. One of them is always chosen."""

from collections.abc import Mapping

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mnist_dash.methods.claims import CLAIMS
from mnist_dash.methods.measured import Measured
from mnist_dash.ui.methods.costs import COSTS, Cost
from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key

_ROW, _HEADER = 30, 37
_MEASURED = "Of MNIST's test images, by the model of the last epoch: the mean over the seeds."
_INTERVAL = (
    "How far the mean may lie off: by Student's t over the seeds. Of a single seed, how far it may lie off because the "
    "test images are only some of all possible ones."
)
_CURVE = "Accuracy after each epoch on validation images; where none are held out, on those that it learns from."


def choose() -> str:
    """The name of the claim that is chosen, which the page's link then holds."""
    names = list(CLAIMS)
    chosen = link.recall_one_of(Key.CLAIM, ("cnn", *(name for name in names if name != "cnn")))
    _mark(names.index(chosen))
    return chosen


def show(measured: Mapping[str, Measured]) -> None:
    """The table; a click on a row chooses its claim."""
    names = list(CLAIMS)
    st.dataframe(
        [_row_of(name, measured.get(name)) for name in names],
        key=Key.CLAIMS_TABLE,
        on_select=_take,
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [names.index(st.session_state[Key.CLAIM])]}},
        hide_index=True,
        height=_HEADER + _ROW * len(names) + 2,
        row_height=_ROW,
        placeholder="–",
        column_config=_columns(),
        alt="Every method and claim with what was measured; select a row to see more of it",
    )


def _mark(row: int) -> None:
    """Mark this row in a table that stands there with another one marked, since a dot was clicked."""
    kept = st.session_state.get(Key.CLAIMS_TABLE)
    if kept and list(kept["selection"]["rows"]) != [row]:
        st.session_state[Key.CLAIMS_TABLE] = {"selection": {"rows": [row]}}


def _take() -> None:
    rows = st.session_state[Key.CLAIMS_TABLE]["selection"]["rows"]
    if rows:
        link.keep_text(Key.CLAIM, list(CLAIMS)[rows[0]])


def _row_of(name: str, found: Measured | None) -> dict[str, object]:
    claim = CLAIMS[name]
    row: dict[str, object] = {"title": claim.title, "claimed": claim.said or None}
    if found is None:
        return row
    low, high = found.interval
    return row | {
        "measured": 100 * found.mean_test_accuracy,
        "interval": f"{100 * low:.2f} to {100 * high:.2f} %",
        "seeds": len(found.seeds),
        "curve": [100 * accuracy for accuracy in found.curve] if len(found.curve) > 1 else None,
        "epochs": found.epochs,
        "images": found.train_images,
        **{cost.value: axis.read(found) for cost, axis in COSTS.items()},
    }


def _columns() -> dict[str, ColumnConfig]:
    config = st.column_config
    told = {cost: axis.explained for cost, axis in COSTS.items()}
    return {
        "title": config.TextColumn("Method", width=206, pinned=True),
        "claimed": config.TextColumn("Its source says", width=176),
        "measured": config.NumberColumn("Measured", width=78, format="%.2f %%", help=_MEASURED),
        "interval": config.TextColumn("95 % interval", width=122, alignment="right", help=_INTERVAL),
        "curve": config.LineChartColumn("Curve", width=96, y_min=80, y_max=100, help=_CURVE),
        Cost.TIME.value: config.NumberColumn("Time", width=70, format="%.0f s", help=told[Cost.TIME]),
        Cost.PARAMETERS.value: config.NumberColumn(
            "Parameters", width=84, format="localized", help=told[Cost.PARAMETERS]
        ),
        Cost.SIZE.value: config.NumberColumn("Size", width=64, format="bytes", help=told[Cost.SIZE]),
        Cost.ANSWER.value: config.NumberColumn("Answer", width=76, format="%.2f ms", help=told[Cost.ANSWER]),
        Cost.OPERATIONS.value: config.NumberColumn(
            "Multiply-adds", width=96, format="compact", help=told[Cost.OPERATIONS]
        ),
        "epochs": config.NumberColumn("Epochs", width=58, format="%d"),
        "images": config.NumberColumn("Images", width=64, format="localized", help="Images that it learns from."),
        "seeds": config.NumberColumn("Seeds", width=50, format="%d"),
    }
