"""A page with a cloud of digits alone, for tests/browser/test_cloud.py, served as app.py serves its pages."""

import json

import numpy as np
import streamlit as st

from mnist_dash.data.generator.writers import generate
from mnist_dash.figures.cloud import Cloud, Tint, plot_cloud
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.shell.theme import colours

st.set_page_config(layout="wide")
asked = st.query_params
count, seed = int(asked.get("count", "2000")), int(asked.get("seed", "0"))
digits = st.cache_resource(generate)(500, 0)
rng = np.random.default_rng(seed)
place = np.arange(count, dtype=np.int32)
label = digits.labels[place % 500]
points = rng.normal(size=(10, 2))[label] * 4 + rng.normal(size=(count, 2))
probabilities = rng.dirichlet(np.full(10, 0.1), count) + 0.3 * np.eye(10)[label]
tint = Tint(st.radio("Colours", list(map(str, Tint)), horizontal=True))
if st.toggle("Other points"):
    points = points[::-1].copy()
found = chart(
    plot_cloud(
        Cloud(
            points.astype(np.float32),
            (place % 7 == 0).astype(np.uint8),
            place,
            label,
            (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32),
            (0.25, 0.125) if asked.get("shares") else None,
        ),
        tint,
        colours(),
    ),
    key="cloud",
    height=560,
    alt="Map of digits",
    thumbnails=digits.images[place % 500],
    selectable=True,
)
st.text(f"Selected: {json.dumps(found.points if found else None)}")
