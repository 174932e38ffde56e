"""The members of a vote on its card."""

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.answering import AnsweringModel

_PLAIN = (
    "It is no network of its own but **{count} models that vote**: each says how likely every digit is, and the mean "
    "of what they say is the answer. They make different mistakes, so that together they often read better."
)


def describe(who: AnsweringModel) -> str:
    """What a vote is, for somebody who has never heard of one."""
    return _PLAIN.format(count=len(who.members))


def show(who: AnsweringModel) -> None:
    """Each member with its parameters; the vote has no layers."""
    rows = [f"| {escape_markdown(member.title)} | {member.parameters:,} |" for member in who.members]
    st.markdown("\n".join(("| Member | Parameters |", "| :--- | ---: |", *rows)))
    st.caption("A vote has no layers of its own. Choose one of its members to see what its layers saw.")
