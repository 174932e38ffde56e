"""How often a browser asks for a part of the page that looks again by itself."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import started_alone, tab

pytestmark = pytest.mark.browser

# Looks four times, then rarely, six times, and then as before.
UNSTEADY = """
import time
from itertools import count
import streamlit as st
from mnist_dash.ui.shell.glances import Glances
from mnist_dash.ui.shell.look_again import look_again
if "looks" not in st.session_state:
    st.session_state.looks, st.session_state.pages, st.session_state.latest = count(), count(1), time.monotonic()
Glances.choose_pace = lambda _glances, _now=1: 16 if 4 <= next(st.session_state.looks) < 10 else 1
st.write(f"page {next(st.session_state.pages)}")
@look_again(0.25)
def look():
    now = time.monotonic()
    st.write(f"{now - st.session_state.latest:.1f} s later")
    st.session_state.latest = now
look()
"""


def test_a_browser_looks_as_rarely_as_it_is_told_to_without_a_new_page(browser: Browser, tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(UNSTEADY)
    rarely, often = (re.compile(rf"^{seconds} s later$") for seconds in (r"([3-9]|\d\d)\.\d", r"[01]\.\d"))
    with started_alone(tmp_path, script) as server, tab(browser, server.url, {"width": 600, "height": 400}) as page:
        page.goto("/")
        expect(page.get_by_text("Many people are at work: this looks again every 4 s.")).to_be_visible()
        expect(page.get_by_text(rarely)).to_be_visible()
        expect(page.get_by_text("Many people")).to_be_hidden()
        expect(page.get_by_text(often)).to_be_visible()
        expect(page.get_by_text("page 1", exact=True)).to_be_visible()
        assert not server.faults()
