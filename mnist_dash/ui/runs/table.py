"""The table of all runs: narrowed by filters, sorted by a click, and the place where runs are selected."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mnist_dash.escaping import escape_cell
from mnist_dash.runs import finding
from mnist_dash.runs.finding import RunFilter, describe_kind
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import percent

_ROWS = 6.5
"""Rows that are shown without scrolling: more would push what is compared off a laptop's screen."""
_ROW, _HEADER = 30, 37
_COUNTED = 1_000
"""Trials of sweeps that are counted: to count all takes as long as there are many."""


def narrow(database: Database) -> RunFilter:
    """Ask which runs to show."""
    methods, states = finding.find_methods(database), finding.find_states(database)
    with st.grid(4, min_column_width=150, gap="small"):
        text = st.text_input(
            "Search",
            key=Key.RUNS_SEARCH,
            placeholder="Search names and tags",
            icon=":material/search:",
            label_visibility="collapsed",
            persist_state="session",
        )
        chosen = [
            _several("Methods", methods, Key.RUNS_METHODS),
            _several("States", states, Key.RUNS_STATES),
            _several("Tags", finding.find_tags(database), Key.RUNS_TAGS),
        ]
    return RunFilter(text, chosen[0], [State(name) for name in chosen[1]], chosen[2], _with_trials(database))


def _with_trials(database: Database) -> bool:
    """Whether the trials of sweeps are shown, which would drown all others; nothing is asked where there are none."""
    trials = finding.count_trials(database, _COUNTED + 1)
    if not trials:
        return True
    alone, count = not finding.has_others(database), f"{trials:,}" if trials <= _COUNTED else f"over {_COUNTED:,}"
    return st.checkbox(f"Trials of sweeps ({count})", alone, key=Key.RUNS_TRIALS, persist_state="session", help=_TRIALS)


def _several(label: str, options: Sequence[str], key: Key) -> list[str]:
    chosen: list[str] = st.multiselect(
        label,
        options,
        key=key,
        placeholder=f"All {label.lower()}",
        label_visibility="collapsed",
        persist_state="session",
        disabled=not options,
    )
    return chosen


def show(runs: Sequence[Run], validation: Mapping[int, float]) -> None:
    """The table of `runs`; what is selected in it is what `state.chosen_runs` says, and the other way round."""
    if not runs:
        st.info("No run fits. Take back a filter or a word of the search.", icon=":material/filter_alt_off:")
        return
    shown, chosen, columns = [run.id for run in runs], link.RUNS.recall() or (), _columns()
    rows = [row for row, run_id in enumerate(shown) if run_id in chosen]
    _select(rows)
    st.dataframe(
        [row_of(run, validation.get(run.id)) for run in runs],
        key=Key.RUNS_TABLE,
        on_select=partial(_chosen, shown),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        hide_index=True,
        height=round(_HEADER + _ROW * min(len(runs), _ROWS)),
        row_height=_ROW,
        placeholder="–",
        column_config=columns,
        column_order=[name for name in columns if name not in _find_empty(runs)],
        alt="Runs, the newest first; select rows to compare them",
    )


def _find_empty(runs: Sequence[Run]) -> set[str]:
    """The columns with nothing in them, which would push others out of sight."""
    filled = {"tags": any(run.tags for run in runs), "owner": any(run.owner for run in runs)}
    return {name for name, has in filled.items() if not has}


def row_of(run: Run, validation: float | None) -> dict[str, object]:
    """A run as a row of the table; its `validation` accuracy comes as a share, and accuracies go in per cent."""
    score, learns = run.score, run.spec.has_epochs
    return {
        "run": run.id,
        "name": escape_cell(run.name),
        "tags": list(map(escape_cell, run.tags)),
        "owner": escape_cell(run.owner) or None,
        "method": describe_kind(run),
        "state": run.state.capitalize(),
        "epoch": run.epoch if learns else None,
        "epochs": run.spec.rounds if learns else None,
        "validation": None if validation is None else 100 * validation,
        "test": 100 * score.accuracy if score else None,
        "interval": f"{percent(score.low).removesuffix(' %')} to {percent(score.high)}" if score else None,
        "images": run.train_images,
        "seconds": run.seconds or None,
        "started": None if run.started is None else datetime.fromtimestamp(run.started, UTC),
    }


