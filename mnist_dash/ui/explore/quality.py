"""Quality: labels that are probably wrong, and images that occur twice."""

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.ui.explore import duplicates, label_issues


def show(data: Dataset) -> None:
    """Doubted labels first, then duplicates."""
    st.header("Labels that are probably wrong", anchor=False)
    label_issues.show(data)
    st.divider()
    st.header("Images that occur twice", anchor=False)
    duplicates.show(data)
