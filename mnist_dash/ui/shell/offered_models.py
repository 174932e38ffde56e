"""The models that pages offer: those of the newest runs, those that this session has chosen however old, all others."""

from collections.abc import Iterator

import streamlit as st

from mnist_dash.models.registry.imported import list_imported
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.models.registry.run_names import is_run, number_of
from mnist_dash.models.registry.votes import list_whole
from mnist_dash.runs.finding import find_named, find_with_models
from mnist_dash.ui.shell import link, resources
from mnist_dash.ui.shell.keys import Key

_CHOICES = (Key.MODEL, Key.RIVAL, Key.MAP_OF, Key.BESIDE, Key.ALSO, Key.STRESSED)
"""The choices of models that links and sessions hold."""
_LONGEST = 20
"""Letters of a run's model's name: a longer one names none."""


def model_options(*also: str, waiting: bool = False) -> dict[str, str]:
    """Models that can answer by their names, with what people call them; `waiting` as in `list_model_options`.

    `also` names some that are offered however old their runs are.
    """
    database = resources.database()
    runs = find_with_models(database)
    named = {number_of(name) for name in (*also, *_list_chosen()) if len(name) <= _LONGEST and is_run(name)}
    older = find_named(database, named - {run.id for run in runs})
    return list_model_options([*runs, *older], list_imported(database), list_whole(database), waiting=waiting)


def _list_chosen() -> Iterator[str]:
    for text in link.read_settings(_CHOICES).values():
        yield from text.split(",")
    for key in _CHOICES:
        kept = st.session_state.get(key)
        yield from (kept,) if isinstance(kept, str) else kept or ()
