"""Several models that vote: let them, see which votes there are, and delete one."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import silent
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.imported import ALLOWED, suggest_name
from mnist_dash.models.registry.votes import (
    FEWEST,
    MOST,
    Vote,
    delete_vote,
    explain_missing,
    find_missing,
    list_votes,
)
from mnist_dash.models.registry.voting import add_vote
from mnist_dash.ui.shell import offered_models, resources
from mnist_dash.ui.shell.messages import redraw_after

_WHAT = (
    "Several models answer as one: the mean of their probabilities. They make different mistakes, so that together "
    "they often read better than each alone. The vote can then be chosen wherever a model is."
)
_MEMBERS = f"{FEWEST} to {MOST} models, each once: bundled ones, those of ended runs, and imported ones."


def offer(names: Sequence[str], *, leads: bool = False) -> None:
    """Let models vote, at first those of these names; below it the votes that there are, where it `leads` with links.

    On the page Models itself a link to another model leads nowhere: the vote is chosen there.
    """
    votes = list_votes(resources.database())
    offered = offered_models.model_options(*names)
    options = {name: title for name, title in offered.items() if name not in {vote.name for vote in votes}}
    first = [name for name in names if name in options][:MOST]
    with st.popover("Let them vote", icon=":material/how_to_vote:", help=_WHAT):
        _ask(options, first)
        for vote in votes:
            _show_vote(vote, leads)


def _ask(options: dict[str, str], first: Sequence[str]) -> None:
    key, free = "_".join(first), suggest_name(resources.database(), "vote")
    members: list[str] = st.multiselect(
        "Models",
        list(options),
        first,
        format_func=options.__getitem__,
        max_selections=MOST,
        key=f"voters_{key}",
        help=_MEMBERS,
    )
    name = st.text_input("Name", free, key=f"vote_name_{key}_{free}", help=ALLOWED)
    few = len(members) < FEWEST
    if st.button("Let them vote", type="primary", icon=":material/how_to_vote:", disabled=few, key="let_vote"):
        redraw_after(lambda: add_vote(resources.database(), name, members, _find_data))


def _show_vote(vote: Vote, leads: bool) -> None:
    """A vote with its members, or with what it lacks, and what can be done with it."""
    missing = find_missing(resources.database(), vote)
    told = explain_missing(vote, missing) if missing else f"{vote.name}: {vote.describe_members()}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(escape_markdown(told), width="stretch")
        if leads and not missing:
            query = {"model": vote.name}
            st.page_link("pages/models.py", label="Evaluate", icon=":material/neurology:", query_params=query)
        if st.button("Delete", icon=":material/delete:", type="tertiary", key=f"delete_vote_{vote.name}"):
            redraw_after(lambda: delete_vote(resources.database(), vote.name))


def _find_data(name: str) -> Dataset | None:
    """The data set of that name; None where it is not on this machine any more."""
    datasets = resources.datasets()
    return datasets.dataset(name, silent) if name in datasets.names() else None
