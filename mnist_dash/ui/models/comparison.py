"""Compare: another model on the same images, whether one is better, and where they disagree."""

import streamlit as st

from mnist_dash.analysis.paired import compare_answers, find_disagreements
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import intervals
from mnist_dash.figures.intervals import Interval
from mnist_dash.models.bundled import DEFAULT, list_bundled
from mnist_dash.ui.components import model_picker, voting
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.models.answered import Answered, ask
from mnist_dash.ui.models.mistakes import MOST, show_places
from mnist_dash.ui.shell import offered_models, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_PAIRED = (
    "Both read the same images, so that only those count which one alone reads right. McNemar's test asks how often "
    "these would fall so unevenly if both were equally good. It says nothing of other seeds."
)
_OTHER = "Any other model that can answer; one that has not read these images yet is asked first."
_DISAGREE = "The digits to which they give different answers, those first that both are sure of."

_LOSS = "Mean cross-entropy in nats: it punishes what is sure and wrong."
_PARAMETERS = "Numbers that the model has learnt."


def show(answered: Answered) -> None:
    """The choice of the other model, figures of both, and the images on which they disagree."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = _choose(answered.who.name)
        voting.offer([answered.who.name, name or ""])
    if name is None:
        st.caption("There is no other model yet. Train a network, or bring one on Sketch.")
        return
    other = ask(name, answered.data, answered.part, answered.who)
    if other is None:
        return
    left, right = st.columns([5, 7], gap="large")
    rows = [
        Interval(each.who.short, each.result.accuracy, *each.result.interval, f"{each.result.images:,} images")
        for each in (answered, other)
    ]
    with left:
        _write_verdict(answered, other)
    with right:
        figure = plot_shared(intervals.plot_intervals, rows, colours(), "Images read right in %")
        chart(figure, key="compared", height=intervals.height(2), alt="Accuracy of both with 95 % interval")
        _show_figures(answered, other)
    places = find_disagreements(answered.answers.probabilities, other.answers.probabilities)
    if not len(places):
        st.caption("They give the same answer to every image.")
        return
    more = f"; the {MOST} surest are shown" if len(places) > MOST else ""
    told = f"{len(places):,} images are read differently{more}"
    show_places(answered, places[:MOST], told, _DISAGREE, "disagreements", other)


def _choose(name: str) -> str | None:
    models = {other: title for other, title in offered_models.model_options().items() if other != name}
    if not models:
        return None
    if st.session_state.get(Key.RIVAL) not in (None, *models):
        del st.session_state[Key.RIVAL]
    first = [other for other in (DEFAULT, *list_bundled(), *models) if other in models]
    ordered = {other: models[other] for other in first}
    return model_picker.choose("Other model", ordered, Key.RIVAL, _OTHER, width=420)


def _write_verdict(answered: Answered, other: Answered) -> None:
    found = compare_answers(answered.answers.probabilities, other.answers.probabilities, answered.answers.labels)
    names = [escape_markdown(each.who.short) for each in (answered, other)]
    st.markdown("**Is one better?**", help=_PAIRED)
    st.markdown(found.describe(*names))
    st.markdown(
        "\n".join(
            (
                f"| | {names[1]} right | {names[1]} wrong |",
                "| :--- | ---: | ---: |",
                f"| **{names[0]} right** | {found.both:,} | {found.first:,} |",
                f"| **{names[0]} wrong** | {found.second:,} | {found.neither:,} |",
            )
        )
    )


def _show_figures(answered: Answered, other: Answered) -> None:
    """What each costs and what else it scores."""
    config = st.column_config
    st.dataframe(
        [
            {
                "model": each.who.short,
                "loss": each.result.loss,
                "off": certainty(each.result.calibration_error),
                "parameters": each.who.parameters,
                "speed": resources.answer_milliseconds(each.who.name, each.who.epoch),
            }
            for each in (answered, other)
        ],
        hide_index=True,
        column_config={
            "model": config.TextColumn("Model"),
            "loss": config.NumberColumn("Loss", format="%.4f", help=_LOSS),
            "off": config.TextColumn("Calibration error", alignment="right"),
            "parameters": config.NumberColumn("Parameters", format="localized", help=_PARAMETERS),
            "speed": config.NumberColumn("ms", format="%.2f", help="Milliseconds for one answer on this server."),
        },
        alt="Loss, calibration error, parameters and speed of both models",
    )
