"""The entry point: page set-up and navigation, nothing else."""

import streamlit as st

from mnist_dash.ui import resources, state
from mnist_dash.ui.messages import explained

st.set_page_config(page_title="MNIST Dash", page_icon=":material/draw:", layout="wide")
page = st.navigation(
    {
        "Start": [
            st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
            st.Page("pages/sketch.py", title="Sketch", icon=":material/draw:"),
        ],
        "Data": [st.Page("pages/explore.py", title="Explore", icon=":material/grid_view:")],
        "Learn": [st.Page("pages/train.py", title="Train", icon=":material/show_chart:")],
    }
)
state.enter(page.url_path)
with explained():
    page.run()
resources.frozen(page.url_path)
