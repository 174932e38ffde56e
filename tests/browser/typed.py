"""Every text of `tests.typed` in every place that Streamlit reads as markdown, which test_typed.py looks at."""

from collections.abc import Callable

import streamlit as st

from mnist_dash.escaping import escape_markdown
from tests.typed import TYPED

as_typed = "as-typed" in st.query_params


def show(number: int, typed: str) -> None:
    """One text in all places, each in a container that can be found again."""
    text = typed if as_typed else escape_markdown(typed)
    shown: dict[str, Callable[[], object]] = {
        "markdown": lambda: st.markdown(text),
        "bold": lambda: st.markdown(f"**{text}**"),
        "grey": lambda: st.markdown(f":gray[{text}]"),
        "item": lambda: st.markdown(f"- {text}\n- the next"),
        "cell": lambda: st.markdown(f"| Layer |\n| --- |\n| {text} |"),
        "icon": lambda: st.caption(f":material/info: {text}"),
        "heading": lambda: st.subheader(text, anchor=False),
        "error": lambda: st.error(text),
        "button": lambda: st.button(text, key=f"button_{number}"),
        "expander": lambda: st.expander(text),
        "progress": lambda: st.progress(0.5, text),
        "metric": lambda: st.metric(text, 1),
        "option": lambda: st.segmented_control("One", [number], format_func=lambda _: text, key=f"option_{number}"),
        "list": lambda: st.selectbox("One", [number], format_func=lambda _: typed, key=f"list_{number}"),
        "chips": lambda: st.multiselect("Some", [typed], [typed], key=f"chips_{number}"),
    }
    for place, write in shown.items():
        with st.container(key=f"typed_{number}_{place}"):
            write()


for at in enumerate(TYPED):
    show(*at)
st.text("That is all.")
