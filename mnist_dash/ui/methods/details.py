"""One claim from near: what it is, who says what of it, what was measured, and the way to try it."""

import streamlit as st

from mnist_dash.data.dataset import MNIST
from mnist_dash.data.one_of_each import draw_one_of_each
from mnist_dash.data.progress import silent
from mnist_dash.data.store import named_sets
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.claims import CLAIMS, Claim
from mnist_dash.methods.measured import Measured
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.spec_text import write_settings
from mnist_dash.ui.components.code import offer_code
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import duration, interval, percent, size

_TEN = "one-of-each"
_TRY = "Opens the page Train with these settings."


def show(name: str, found: Measured | None) -> None:
    """What is known of it, and what can be done with it."""
    claim = CLAIMS[name]
    st.header(claim.title, anchor=False)
    st.markdown(escape_markdown(get_method(claim.method).summary))
    st.caption(f"From: {escape_markdown(claim.source)}.")
    said = "–" if claim.accuracy is None else percent(claim.accuracy)
    with st.container(horizontal=True, gap="large", key="figures_of_claim"):
        st.metric("Its source says", said, help=claim.said or "Its source gives no figure that could be compared.")
        st.metric("Measured here", percent(found.mean_test_accuracy) if found else "–")
    st.markdown(_judge(claim, found))
    with st.container(horizontal=True):
        if st.button("Train it", type="primary", icon=":material/play_arrow:", help=_TRY):
            messages.redraw_after(lambda: _train(claim))
        offer_code(claim.make_spec())


def _judge(claim: Claim, found: Measured | None) -> str:
    """What was measured, in words, beside what was said."""
    if found is None:
        return "It has not been measured yet."
    low, high = found.interval
    over = f"mean of {len(found.seeds)} seeds" if len(found.seeds) > 1 else "one seed"
    told = [f"{interval(low, high).capitalize()}, {over}, last epoch."]
    if claim.accuracy is not None:
        told.append(_compare(claim.accuracy, low, high))
    cores = f"{duration(found.mean_processor_seconds)} of processor time to learn"
    kept = f", {size(found.bytes)} kept" if found.bytes else ""
    told.append(f"It takes {cores}{kept}, and {found.answer_ms:.2f} ms for an answer.")
    return " ".join(told)


def _compare(said: float, low: float, high: float) -> str:
    if said > high:
        return "That is less than its source says."
    if said < low:
        return "That is more than its source says."
    return "That agrees with its source."


def _train(claim: Claim) -> None:
    """Open Train with the settings of the claim, on a set of ten images where it asks for one."""
    data = _make_ten_images() if claim.one_of_each else MNIST
    st.switch_page("pages/train.py", query_params={Key.DATA.value: data, **write_settings(claim.make_spec(data=data))})


def _make_ten_images() -> str:
    settings = resources.settings()
    if _TEN not in named_sets.names(settings):
        ten = draw_one_of_each(resources.datasets().dataset(MNIST, silent), seed=0)
        named_sets.save(settings, _TEN, ten, resources.database().user)
    return _TEN
