"""The views of the page Stress: what is changed are the digits, or the model that reads them."""

from enum import StrEnum
from typing import TYPE_CHECKING

from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset


class Lab(StrEnum):
    """What is put under stress."""

    DIGITS = "digits"
    MODEL = "model"


_TITLES = {Lab.DIGITS: "Change the digits", Lab.MODEL: "Damage the model"}


def choose() -> Lab:
    """The view that is chosen here, which the page's link then holds."""
    return linked_choice.choose("View", _TITLES, Key.LAB, label_visibility="collapsed")


def show(view: Lab, data: "Dataset") -> None:
    """Show a view on the test images of a data set."""
    from mnist_dash.ui.stress import damaged_model, stressed_digits  # with what they stand on

    (stressed_digits if view is Lab.DIGITS else damaged_model).show(data)
