"""Who is signed in: Streamlit's own sign-in with a provider (OpenID Connect), where `secrets.toml` names one.

The door asks this module before the server answers anything; pages ask it in whose name they change what they change.
"""

import json
import time
from collections.abc import Mapping
from html import escape
from importlib import import_module
from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from streamlit.auth_util import get_cookie_with_chunks, get_secrets_auth_section, validate_auth_credentials
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.secrets import secrets_singleton
from streamlit.url_util import make_url_path
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from mnist_dash.errors import SettingsError, SignInError
from mnist_dash.settings import Settings
from mnist_dash.ui.shell.door_page import accepts_page, find_address, is_secure, make_page, read_form
from mnist_dash.users import LOCAL, NOBODY, User, read_user

WANTED = "mnist-dash-wanted"
"""The cookie with the page that somebody asked for before signing in."""
_WANTED_SECONDS = 15 * 60
_DEFAULT = "default"
"""What Streamlit calls the provider that has no name."""
_WAYS = ("auth/login", "auth/logout", "oauth2callback")
"""Streamlit's own addresses, which take part in a sign-in."""
_ASKED = "Sign in to work on this server."
_BUTTON = '<button name="provider" value="{name}">{words}</button>'
_FORM = '<p{role}>{told}</p>\n<form method="post">\n{buttons}\n</form>'
_OUT = '<p><a href="{address}">Sign out, and in as somebody else</a></p>'


def is_configured() -> bool:
    """Whether this server asks people to sign in with a provider; raises SettingsError where that cannot be read."""
    files = [file for file in st.get_option("secrets.files") if Path(file).exists()]
    # Streamlit takes a file that it cannot read for none, and everybody would be in.
    if files and not secrets_singleton.load_if_toml_exists():
        raise SettingsError(f"{' and '.join(files)} cannot be read; allowed is TOML. Correct it, or take it away.")
    return bool(files) and secrets_singleton.get("auth") is not None


def list_providers() -> list[str]:
    """The names of the providers; raises SettingsError where one cannot be used."""
    section = get_secrets_auth_section()
    named = [name for name, value in section.items() if isinstance(value, Mapping) and name != "client_kwargs"]
    providers = ([_DEFAULT] if "client_id" in section else []) + named
    try:
        # Streamlit loads it when somebody signs in, and would tell them what is missing.
        import_module("authlib.integrations.starlette_client")
        for name in providers or [_DEFAULT]:
            validate_auth_credentials(name)
    except ImportError as e:
        raise SettingsError(f"To sign people in, {e.name} is needed: `pip install -r requirements.txt`.") from e
    except StreamlitAuthError as e:
        raise SettingsError(" ".join(str(e).split())) from e
    return providers


def current_user(settings: Settings) -> User:
    """In whose name this script runs; raises SignInError where nobody is signed in (any more)."""
    if not is_configured():
        return LOCAL
    if get_script_run_ctx(suppress_warning=True) is None:
        return NOBODY
    if not st.user.is_logged_in:
        raise SignInError("Nobody is signed in here. Open this server at the address that its provider knows.")
    return read_user(st.user.to_dict(), settings.role_rules, time.time())


def begin() -> None:
    """Send this session's browser to its provider, or to the first one where it has none yet."""
    known = st.user.to_dict().get("provider")
    st.login(known if known in list_providers() else list_providers()[0])


class SignIn:
    """What keeps a door shut before whoever is not signed in."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError where no provider can be used."""
        self._rules = settings.role_rules
        self._providers = list_providers()

    def admits(self, connection: HTTPConnection) -> bool:
        """Whether that is of somebody who is signed in, or a step of signing in."""
        if connection.scope["path"] in [make_url_path(_find_base(), way) for way in _WAYS]:
            return True
        try:
            return self._identify(connection) is not None
        except SignInError:
            return False

    def go_on(self, connection: HTTPConnection) -> Response | None:
        """The way to the page that somebody asked for before signing in, from the first one, where a provider sends."""
        wanted = connection.cookies.get(WANTED)
        if not wanted or connection.scope["path"].rstrip("/") != make_url_path(_find_base(), "/").rstrip("/"):
            return None
        # Never two slashes: they would lead to another host.
        response = RedirectResponse("/" + unquote(wanted).lstrip("/"), 303, {"cache-control": "no-store"})
        response.delete_cookie(WANTED)
        return response

    async def answer(self, request: Request) -> Response | None:
        """The page that asks to sign in, or the way to a provider; None for what is no page."""
        if request.method == "POST":
            return await self._send_on(request)
        return self._ask(request) if accepts_page(request) else None

    def _identify(self, connection: HTTPConnection) -> User | None:
        """Who is signed in, None for nobody; raises SignInError for whom this is no more, or may not come in."""
        secret = get_cookie_secret()

        def read(name: str) -> bytes | None:
            value = connection.cookies.get(name)
            return decode_signed_value(secret, name, value.encode("latin-1", "replace")) if value else None

        content = get_cookie_with_chunks(read, USER_COOKIE_NAME)
        if content is None:
            return None
        claims = json.loads(content)
        return read_user(claims, self._rules, time.time()) if claims.get("is_logged_in") else None

    def _ask(self, request: Request) -> Response:
        told, refused = _ASKED, False
        try:
            self._identify(request)
        except SignInError as e:
            told, refused = str(e), True
        buttons = "\n".join(_BUTTON.format(name=escape(name), words=_describe(name)) for name in self._providers)
        form = _FORM.format(role=' role="alert"' if refused else "", told=escape(told), buttons=buttons)
        return make_page(form + (_OUT.format(address=make_url_path(_find_base(), _WAYS[1])) if refused else ""))

    async def _send_on(self, request: Request) -> Response | None:
        name = await read_form(request, "provider")
        if name not in self._providers:
            return None
        response = RedirectResponse(generate_login_redirect_url(name), 303, {"cache-control": "no-store"})
        wanted, secure = quote(find_address(request)), is_secure(request)
        response.set_cookie(WANTED, wanted, _WANTED_SECONDS, secure=secure, httponly=True, samesite="lax")
        return response


def _find_base() -> str:
    return str(st.get_option("server.baseUrlPath") or "")


def _describe(provider: str) -> str:
    return "Sign in" if provider == _DEFAULT else f"Sign in with {escape(provider.capitalize())}"
