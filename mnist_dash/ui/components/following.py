"""Parts of the page that are drawn anew as long as what they show changes."""

from collections.abc import Callable
from typing import TypeVar

from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.ui.shell.messages import explain_errors

T = TypeVar("T")
GLANCE = 2.0
"""Seconds between two looks at what learns, or becomes ready."""


def follow(look: Callable[[], T], is_changing: Callable[[T], bool], show: Callable[[T], None]) -> None:
    """Show what a look finds, again and again while it is changing; after that the page is drawn once more."""
    changing = is_changing(look())

    @look_again(GLANCE if changing else None)
    def part() -> None:
        with explain_errors():
            found = look()
            if changing and not is_changing(found):
                redraw_page()
            show(found)

    part()
