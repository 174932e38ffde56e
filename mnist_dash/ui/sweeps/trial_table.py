"""The trials of a sweep as a table, with what leads from one of them to its run, or to a run of its own."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mnist_dash.escaping import escape_cell
from mnist_dash.figures.sweep import title_of
from mnist_dash.methods.space import Dimension, Options
from mnist_dash.methods.spec_text import write_settings
from mnist_dash.sweeps.records import Outcome, Sweep, Trial

_ROW, _ROWS = 32, 12
_HEADER = 37
_USE = "Opens Train with the settings of this trial: a run of its own, on as many images as you like, which is tested."


def show(sweep: Sweep, trials: Sequence[Trial]) -> None:
    """All trials, the newest first; the one that is selected can be opened, or its settings used."""
    if not trials:
        return
    shown = list(reversed(trials))
    st.markdown("**All trials**", help="Select one to open its run, or to use its settings.")
    event = st.dataframe(
        [_row(sweep, trial) for trial in shown],
        key=f"trials_of_{sweep.id}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        height=round(_HEADER + _ROW * min(len(shown), _ROWS)),
        row_height=_ROW,
        placeholder="–",
        column_config=_columns(sweep),
        alt="All trials of the sweep, the newest first",
    )
    rows = [row for row in event["selection"]["rows"] if row < len(shown)]
    if rows:
        trial = shown[rows[0]]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**Trial {trial.number}**", width="content")
            offer(trial)


def offer(trial: Trial) -> None:
    """What leads on from a trial."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        settings = {**write_settings(trial.run.spec), "data": trial.run.spec.data}
        st.page_link(
            "pages/train.py", label="Use these settings", icon=":material/tune:", query_params=settings, help=_USE
        )
        query = {"run": str(trial.run.id)}
        st.page_link("pages/train.py", label="Open its run", icon=":material/show_chart:", query_params=query)


def _row(sweep: Sweep, trial: Trial) -> dict[str, object]:
    values = {
        f"value_{name}": escape_cell(str(value)) if isinstance(value, str) else value
        for name, value in trial.read_values(sweep.space).items()
    }
    read = 100 * trial.accuracies[-1] if trial.accuracies else None
    return {
        "trial": trial.number,
        "run": trial.run.id,
        "outcome": trial.outcome.capitalize(),
        "validation": None if trial.outcome is Outcome.FAILED else read,
        "epoch": trial.run.epoch,
        **values,
        "seconds": trial.run.seconds or None,
        "reason": escape_cell(trial.run.reason or ""),
    }


def _column(dimension: Dimension) -> ColumnConfig:
    """The column of a setting, with as many digits as are tried."""
    title = title_of(dimension.name)
    if isinstance(dimension, Options):
        return st.column_config.Column(title)
    return st.column_config.NumberColumn(title, format="%d" if dimension.whole else "%.4g")


def _columns(sweep: Sweep) -> dict[str, ColumnConfig]:
    config = st.column_config
    told = "The share of validation images read right after its last finished epoch."
    varied = {f"value_{one.name}": _column(one) for one in sweep.space}
    return {
        "trial": config.NumberColumn("Trial", width=50, format="%d", pinned=True),
        "run": config.NumberColumn("Run", width=50, format="%d"),
        "outcome": config.TextColumn("Outcome", width=80),
        "validation": config.NumberColumn("Validation", width=80, format="%.2f %%", help=told),
        "epoch": config.NumberColumn("Epochs", width=60, format="%d", help="Finished epochs."),
        **varied,
        "seconds": config.NumberColumn("Time", width=70, format="%.1f s", help="Spent in training alone."),
        "reason": config.TextColumn("Why", width=240),
    }
