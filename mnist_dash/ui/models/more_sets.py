"""Where digits by other people are to be had that may not come with the program, and how to bring them."""

import streamlit as st

_HELP = (
    "A download is a file on your machine first; then it is brought on the page Data sets, or by the command. What a "
    "licence allows was looked up in November 2026: look again before you pass anything on."
)
_ROWS = (
    (
        "ARDIS, set IV",
        "Swedish priests, 19th and 20th century",
        "7,600",
        "research only, not to be passed on",
        "ardisdataset.github.io/ARDIS",
        "mnist-dash import ARDIS_DATASET_IV --name ardis",
    ),
    (
        "USPS",
        "people in the USA, on envelopes",
        "9,298",
        "none is stated",
        "csie.ntu.edu.tw/~cjlin/libsvmtools/datasets",
        "mnist-dash import usps.bz2 usps.t.bz2 --name usps",
    ),
    (
        "Semeion",
        "about 80 people in Italy",
        "1,593",
        "CC BY 4.0",
        "archive.ics.uci.edu/dataset/178",
        "mnist-dash import semeion.data --name semeion --holdout none",
    ),
    (
        "Optdigits",
        "43 people in Turkey",
        "5,620",
        "CC BY 4.0",
        "archive.ics.uci.edu/dataset/80",
        "comes with the program: 3,731 of them as larger images",
    ),
    (
        "UNIPEN, pen strokes",
        "people at four institutions",
        "4,263",
        "research only by its own notice",
        "zenodo.org/records/1195803",
        "mnist-dash import strokes.jsonl.gz --name pen-strokes --holdout none",
    ),
    (
        "Your own people",
        "whom you ask",
        "as many as you like",
        "theirs",
        "a folder for each digit, or a ZIP of these",
        "mnist-dash import folder --name ours --holdout none",
    ),
)
_HEAD = ("Data set", "Who wrote", "Digits", "Licence", "Where", "What to do then")


def show() -> None:
    """A table: whose digits, how many, what one may do with them, and the line that makes a data set of the files."""
    with st.expander("Does it read the hands where you live? Bring more data sets", icon=":material/public:"):
        st.caption(_HELP)
        st.dataframe(
            [dict(zip(_HEAD, row, strict=True)) for row in _ROWS],
            hide_index=True,
            height="content",
            column_config={"What to do then": st.column_config.TextColumn(width="large")},
            alt="Data sets of digits by other people, their licences and how to bring them",
        )
        st.page_link("pages/datasets.py", label="Bring a data set", icon=":material/folder_open:")
