"""A set as a data set, to train on, and as files."""

from functools import partial

import streamlit as st

from mnist_dash.data.dataset import MNIST, Digits
from mnist_dash.data.io.discovery import TEST_SHARE
from mnist_dash.data.progress import silent
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.few_images import suggest_spec
from mnist_dash.methods.spec_text import write_settings
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.export import OwnDigitFormat, write_content
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key

_FORMATS = {
    OwnDigitFormat.NPZ: "NPZ",
    OwnDigitFormat.CSV: "CSV",
    OwnDigitFormat.PICTURES: "PNG pictures",
    OwnDigitFormat.IDX: "IDX",
    OwnDigitFormat.PARQUET: "Parquet",
    OwnDigitFormat.LINES: "Pen strokes (JSON lines)",
    OwnDigitFormat.INKML: "Pen strokes (InkML)",
    OwnDigitFormat.JSON: "JSON with strokes",
}
_DOWNLOAD = (
    "JSON holds all: strokes, ink, answers, writers, and what is not a digit. Pen strokes come back by an import, "
    "without digits from photos and those in which something was erased. The rest holds images and labels."
)
_SET = "A data set does not change any more, so that figures of runs stay true. Make another when you have more."
_OWN, _MNIST = "The last seventh of each digit", "MNIST's test images"
_TEST = "Test images are looked at once, when a run has ended. Of few digits none can be spared: take MNIST's then."


def offer_download(chosen: OwnSet) -> None:
    """All digits of a set as a file."""
    with st.popover("Download", icon=":material/download:"):
        st.caption(_DOWNLOAD)
        for file_format, title in _FORMATS.items():
            st.download_button(
                title,
                partial(write_content, resources.database(), file_format, chosen.key),
                f"{chosen.name}{file_format}",
                key=f"take_own{file_format}",
                on_click="ignore",
                width="stretch",
            )


def offer(chosen: OwnSet) -> None:
    """Make a data set of the digits of this moment, and lead on to training."""
    with st.popover("Make a data set", icon=":material/folder_open:"), st.form("own_data_set", border=False):
        st.caption(_SET)
        name = st.text_input("Name", chosen.name, key=f"data_set_of_{chosen.key}")
        test = st.radio("Test images", [_OWN, _MNIST], index=_find_test(chosen), key="own_test", help=_TEST)
        if st.form_submit_button("Make it", icon=":material/check:"):
            _make(chosen, name, with_mnist=test == _MNIST)


def _find_test(chosen: OwnSet) -> int:
    counts = collection.count_by_label(resources.database(), chosen.key)
    return int(not any(count >= TEST_SHARE for label, count in counts.items() if label is not None))


def _open_test() -> Digits:
    with st.spinner("Opening MNIST"):
        return resources.datasets().dataset(MNIST, silent).test


def _make(chosen: OwnSet, name: str, *, with_mnist: bool) -> None:
    try:
        test = _open_test() if with_mnist else None
        made = collection.make_set(resources.database(), resources.settings(), name, chosen.key, test)
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    images = f"{len(made.train):,} training and {len(made.test):,} test images"
    st.success(f"{escape_markdown(made.name)} is here now: {images}.")
    settings = {Key.DATA.value: made.name, **write_settings(suggest_spec(made.name, len(made.train)))}
    st.page_link("pages/train.py", label="Train on it", icon=":material/show_chart:", query_params=settings)
