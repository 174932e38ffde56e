"""Figures: what there is of each digit, how long it took, by whom, and how it is read."""

import streamlit as st

from mnist_dash.figures import own_digits
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.own_digits.summary import Summary, summarise_set
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.own_digits import data_set
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import duration, percent

_SECONDS = "From the prompt to the keeping, in the middle of all: half of the digits took less. Pauses do not count."
_READ = (
    "Of the digits with a label that the bundled reader was asked about when they were kept, the share that it read as "
    "they are labelled. Whoever saves on Sketch tends to save what was read wrong."
)
_WRITING = "The seconds of all digits together, where they are known: not of what was saved on Sketch."


def show(chosen: OwnSet) -> None:
    """The set in figures, as one chart, and by writer where there are several."""
    found = summarise_set(resources.database(), chosen.key, DEFAULT)
    total = sum(found.counts) + found.others
    if not total:
        st.info("No digits yet. Write ten of them, one of each: that takes about half a minute.")
        return
    with st.container(horizontal=True, gap="medium", key="figures_of_own"):
        st.metric("Digits", f"{total:,}")
        st.metric("Writing in all", duration(60 * found.minutes) if found.minutes else "–", help=_WRITING)
        st.metric("Median", "–" if found.median is None else f"{found.median:.1f} s", help=_SECONDS)
        right = percent(found.right / found.asked, 1) if found.asked else "–"
        st.metric("Read as labelled", right, help=f"{_READ} {found.right:,} of {found.asked:,}.")
    figure = plot_shared(own_digits.plot_own_digits, found.counts, found.seconds, colours())
    chart(figure, key="own_figures", height=own_digits.HEIGHT, alt="Count and median seconds of each digit")
    if found.others:
        st.caption(f"Beside these {found.others:,} are not a digit.")
    if len(found.hands) > 1:
        _show_hands(found)
    with st.container(horizontal=True):
        data_set.offer_download(chosen)
        data_set.offer(chosen)


def _show_hands(found: Summary) -> None:
    config = st.column_config
    st.dataframe(
        [
            {"writer": hand.writer or "–", "digits": hand.digits, "minutes": hand.minutes, "seconds": hand.seconds}
            for hand in found.hands
        ],
        hide_index=True,
        height="content",
        width=480,
        column_config={
            "writer": config.TextColumn("Writer"),
            "digits": config.NumberColumn("Digits", format="localized"),
            "minutes": config.NumberColumn("Minutes", format="%.1f"),
            "seconds": config.NumberColumn("Median seconds", format="%.1f", help=_SECONDS),
        },
        placeholder="–",
        alt="Digits, minutes and median seconds of each writer",
    )
