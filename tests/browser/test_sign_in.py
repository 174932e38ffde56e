"""People sign in with a real provider on loopback: who comes in, as whom, what they may do, and how they go again."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from mnist_dash import users
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.users import Role
from tests.awaiting import deadline, until
from tests.browser.conftest import Server, free_port, stand_ins, started, tab
from tests.browser.test_pages import settled

pytestmark = pytest.mark.browser

SECRET = "of these tests alone, and long enough"  # noqa: S105
PEOPLE: dict[str, dict[str, object]] = {
    "ada": {"name": "Ada *Lovelace*", "group": ["mathematicians", "tutors"]},
    "bob": {"name": "Bob", "group": "students"},
    "eve": {"name": "Eve", "group": "strangers"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that knows these people."""
    with providing(*(json.dumps({"sub": sub, **claims}) for sub, claims in PEOPLE.items())) as address:
        yield address


@contextmanager
def providing(*people: str) -> Iterator[str]:
    """The address of a provider in a process of its own: what it is made of warns of what it will be."""
    port = free_port()
    named = [word for person in people for word in ("--user-claims", person)]
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(port), *named]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://localhost:{port}"
            until(lambda: _describe(address))
            yield address
        finally:
            process.terminate()


@contextmanager
def signing_in(home: Path, metadata: str) -> Iterator[Server]:
    """A server whose people sign in with the provider that is described there."""
    secrets = home / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://localhost:{{port}}/oauth2callback"\ncookie_secret = "{SECRET}"\n'
        f'client_id = "mnist-dash"\nclient_secret = "secret"\nserver_metadata_url = "{metadata}"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SECRETS_FILES", str(secrets))
        patch.setenv("MNIST_DASH_CLAIM", "group")
        patch.setenv("MNIST_DASH_ROLES", "students=look, tutors=train")
        with started(home) as server:
            yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Server]:
    """A server with a home of its own, and that provider."""
    with signing_in(tmp_path_factory.mktemp("home"), f"{provider}/.well-known/openid-configuration") as server:
        yield server


def sign_in(page: Page, who: str, address: str = "/") -> None:
    """Go to an address, and over the door and the provider in."""
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()


def test_a_page_is_shown_after_the_door_and_the_provider_and_not_after_signing_out(
    browser: Browser, server: Server, provider: str
) -> None:
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        page.goto("/methods?all=1")
        expect(page.get_by_text("Sign in to work on this server.")).to_be_visible()
        assert "Methods" not in page.content()
        page.get_by_role("button", name="Sign in").click()
        assert page.url.startswith(provider)
        page.get_by_role("button", name="ada", exact=True).click()
        expect(page.get_by_role("heading", name="Methods", exact=True)).to_be_visible()
        assert page.url == f"{server.url}/methods?all=1"
        expect(page.get_by_text("Ada *Lovelace*, may train")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        # The provider asks whether it is to end its own session as well.
        page.get_by_role("button", name="End session").click()
        expect(page.get_by_text("Sign in to work on this server.")).to_be_visible()
        page.goto("/methods")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not server.faults()


def test_who_may_look_finds_no_way_to_train_and_anothers_run_stays_as_it_is(browser: Browser, server: Server) -> None:
    ada = users.User("another", "Ada", Role.TRAIN)
    with stand_ins(server) as database:
        run = queue.submit(database.acting_as(ada), RunSpec.of("dense_128", "mnist"))
        with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
            sign_in(page, "bob", f"/train?run={run.id}")
            expect(page.get_by_text("Bob, may look")).to_be_visible()
            expect(page.get_by_role("button", name="Start training")).to_be_disabled()
            expect(page.get_by_text("who may look and change nothing").first).to_be_visible()
            expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
            sign_in(page, "ada", f"/train?run={run.id}")
            # Her account is another one than that of the run, though she is called the same.
            expect(page.get_by_text(f"Run {run.id} belongs to Ada")).to_be_visible()
            expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
            page.get_by_role("button", name="Start training").click()
            own = until(lambda: [one for one in runs_of(database) if one.id != run.id])[0]
            assert (own.owner, own.account.endswith(" ada")) == ("Ada *Lovelace*", True)
            expect(page).to_have_url(re.compile(rf"run={own.id}"))
            page.get_by_role("button", name="Cancel").click()
            until(lambda: run_of(database, own.id).state is State.STOPPED)
        assert run_of(database, run.id).state is State.QUEUED
    assert not server.faults()


def test_anothers_data_set_is_read_and_stays_and_ones_own_is_deleted(
    browser: Browser, server: Server, provider: str, small: Digits
) -> None:
    settings = Settings(home=server.home, offline=True)
    issuer = (_describe(provider) or {})["issuer"]
    for name, account, owner in (("others", "another", "Ada"), ("hers", f"{issuer} ada", "Ada *Lovelace*")):
        named_sets.save(settings, name, Dataset(name, small, small, "a test"), users.User(account, owner, Role.TRAIN))
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        sign_in(page, "ada", "/datasets")
        expect(page.get_by_text("others, of Ada", exact=True)).to_be_visible()
        expect(page.get_by_text("hers, of Ada *Lovelace*", exact=True)).to_be_visible()
        hers, others = (page.get_by_role("button", name="Delete").nth(place) for place in (0, 1))
        expect(others).to_be_disabled()
        settled(page)
        others.hover(force=True)
        expect(page.get_by_text("The data set others belongs to Ada, and you are signed in as")).to_be_visible()
        hers.click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.get_by_text("hers, of Ada *Lovelace*", exact=True)).to_be_hidden()
        assert named_sets.names(settings) == ("others",)
        page.goto("/train?data=others")
        expect(page.get_by_text("450 images, 50 for validation")).to_be_visible()
        expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    assert not server.faults()


