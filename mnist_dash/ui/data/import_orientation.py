"""How the digits of an import lie: what the reader makes of them, and a switch with pictures of before and after."""

import streamlit as st

from mnist_dash.analysis.overview import draw_by_class
from mnist_dash.data.io.importing import ImportReport
from mnist_dash.data.io.orientation import WAYS, Orientation, lay_down, put_upright
from mnist_dash.figures import digits as pictures
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell.theme import colours

_TITLES = {way: words.look.capitalize() for way, words in WAYS.items()}
_LIE = "How the digits lie in your files. Some sets, as EMNIST, are stored transposed; here all digits are upright."


def choose(understood: ImportReport) -> Orientation | None:
    """Show how the digits lie and how they would if they lay otherwise; how to read them anew, where that is wanted."""
    suspicion, used = understood.suspicion, understood.orientation
    if suspicion:
        st.info(suspicion.describe(), icon=":material/screen_rotation:")
    with st.expander("How they lie", icon=":material/screen_rotation:", expanded=suspicion is not None):
        wanted = st.selectbox(
            "The digits are",
            _TITLES,
            index=list(_TITLES).index(suspicion.orientation if suspicion else used),
            format_func=_TITLES.__getitem__,
            key="orientation",
            help=_LIE,
        )
        if wanted is used:
            return None
        _compare(understood, wanted)
        return wanted if st.button("Put them upright", icon=":material/refresh:", key="put_upright") else None


def _compare(understood: ImportReport, wanted: Orientation) -> None:
    """A row of digits as they were read, and the same as they would be."""
    train = understood.dataset.train
    drawn = draw_by_class(train.labels, 1, 0)
    before = train.images[drawn.index]
    after = put_upright(lay_down(before, understood.orientation), wanted)
    width = pictures.sheet_width(drawn.columns, 4, 4) // 2
    for title, images in (("Now", before), ("Then", after)):
        st.caption(title)
        show_picture(pictures.draw_sheet(images, colours(), drawn.columns, 4, 4), f"{title}: a row of digits", width)
