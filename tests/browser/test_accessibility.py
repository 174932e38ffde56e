"""What axe finds, the checker of the field: no page of ours breaks a rule that keeps people out, in either theme."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from mnist_dash.methods.spec import RunSpec
from tests.browser.conftest import Server, stand_ins
from tests.browser.test_looks import opened
from tests.browser.test_pages import PAGES
from tests.trained import trained

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical", "moderate"}
STREAMLIT: dict[str, str] = {}
"""Findings in Streamlit's own mark-up, which pages cannot change: the rule, and what the element looks like."""
VIEWS = (
    "sketch?closer=why",
    "sketch?closer=drawn",
    "sketch?way=photo",
    "explore?view=map",
    "explore?view=quality",
    "models?model=cnn&model_view=confusion",
    "models?model=cnn&model_view=certainty",
    "stress?lab=model",
    "lessons?lesson=european",
)


@pytest.fixture
def ended_run(server: Server) -> int:
    """A finished run, so that Train and Runs show what they are for; its number."""
    with stand_ins(server) as database:
        return trained(database, RunSpec.of("dense_128", "mnist"), scores=(0.8, 0.9, 0.95, 0.94)).id


def find_faults(page: Page) -> list[tuple[str, str]]:
    """The rules that are broken and the elements that break them, without those that are Streamlit's own."""
    broken = Axe().run(page).response["violations"]
    found = [(rule["id"], node["html"]) for rule in broken if rule["impact"] in GRAVE for node in rule["nodes"]]
    return [(rule, html) for rule, html in found if not re.search(STREAMLIT.get(rule, "$^"), html)]


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", [*PAGES, *VIEWS])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours_that_keeps_people_out(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, path)
    assert find_faults(page) == []
