"""What axe finds, the checker of the field: no page of ours breaks a rule that keeps people out, in either theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from mnist_dash.methods.spec import RunSpec
from tests.browser.conftest import Server, stand_ins
from tests.browser.test_looks import opened
from tests.browser.test_pages import PAGES
from tests.trained import trained

pytestmark = pytest.mark.browser

GRAVE = {"moderate", "serious", "critical"}
NAVIGATION = "node => node.closest('[data-testid=stSidebarNavItems]') !== null"
"""Streamlit's own list of pages, in which its groups stand between list and items: no page can change that."""
VIEWS = (
    "sketch?closer=why",
    "sketch?closer=drawn",
    "sketch?way=photo",
    "explore?view=map",
    "explore?view=quality",
    "models?model=cnn&model_view=confusion",
    "models?model=cnn&model_view=certainty",
    "stress?lab=model",
    "lessons?lesson=european-one",
)


@pytest.fixture
def ended_run(server: Server) -> int:
    """A finished run, so that Train and Runs show what they are for; its number."""
    with stand_ins(server) as database:
        return trained(database, RunSpec.of("dense_128", "mnist"), scores=(0.8, 0.9, 0.95, 0.94)).id


def find_faults(page: Page) -> list[tuple[str, str]]:
    """The rules that are broken and the elements that break them, without the list that is Streamlit's own."""
    broken = [rule for rule in Axe().run(page).response["violations"] if rule["impact"] in GRAVE]
    found = [(rule["id"], node) for rule in broken for node in rule["nodes"]]
    return [(rule, node["html"]) for rule, node in found if not is_streamlits(page, rule, node["target"][0])]


def is_streamlits(page: Page, rule: str, target: str) -> bool:
    """Whether an element breaks a rule of lists in the navigation."""
    return rule in ("list", "listitem") and bool(page.locator(target).first.evaluate(NAVIGATION))


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", [*PAGES, *VIEWS])
def test_axe_finds_nothing_of_ours_that_keeps_people_out(page: Page, path: str) -> None:
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        opened(page, path)
        found[scheme] = find_faults(page)
    assert found == {"light": [], "dark": []}


def test_a_fault_would_be_found(page: Page) -> None:
    opened(page, "")
    page.evaluate(
        "document.querySelector('.stMain').insertAdjacentHTML('beforeend', '<img src=x><ul><div>a</div></ul>')"
    )
    assert {rule for rule, _ in find_faults(page)} >= {"image-alt", "list"}
