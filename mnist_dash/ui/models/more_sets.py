"""Where digits by other people are to be had that may not come with the program, and how to bring them."""

from dataclasses import dataclass

import streamlit as st

_HELP = (
    "Download the files, then bring them on the page Data sets or by the command below. Licences were looked up in "
    "November 2026: look again before you pass anything on."
)


@dataclass(frozen=True, slots=True)
class _Source:
    """A data set that somebody may fetch: `files` are what is imported, in words of the command line."""

    label: str
    writers: str
    digits: str
    licence: str
    address: str
    files: str = ""


_SOURCES = (
    _Source(
        "ARDIS, set IV",
        "Swedish priests, 1895 to 1970",
        "7,600",
        "research only, not to be passed on",
        "https://ardisdataset.github.io/ARDIS",
        "ARDIS_DATASET_IV --name ardis",
    ),
    _Source(
        "USPS",
        "people in the USA, on envelopes",
        "9,298",
        "none is stated",
        "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps",
        "usps.bz2 usps.t.bz2 --name usps",
    ),
    _Source(
        "Semeion",
        "about 80 people in Italy",
        "1,593",
        "CC BY 4.0",
        "https://archive.ics.uci.edu/dataset/178",
        "semeion.data --name semeion --holdout none",
    ),
    _Source(
        "UNIPEN, category 1a",
        "many, on tablets",
        "15,953",
        "research only (its notice); CC BY 4.0 (its page)",
        "https://zenodo.org/records/1195803",
    ),
    _Source(
        "Optdigits",
        "43 people in Turkey",
        "5,620",
        "CC BY 4.0",
        "https://archive.ics.uci.edu/dataset/80",
    ),
)
_OURS = "ours --name ours --holdout none"
_ASKED = "# Pictures of digits by people whom you ask, in the folders ours/0 to ours/9:"
_COMES = (
    "3,731 of the optdigits come with the program. UNIPEN's format is not read here: its strokes as JSON lines are."
)


def show() -> None:
    """A table: whose digits, how many, what one may do with them; and the lines that make data sets of the files."""
    with st.expander("Does it read the hands where you live? Bring more data sets", icon=":material/public:"):
        st.caption(_HELP)
        rows = (
            f"| [{each.label}]({each.address}) | {each.writers} | {each.digits} | {each.licence} |" for each in _SOURCES
        )
        head = ("| Data set | Who wrote | Digits | Licence |", "| :--- | :--- | ---: | :--- |")
        st.markdown("\n".join((*head, *rows)))
        st.caption(_COMES)
        files = (each.files for each in _SOURCES if each.files)
        lines = (*(f"mnist-dash import {each}" for each in files), _ASKED, f"mnist-dash import {_OURS}")
        st.code("\n".join(lines), language="bash", wrap_lines=True)
        st.page_link("pages/datasets.py", label="Bring a data set", icon=":material/folder_open:")
