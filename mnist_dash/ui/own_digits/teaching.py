"""Teach the reader the digits of a set with one press, and see what it was worth: before and after."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from mnist_dash.data.dataset import MNIST, Digits
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.models.bundled import DEFAULT, read_card
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.own_digits.teaching import FEWEST, SPARED, find_lessons, prepare_lesson
from mnist_dash.runs.queries import epochs_of, run_of
from mnist_dash.runs.records import Run
from mnist_dash.runs.starting import start_run
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.words import percent

GLANCE = 1.0
"""Seconds between two looks at a reader that learns."""
_HELP = (
    "The bundled reader learns these digits as well, varied a little each time, and is shown others again meanwhile, "
    f"so that it does not forget how everybody else writes. Of {SPARED} digits and more a fifth is kept aside, to see "
    "what it was worth."
)


_OFF: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off"}
"""Of a metric that has not changed."""


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a reader reads of so many `asked` images, `before` and `after` it was taught, as shares."""

    what: str
    before: float
    after: float
    asked: int


def show(chosen: OwnSet) -> None:
    """The button, and what the last lesson was worth."""
    st.header("Teach the reader", anchor=False, help=_HELP)
    if chosen.digits < FEWEST:
        st.caption(f"From {FEWEST} digits on the reader can be taught your hand.")
        return
    lessons = find_lessons(resources.database(), chosen)
    learning = bool(lessons) and lessons[0].changing
    st.button(
        "Teach it these digits",
        icon=":material/school:",
        type="primary",
        disabled=learning,
        key="teach",
        on_click=_teach,
        args=(chosen,),
    )
    refused = st.session_state.pop(Key.OWN_REFUSED, None)
    if refused:
        st.error(escape_markdown(refused), icon=":material/error:")
    if lessons:
        _follow(lessons[0].id, learning=learning)


def _teach(chosen: OwnSet) -> None:
    database, settings = resources.database(), resources.settings()
    try:
        test = resources.datasets().dataset(MNIST, silent).test
        spec = prepare_lesson(database, settings, chosen, test).spec
        start_run(settings, database, spec, f"Reader taught {chosen.name}")
    except MnistDashError as e:
        st.session_state[Key.OWN_REFUSED] = str(e)


def _follow(run_id: int, *, learning: bool) -> None:
    """The run until it has ended; then the view is drawn once more."""

    @look_again(GLANCE if learning else None)
    def look() -> None:
        with messages.explain_errors():
            found = run_of(resources.database(), run_id)
            if found.changing is not learning:
                redraw_page()
            elif learning:
                share = found.epoch / found.spec.rounds
                st.progress(share, f"Learning: epoch {min(found.epoch + 1, found.spec.rounds)} of {found.spec.rounds}")
                _link(found)
            else:
                _tell(found)

    look()


def _link(run: Run) -> None:
    query = {"run": str(run.id)}
    label = "Watch it" if run.changing else "Its run"
    st.page_link("pages/train.py", label=label, icon=":material/show_chart:", query_params=query)


def _tell(run: Run) -> None:
    """What it reads now and what it read before, and the way to use it."""
    if run.score is None:
        st.caption(f"The last lesson is {run.state}. {escape_markdown(run.reason or '')}")
        _link(run)
        return
    for worth in _list_worth(run):
        st.metric(
            worth.what,
            percent(worth.after),
            f"{100 * (worth.after - worth.before):+.2f} points, {percent(worth.before)} before",
            help=f"Of {worth.asked:,} images.",
            **_OFF if worth.after == worth.before else {},
        )
    with st.container(horizontal=True):
        query = {Key.MODEL.value: str(run.id)}
        st.page_link("pages/sketch.py", label="Draw for it", icon=":material/draw:", query_params=query)
        _link(run)


def _list_worth(run: Run) -> list[_Worth]:
    """MNIST's test images, and own digits kept aside where there are some."""
    assert run.score is not None  # noqa: S101 - asked by whoever calls
    card = read_card(DEFAULT)
    found = [_Worth("MNIST's test images", card.test_accuracy, run.score.accuracy, run.score.images)]
    last = epochs_of(resources.database(), run.id)[-1:]
    kept_aside = _find_kept_aside(run)
    if last and last[0].validation_accuracy is not None and kept_aside is not None and len(kept_aside):
        answers = resources.bundled_model(DEFAULT).probabilities(kept_aside.images).argmax(axis=1)
        before = float((answers == kept_aside.labels).mean())
        found.insert(0, _Worth("Own digits kept aside", before, last[0].validation_accuracy, len(kept_aside)))
    return found


def _find_kept_aside(run: Run) -> Digits | None:
    """The own digits that the run did not learn from; None where their data set is gone."""
    try:
        digits = resources.datasets().dataset(run.spec.data, silent).train
        return digits.take(draw_run_split(run.spec, digits).validation)
    except DataError:
        return None
