"""A server with a password: a browser is asked for it once, and then everything works as ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, started, tab

PASSWORD = "chalk & cheese"  # noqa: S105 - of this test alone


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server for those who know the password."""
    monkeypatch.setenv("MNIST_DASH_PASSWORD", PASSWORD)
    with started(tmp_path) as server:
        yield server


def test_the_password_is_asked_once_and_the_page_that_was_asked_for_follows(browser: Browser, shared: Server) -> None:
    with tab(browser, shared.url, {"width": 390, "height": 844}) as page:
        page.goto("/sketch?way=photo")
        expect(page.get_by_text("This server asks for the password")).to_be_visible()
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type("cheese & chalk\n")
        expect(page.get_by_role("alert")).to_contain_text("That is not the password")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_role("heading", name="Sketch")).to_be_visible()
        assert page.url.endswith("/sketch?way=photo")
        # Another tab of the same browser is in already.
        other = page.context.new_page()
        other.goto("/methods")
        expect(other.get_by_role("heading", name="Methods")).to_be_visible()
    assert not shared.faults()
