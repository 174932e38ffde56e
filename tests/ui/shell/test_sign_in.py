"""A provider that is named badly shuts the door before everybody; nobody comes in by mistake."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from mnist_dash.settings import Settings
from mnist_dash.ui.shell import sign_in
from mnist_dash.ui.shell.door import Door
from mnist_dash.users import LOCAL, NOBODY
from tests.ui.serving import serving
from tests.ui.shell.test_door import HTML, ROUTES

WHOLE = """
[auth]
redirect_uri = "http://localhost/oauth2callback"
cookie_secret = "of this test alone, and long"
client_id = "mnist-dash"
client_secret = "secret"
server_metadata_url = "http://localhost/.well-known/openid-configuration"
"""
NAMED = """
[auth]
redirect_uri = "http://localhost/oauth2callback"
cookie_secret = "of this test alone, and long"
[auth.school]
client_id = "mnist-dash"
client_secret = "secret"
server_metadata_url = "http://localhost/school"
[auth."<b>"]
client_id = "mnist-dash"
client_secret = "secret"
server_metadata_url = "http://localhost/other"
"""


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[Path]:
    """The file of Streamlit's secrets, which is not there yet."""
    before, path = config.get_option("secrets.files"), tmp_path / "secrets.toml"
    config.set_option("secrets.files", [str(path)])
    secrets_singleton._reset()
    yield path
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


def ask(address: str, body: bytes | None = None, accept: dict[str, str] = HTML, **environ: str) -> tuple[int, str, str]:
    """Status, words, and where the answer of a server behind the door sends, to somebody without any cookie."""
    with serving(ROUTES, [Middleware(Door, environ)]) as asking:
        reply = asking(address, body, accept)
        return reply.status, reply.read().decode(), reply.getheader("location") or ""


def test_without_a_provider_everybody_is_the_local_user(secrets: Path) -> None:
    assert not sign_in.is_configured()
    secrets.write_text("other = 1\n")
    assert not sign_in.is_configured()
    assert sign_in.current_user(Settings(secrets)) is LOCAL
    assert ask("/train")[1].startswith("secret")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[auth\n", "cannot be read; allowed is TOML"),
        ("[auth]\n", "redirect_uri"),
        (WHOLE.replace("client_secret", "other"), "client_secret"),
        (WHOLE.replace("cookie_secret", "other"), "cookie_secret"),
        (NAMED.replace("auth.school", "auth.my_school"), "underscore"),
    ],
)
def test_a_provider_that_cannot_be_used_keeps_everybody_out_and_says_why(
    secrets: Path, content: str, told: str
) -> None:
    secrets.write_text(content)
    status, words, _ = ask("/train")
    assert (status, "Nobody can come in" in words, told in words) == (200, True, True)
    assert ask("/train", b"provider=default")[0] == 401


def test_a_password_beside_a_provider_keeps_everybody_out(secrets: Path) -> None:
    secrets.write_text(WHOLE)
    assert "allowed is one of them" in ask("/train", MNIST_DASH_PASSWORD="correct horse")[1]  # noqa: S106 - of this test
    assert "MNIST_DASH_NEWCOMERS is" in ask("/train", MNIST_DASH_NEWCOMERS="all")[1]


def test_a_stranger_sees_a_button_alone_and_is_sent_on_to_streamlits_own_sign_in(secrets: Path) -> None:
    secrets.write_text(WHOLE)
    status, words, _ = ask("/train?run=3")
    assert (status, ">Sign in</button>" in words, "secret" in words) == (200, True, False)
    status, _, there = ask("/train?run=3", b"provider=default")
    assert (status, there.startswith("/auth/login?provider=")) == (303, True)
    for body in (b"provider=other", b"provider=", b"x", b"\xff", 5_000 * b"p"):
        assert ask("/train", body)[0] == 401
    assert ask("/static/app.js", accept={"accept": "*/*"})[0] == 401


def test_each_of_several_providers_has_its_button(secrets: Path) -> None:
    secrets.write_text(NAMED)
    words = ask("/")[1]
    assert "Sign in with School" in words
    assert "Sign in with &lt;b&gt;" in words
    assert "<b>" not in words


def test_what_no_visitor_asked_for_happens_in_nobodys_name(secrets: Path) -> None:
    secrets.write_text(WHOLE)
    assert sign_in.current_user(Settings(secrets)) is NOBODY
    assert st.get_option("secrets.files") == [str(secrets)]