def _columns() -> dict[str, ColumnConfig]:
    config = st.column_config
    return {
        "run": config.NumberColumn("Run", width=44, format="%d", pinned=True),
        "name": config.TextColumn("Name", width=146),
        "tags": config.ListColumn("Tags", width=100),
        "owner": config.TextColumn("Owner", width=90, help="Who queued it, and may change it."),
        "method": config.TextColumn("Method", width=90),
        "state": config.TextColumn("State", width=66),
        "epoch": config.NumberColumn("Epochs", width=60, format="%d", help="Finished epochs, or folds."),
        "epochs": config.NumberColumn("of", width=38, format="%d", help="Epochs, or folds, that were asked for."),
        "validation": config.NumberColumn("Validation", width=72, format=_PERCENT, help=_VALIDATION),
        "test": config.NumberColumn("Test", width=72, format=_PERCENT, help=_TEST),
        "interval": config.TextColumn("95 % interval", width=118, alignment="right", help=_INTERVAL),
        "images": config.NumberColumn("Images", width=64, format="localized", help="Images that it learns from."),
        "seconds": config.NumberColumn("Time", width=70, format="%.1f s", help="Spent in training alone."),
        "started": config.DatetimeColumn("Started", width=100, format="D MMM, HH:mm", timezone=st.context.timezone),
    }


_PERCENT = "%.2f %%"
_VALIDATION = "The share of validation images that are read right after the last finished epoch, or in the last fold."
_TRIALS = "Also the runs of sweeps, each of which is one choice of settings. The page Sweeps shows them together."
_TEST = "The share of test images that the finished model reads right; of an audit, the mean of its networks."
_INTERVAL = "How far the accuracy may lie off, since the test images are only some of all possible ones (Wilson, 1927)."


def _select(rows: list[int]) -> None:
    """Mark these rows in a table that stands there with others marked, since runs have come or gone."""
    kept = st.session_state.get(Key.RUNS_TABLE)
    if kept and set(kept["selection"]["rows"]) != set(rows):
        st.session_state[Key.RUNS_TABLE] = {"selection": {"rows": rows}}


def _chosen(shown: Sequence[int]) -> None:
    """Take over what was clicked among the runs `shown`; those out of sight stay selected."""
    marked = [shown[row] for row in st.session_state[Key.RUNS_TABLE]["selection"]["rows"] if row < len(shown)]
    kept = [run_id for run_id in link.RUNS.recall() or () if run_id in marked or run_id not in shown]
    link.RUNS.keep((*kept, *(run_id for run_id in marked if run_id not in kept)))


def recall_window() -> int:
    """How many of the newest runs are shown."""
    most: int = st.session_state.get(Key.RUNS_WINDOW, finding.WINDOW)
    return most


def offer_more(most: int) -> None:
    """Say that older runs fit too than the `most` that are shown, and offer them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="older_runs"):
        st.caption(f"The newest {most:,} are shown. A search looks through all.", width="content")
        st.button(
            f"Show {finding.WINDOW} more",
            icon=":material/expand_more:",
            type="tertiary",
            key="more_runs",
            on_click=_widen,
            args=(most + finding.WINDOW,),
        )


def _widen(most: int) -> None:
    st.session_state[Key.RUNS_WINDOW] = most


def find_selected(database: Database) -> list[Run]:
    """The selected runs, in the order in which they were selected; says which are no more."""
    chosen = link.RUNS.recall() or ()
    by_number = {run.id: run for run in finding.find_named(database, chosen)}
    missing = [str(run_id) for run_id in chosen if run_id not in by_number]
    if missing:
        st.caption(f":material/info: There is no run {', '.join(missing)}: the link is wrong, or it was deleted.")
    return [by_number[run_id] for run_id in chosen if run_id in by_number]
