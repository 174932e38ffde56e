"""What a person may set from outside, and what is said where it cannot be used."""

import re
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import platformdirs
import pytest
from sqlalchemy import make_url

from mnist_dash.errors import SettingsError
from mnist_dash.settings import Settings
from mnist_dash.users import Role

ROOT = Path(__file__).resolve().parents[1]
FIELDS = {f"MNIST_DASH_{field.name.upper()}" for field in fields(Settings)}


def test_without_variables_the_defaults_hold() -> None:
    home = Path(platformdirs.user_data_dir("mnist-dash", appauthor=False))
    assert Settings.from_environment({}) == Settings(
        home=home, data=None, db=None, engine="local", slots=1, offline=False, strokes=None, password=None, spare=True
    )


@pytest.mark.parametrize(
    ("variable", "value", "setting"),
    [
        ("HOME", "/srv/digits", Path("/srv/digits")),
        ("HOME", "~/digits", Path.home() / "digits"),
        ("HOME", "digits", Path.cwd() / "digits"),
        ("DATA", "/srv/mnist.npz", Path("/srv/mnist.npz")),
        ("DATA", "~/mnist", Path.home() / "mnist"),
        ("STROKES", "/srv/strokes.jsonl", Path("/srv/strokes.jsonl")),
        ("STROKES", "~/strokes.jsonl.gz", Path.home() / "strokes.jsonl.gz"),
        ("DB", "postgresql+psycopg://host/runs", "postgresql+psycopg://host/runs"),
        ("ENGINE", "local", "local"),
        ("ENGINE", "ray:http://127.0.0.1:8265", "ray:http://127.0.0.1:8265"),
        ("ENGINE", "ray:https://localhost/", "ray:https://localhost/"),
        ("PASSWORD", "correct horse", "correct horse"),
        ("CLAIM", "group", "group"),
        ("ROLES", " a=b=look , tutor = train", (("a=b", Role.LOOK), ("tutor", Role.TRAIN))),
        ("NEWCOMERS", "train", Role.TRAIN),
        ("NEWCOMERS", "none", None),
        ("QUEUED", "5", 5),
        ("MINUTES", "60", 60),
        ("SLOTS", "1", 1),
        ("SLOTS", "64", 64),
        ("SPARE", "0", False),
        ("SPARE", "1", True),
        ("OFFLINE", "1", True),
        ("OFFLINE", "YES", True),
        ("OFFLINE", "on", True),
        ("OFFLINE", "true", True),
        ("OFFLINE", "0", False),
        ("OFFLINE", "off", False),
        ("OFFLINE", "No", False),
        ("OFFLINE", "false", False),
    ],
)
def test_each_variable_sets_its_field(variable: str, value: str, setting: object) -> None:
    settings = Settings.from_environment({f"MNIST_DASH_{variable}": value})
    assert getattr(settings, variable.lower()) == setting


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_environment(dict.fromkeys(FIELDS, "")) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("SLOTS", "0", "a whole number from 1 to 64"),
        ("SLOTS", "65", "a whole number from 1 to 64"),
        ("SLOTS", "-1", "a whole number from 1 to 64"),
        ("SLOTS", "1.5", "a whole number from 1 to 64"),
        ("SLOTS", "many", "a whole number from 1 to 64"),
        ("SLOTS", "9" * 5000, "a whole number from 1 to 64"),
        ("QUEUED", "0", "a whole number from 1 to 1000"),
        ("QUEUED", "²", "a whole number from 1 to 1000"),
        ("MINUTES", "1.5", "a whole number from 1 to 92160"),
        ("MINUTES", "9" * 5000, "a whole number from 1 to 92160"),
        ("OFFLINE", "maybe", "1 or 0"),
        ("SPARE", "many", "1 or 0"),
        ("ENGINE", "dask", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:auto", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:ray://127.0.0.1:10001", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:http://127.0.0.1:many", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:http://me@127.0.0.1:8265", "'local' or ray:ADDRESS"),
        ("ENGINE", "ray:http://127.0.0.1:8265/api", "'local' or ray:ADDRESS"),
        ("ROLES", "tutor", "VALUE=ROLE"),
        ("ROLES", "tutor=teach", "VALUE=ROLE"),
        ("ROLES", "=train", "VALUE=ROLE"),
        ("ROLES", "tutor=train,", "VALUE=ROLE"),
        ("NEWCOMERS", "all", "one of none, look, train, administer"),
        ("HOME", "~nobody-of-this-name/digits", "any path"),
        ("DATA", "~nobody-of-this-name/mnist", "any path"),
        ("STROKES", "~nobody-of-this-name/strokes.jsonl", "any path"),
    ],
)
def test_a_bad_value_is_refused_with_variable_value_and_what_is_allowed(
    variable: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({f"MNIST_DASH_{variable}": value})
    message = str(refused.value)
    assert message.startswith(f"MNIST_DASH_{variable} is {value!r}")
    assert f"allowed is {allowed}" in message
    assert "\n" not in message


@pytest.mark.parametrize("value", ["short77", " and a space", "a line\n", "        "])
def test_a_password_that_is_refused_is_never_said(value: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^MNIST_DASH_PASSWORD (has|begins).*; allowed are 8 characters"
    ) as refused:
        Settings.from_environment({"MNIST_DASH_PASSWORD": value})
    assert value.strip() not in str(refused.value) or not value.strip()
    assert "correct" not in repr(Settings.from_environment({"MNIST_DASH_PASSWORD": "correct horse"}))


def test_a_cluster_of_other_machines_wants_a_database_that_they_reach() -> None:
    engine = {"MNIST_DASH_ENGINE": "ray:http://head:8265/"}
    for db in ("", "sqlite:////srv/runs.db"):
        with pytest.raises(
            SettingsError, match=r"whose nodes are other machines.* PostgreSQL database in MNIST_DASH_DB"
        ):
            Settings.from_environment(engine | {"MNIST_DASH_DB": db})
    shared = Settings.from_environment(engine | {"MNIST_DASH_DB": "postgresql+psycopg://host/runs"})
    assert (shared.cluster, Settings.from_environment({}).cluster) == ("http://head:8265", None)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.from_environment({}).slots = 2  # type: ignore[misc]


def test_the_database_is_a_file_in_the_home_unless_another_is_named() -> None:
    assert Settings(Path("/srv/digits")).database_url == "sqlite:////srv/digits/mnist-dash.db"
    assert Settings(Path("/srv"), db="postgresql+psycopg://host/runs").database_url == "postgresql+psycopg://host/runs"


@pytest.mark.parametrize("name", ["digits and more", "what?", "100%41", "a#b", "größe", "user@home"])
def test_a_home_of_any_name_holds_its_database(name: str) -> None:
    assert make_url(Settings(Path("/srv") / name).database_url).database == f"/srv/{name}/mnist-dash.db"


def test_a_home_is_created_with_its_parents(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "a" / "b")
    assert settings.prepare() is settings
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("below", ["", "home"])
def test_a_home_that_cannot_be_written_is_refused_with_a_way_out(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    home = tmp_path / "file" / below
    with pytest.raises(SettingsError, match=re.escape(f"The folder {home} cannot be written")) as refused:
        Settings(home).prepare()
    assert "set MNIST_DASH_HOME to a folder that you can write" in str(refused.value)


def test_every_field_is_read_from_its_variable() -> None:
    class Watched(dict[str, str]):
        asked: set[str] = set()  # noqa: RUF012 - one use

        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            self.asked.add(key)
            return default

    environ: Mapping[str, str] = Watched()
    Settings.from_environment(environ)
    assert Watched.asked == FIELDS


def test_no_message_names_a_variable_that_is_not_there() -> None:
    sources = [*ROOT.glob("mnist_dash/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    named = {name for file in sources for name in re.findall(r"MNIST_DASH_[A-Z]+", file.read_text("utf-8"))}
    assert named <= FIELDS
