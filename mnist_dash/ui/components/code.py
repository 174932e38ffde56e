"""A run's settings as a script of its own, in a dialog."""

import streamlit as st

from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec

_NETWORK = "Runs by itself with Keras 3. First weights and the order of the images differ from the run here."
_FIT = "Runs by itself with scikit-learn, on the very images of this run."


def offer_code(spec: RunSpec) -> None:
    """A button that shows the script."""
    label = "As scikit-learn code" if spec.is_fitted else "As Keras code"
    if st.button(label, icon=":material/code:", type="tertiary"):
        _show(spec)


@st.dialog("This run as code", width="large")
def _show(spec: RunSpec) -> None:
    st.caption(_FIT if spec.is_fitted else _NETWORK)
    st.code(write_script(spec), language="python")