@pytest.mark.parametrize("shows", ["the run that waits", "one that has ended"])
def test_a_button_that_a_quota_has_taken_away_comes_back_by_itself(
    browser: Browser, tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch, shows: str
) -> None:
    monkeypatch.setenv("MNIST_DASH_QUEUED", "1")
    with signing_in(tmp_path, f"{provider}/.well-known/openid-configuration") as server, stand_ins(server) as database:
        ended = control.stop(database, queue.submit(database, RunSpec.of("dense_128", "mnist")).id)
        with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
            sign_in(page, "ada", "/train")
            start = page.get_by_role("button", name="Start training")
            expect(page.get_by_text("Left to you: 1 of 1 places in the queue.")).to_be_visible()
            start.click()
            expect(start).to_be_disabled()
            expect(page.get_by_text("allowed are 1 a person at once")).to_be_visible()
            if shows == "one that has ended":
                page.goto(f"/train?run={ended.id}")
                expect(page.get_by_role("heading", name=f"Run {ended.id}: ")).to_be_visible()
                expect(start).to_be_disabled()
            run = until(lambda: runs_of(database, State.QUEUED))[0]
            assert queue.claim(database, "here", run.id)
            expect(start).to_be_enabled()
            expect(page.get_by_text("Left to you: 1 of 1 places in the queue.")).to_be_visible()
        assert not server.faults()


def test_whose_role_is_unknown_is_told_so_and_may_sign_in_as_somebody_else(browser: Browser, server: Server) -> None:
    with tab(browser, server.url, {"width": 390, "height": 844}) as page:
        sign_in(page, "eve")
        told = page.get_by_role("alert")
        expect(told).to_contain_text("Your provider says 'strangers' of you (group), and this server knows 'students'")
        page.get_by_role("link", name="Sign out").click()
        page.get_by_role("button", name="End session").click()
        expect(page.get_by_text("Sign in to work on this server.")).to_be_visible()
    assert not server.faults()


def test_a_token_that_another_has_signed_lets_nobody_in(browser: Browser, tmp_path: Path, provider: str) -> None:
    """The server is told the keys of another provider, and so finds the token forged."""
    with providing() as other:
        described = (_describe(provider) or {}) | {"jwks_uri": f"{other}/jwks"}
        with publishing(described) as address, signing_in(tmp_path, address) as server:
            with tab(browser, server.url) as page:
                sign_in(page, "ada")
                expect(page.get_by_text("Sign in to work on this server.")).to_be_visible()
            assert "OAuth token exchange failed" in server.log.read_text()


def test_the_connection_of_a_page_is_for_those_alone_who_are_signed_in(server: Server) -> None:
    claims = {"iss": "http://localhost", "sub": "ada", "group": "tutors", "is_logged_in": True, "origin": server.url}
    now = int(time.time())
    assert _connect(server, None) == 403
    assert _connect(server, _cookie(claims | {"iat": now})) == 101
    assert _connect(server, _cookie(claims | {"iat": now}, "another secret than that of the server")) == 403
    assert _connect(server, _cookie(claims | {"iat": now - users.SECONDS - 60})) == 403
    assert _connect(server, _cookie(claims | {"iat": now, "group": "strangers"})) == 403
    assert _connect(server, _cookie(claims | {"iat": now, "is_logged_in": False})) == 403
    assert not server.faults()


def test_a_sign_in_that_has_expired_leads_to_the_door_and_back(browser: Browser, server: Server) -> None:
    long_ago = int(time.time()) - users.SECONDS - 60
    claims = {"iss": "http://localhost", "sub": "ada", "group": "tutors", "is_logged_in": True, "origin": server.url}
    with tab(browser, server.url) as page:
        value = _cookie(claims | {"iat": long_ago}).partition("=")[2]
        page.context.add_cookies([{"name": USER_COOKIE_NAME, "value": value, "url": server.url}])
        page.goto("/methods")
        expect(page.get_by_role("alert")).to_contain_text("You signed in more than 12 hours ago")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="ada", exact=True).click()
        expect(page.get_by_role("heading", name="Methods", exact=True)).to_be_visible()
    assert not server.faults()


def _cookie(claims: dict[str, object], secret: str = SECRET) -> str:
    """A cookie with these claims, as Streamlit writes one."""
    return f"{USER_COOKIE_NAME}={create_signed_value(secret, USER_COOKIE_NAME, json.dumps(claims)).decode()}"


def _connect(server: Server, cookie: str | None) -> int:
    """The status of the answer to a page that wants to connect."""
    hello = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "origin": server.url,
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=deadline())
    try:
        connection.request("GET", "/_stcore/stream", headers=hello | ({"cookie": cookie} if cookie else {}))
        return connection.getresponse().status
    finally:
        connection.close()


def _describe(provider: str) -> dict[str, object] | None:
    """What a provider says of itself; None where it does not answer yet."""
    address = f"{provider}/.well-known/openid-configuration"
    try:
        with urllib.request.urlopen(address, timeout=deadline()) as answer:  # noqa: S310 - our own
            described: dict[str, object] = json.load(answer)
    except URLError:
        return None
    return described


@contextmanager
def publishing(content: dict[str, object]) -> Iterator[str]:
    """The address on loopback at which that is found."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/.well-known/openid-configuration"
        server.shutdown()
        thread.join(deadline())
