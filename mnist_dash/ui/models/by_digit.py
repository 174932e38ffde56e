"""By digit: how well each class is read, and whom it is written by where that is known."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mnist_dash.analysis.by_writer import evaluate_groups, evaluate_writers
from mnist_dash.analysis.evaluation import ClassFigures, read_right, wilson_interval
from mnist_dash.arrays import Writers
from mnist_dash.figures import intervals
from mnist_dash.figures.intervals import Interval
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell.theme import colours

_RECALL = "Of all images of this digit, the share that is read as it."
_PRECISION = "Of all images that are read as this digit, the share that is it."
_WRITERS = (
    "Hands differ more than digits do. MNIST's writers are employees of the US Census Bureau and high-school students, "
    "as QMNIST traced them (Yadav and Bottou, 2019)."
)
_F1 = "The harmonic mean of precision and recall: high where both are."


def show(answered: Answered) -> None:
    """Recall with its interval as a picture, all figures as a table."""
    shown = [_interval(row) for row in answered.result.per_class if row.images]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Share read right with 95 % interval**", help=_RECALL)
        figure = plot_shared(
            intervals.plot_intervals, shown, colours(), "Images of each digit read right in %", rivals=False
        )
        chart(figure, key="by_digit", height=intervals.height(len(shown)), alt="Share of each digit that is read right")
    with right:
        _show_table(answered.result.per_class)
    writers = answered.asked.writers
    if writers is not None:
        _show_writers(answered, writers)


def _show_writers(answered: Answered, writers: Writers) -> None:
    """How well groups of people are read, and how evenly the mistakes are spread over all of them."""
    right = read_right(answered.answers.probabilities, answered.answers.labels)
    groups = evaluate_groups(answered.data, answered.asked.split, writers, right)
    found = evaluate_writers(writers, right)
    st.markdown("**By writer**", help=_WRITERS)
    if groups:
        rows = [
            Interval(each.name, each.accuracy, *each.interval, f"{each.images:,} images by {each.writers:,}")
            for each in groups
        ]
        figure = plot_shared(intervals.plot_intervals, rows, colours(), "Images read right in %", rivals=False)
        alt = "Share of images read right, by who wrote them"
        chart(figure, key="by_writer", height=intervals.height(len(rows)), alt=alt)
    told = f"Of {found.writers:,} writers {found.spotless:,} are read without a mistake."
    if found.wrong:
        told += f" Most mistakes: {found.wrong:,} in {found.images:,} images of writer {found.worst}."
    st.caption(told)


def _interval(row: ClassFigures) -> Interval:
    recall = row.recall or 0.0
    ends = wilson_interval(round(recall * row.images), row.images)
    return Interval(str(row.digit), recall, *ends, f"{row.images:,} images")


def _show_table(rows: Sequence[ClassFigures]) -> None:
    config = st.column_config

    def share(title: str, words: str) -> ColumnConfig:
        return config.NumberColumn(title, help=words, format="%.2f %%", width=90)

    st.dataframe(
        [
            {
                "digit": str(row.digit),
                "images": row.images,
                "recall": _hundredfold(row.recall),
                "precision": _hundredfold(row.precision),
                "f1": _hundredfold(row.f1),
            }
            for row in rows
        ],
        hide_index=True,
        height="content",
        column_config={
            "digit": config.TextColumn("Digit", width=56),
            "images": config.NumberColumn("Images", format="localized", width=80),
            "recall": share("Recall", _RECALL),
            "precision": share("Precision", _PRECISION),
            "f1": share("F1", _F1),
        },
        placeholder="–",
        alt="Images, recall, precision and F1 of each digit",
    )


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100 * share
