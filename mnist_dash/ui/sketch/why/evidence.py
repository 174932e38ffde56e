"""What speaks for the answer, and what against it: laid over the digit, and in words."""

import streamlit as st

from mnist_dash.analysis.attribution import Attribution, Part, attribute, find_strongest
from mnist_dash.figures import attribution as figures
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch.why import findings
from mnist_dash.ui.sketch.why.findings import Reader

_PARTS = (
    "What stands in a coloured place, ink or empty paper, speaks for the answer or against it. Found by trying: about "
    "300 times ink is wiped off a small patch or put on one, and each time the network is asked again. The deeper the "
    "colour, the more the answer depends on what is there."
)
_ODDS = (
    "How much likelier it holds this digit than all others together, as a logarithm: 0 is one to one, 2.3 ten to one, "
    "6.9 a thousand to one. It goes on telling where percentages have reached 100."
)


def show(reader: Reader, sketch: Stages) -> None:
    """The digit in two colours, with one sentence that reads it."""
    found = attribute(findings.perturbations_of(reader, sketch.image))
    st.caption("What speaks for it, and against", help=_PARTS)
    figure = plot_shared(figures.plot_attribution, found.values, sketch.image, found.digit, colours())
    chart(figure, key="why_evidence", height=figures.HEIGHT, alt=f"What speaks for {found.digit} and against it")
    st.write(in_words(found, *find_strongest(found, sketch.image)))
    st.caption(f"Log-odds of {found.digit}: {found.log_odds:.1f}", help=_ODDS)


def in_words(found: Attribution, speaking: Part | None, against: Part | None) -> str:
    """The strongest part on each side, as a person would say it."""
    first = f"{_of(speaking)} speaks most for {found.digit}." if speaking else f"Nothing speaks for {found.digit}."
    return (
        f"{first} {_of(against)} speaks most against it." if against else f"{first} Hardly anything speaks against it."
    )


def _of(part: Part) -> str:
    where = "in the middle" if part.place == "middle" else f"on the {part.place}"
    where = where.replace("on the top", "at the top").replace("on the bottom", "at the bottom")
    return f"The {'ink' if part.ink else 'empty paper'} {where}"
