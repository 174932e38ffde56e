"""Commands whose database's server is away, or refuses them, say so in one line without its password."""

import pytest

from mnist_dash.settings import Settings
from tests.cli.conftest import Ask
from tests.postgres import PASSWORD, Server

pytestmark = pytest.mark.on_postgresql


def test_a_command_says_that_it_is_away_and_works_when_it_is_back(ask: Ask, settings: Settings, away: Server) -> None:
    assert settings.db
    assert ask("runs", "--json").lines == []
    away.stop()
    refusal = ask("runs").refusal
    assert "cannot be reached now" in refusal
    assert "nothing that was recorded is lost" in refusal
    assert PASSWORD not in refusal
    away.start()
    assert ask("runs", "--json").lines == []


def test_a_wrong_password_is_refused_and_not_told(
    ask: Ask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PASSWORD in settings.database_url
    monkeypatch.setenv("MNIST_DASH_DB", settings.database_url.replace(PASSWORD, "something-else"))
    refusal = ask("runs").refusal
    assert refusal.endswith("refused the user or the password. Check both in MNIST_DASH_DB.")
    assert "something-else" not in refusal
