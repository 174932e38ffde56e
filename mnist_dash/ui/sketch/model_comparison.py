"""Models side by side: several answer the same drawing, a run at work among them with its newest epoch."""

from collections.abc import Mapping, Sequence

import streamlit as st

from mnist_dash.figures import model_comparison
from mnist_dash.figures.model_comparison import Row
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.answering import find_all_answering
from mnist_dash.models.registry.run_names import BEST, is_run
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.following import follow
from mnist_dash.ui.shell import link, offered_models, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.answer import ask_model
from mnist_dash.ui.sketch.model_table import (
    ModelAnswer,
    ask_in_background,
    describe_state,
    show_links,
    show_table,
    write_line,
    write_verdict,
)

MOST, FIRST = 8, 4
"""Models that can be chosen, and that are at first."""
_MODELS = f"Up to {MOST} models that answer the same drawing. A run at work answers with its newest finished epoch."


def show(name: str, sketches: Sequence[Stages], chosen: int) -> None:
    """What the chosen models read; at first the one of that name, and others."""
    names = _choose(offered_models.model_options(waiting=True), name)
    if not names:
        st.caption("Choose the models that are to answer.")
        return
    follow(
        lambda: _looks(names),
        lambda looks: any(look.changing for look in looks),
        lambda looks: _answers(looks, sketches, chosen),
    )


def _choose(known: Mapping[str, str], name: str) -> list[str]:
    """The names of the models that are to answer."""
    kept = st.session_state.get(Key.BESIDE, link.BESIDE.read_link())
    there = [one for one in kept or () if one in known][:MOST]
    # A list that was emptied on purpose stays empty; one of models that are all gone does not.
    st.session_state[Key.BESIDE] = there if there or kept == [] else _first(known, name)
    names: list[str] = st.multiselect(
        "Models",
        tuple(known),
        format_func=known.__getitem__,
        key=Key.BESIDE,
        max_selections=MOST,
        persist_state="session",
        on_change=_to_link,
        help=_MODELS,
        placeholder="Choose models",
    )
    return names


def _first(known: Mapping[str, str], name: str) -> list[str]:
    """The model that answers above, the one that does by default, the newest runs, and what else there is."""
    others = [other for other in known if other != name and not other.endswith(BEST)]
    return [name, *sorted(others, key=lambda other: not (other == DEFAULT or is_run(other)))][:FIRST]


def _to_link() -> None:
    link.BESIDE.publish(st.session_state[Key.BESIDE])


def _looks(names: Sequence[str]) -> list[ModelAnswer]:
    """The models of these names that are still there."""
    return [ask_in_background(who) for who in find_all_answering(resources.database(), names)]


def _answers(looks: Sequence[ModelAnswer], sketches: Sequence[Stages], chosen: int) -> None:
    answers = [ask_model(look.model, sketches) if sketches and look.model else None for look in looks]
    shares = [None if said is None else said.probabilities[chosen] for said in answers]
    numbers = ["" if said is None else said.number for said in answers]
    st.markdown(write_verdict(list(filter(None, numbers))))
    bars, words = st.columns([2, 3], gap="large")
    with bars:
        rows = [Row(look.who.title, share, look.note) for look, share in zip(looks, shares, strict=True)]
        chart(
            plot_shared(model_comparison.plot_model_comparison, rows, colours()),
            key="bars_beside",
            height=model_comparison.height(len(rows)),
            alt=_described(rows),
        )
    with words:
        show_table([write_line(*of) for of in zip(looks, numbers, shares, strict=True)])
        show_links(looks)
        for look in looks:
            describe_state(look)


def _described(rows: Sequence[Row]) -> str:
    told = [f"{row.name} {'–' if row.shares is None else int(row.shares.argmax())}" for row in rows]
    return f"Ten probabilities for each model; the highest: {', '.join(told)}"
