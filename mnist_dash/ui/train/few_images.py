"""Settings for few images, offered where the data set has no more."""

from collections.abc import Callable

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.methods.few_images import FEW, suggest_spec
from mnist_dash.methods.registry import Method
from mnist_dash.methods.spec import RunSpec

_HELP = (
    "Of few images a network learns more where it sees each one often and varied, and most where it could read before "
    "and keeps what it knew."
)


def offer_settings(method: Method, data: Dataset, adopt: Callable[[RunSpec], None]) -> None:
    """Where there are few training images, two ways to make the most of them, which `adopt` puts into the form."""
    images = len(data.train)
    if images >= FEW or not images or method.name == "fine_tuned":
        return
    st.caption(f"{images:,} training images are few.", help=_HELP)
    with st.container(horizontal=True, gap="xsmall"):
        _offer("Vary them", "vary_few", ":material/auto_fix:", suggest_spec(data.name, images), adopt)
        tuned = RunSpec.of("fine_tuned", data.name)
        _offer("Fine-tune the reader", "tune_few", ":material/school:", tuned, adopt)


def _offer(label: str, key: str, icon: str, spec: RunSpec, adopt: Callable[[RunSpec], None]) -> None:
    st.button(label, key=key, icon=icon, type="tertiary", on_click=adopt, args=(spec,))
