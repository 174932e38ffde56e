"""Settings, read once from the environment and passed in from there on."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import platformdirs

from mnist_dash.errors import SettingsError
from mnist_dash.users import Quota, Role, RoleRules

FEWEST = 8
"""Characters of a password."""
MINUTES_A_DAY = 64 * 24 * 60
"""What runs on all slots of a machine can take in a day."""
DATABASE = "mnist-dash.db"
"""The file of the database in the home, where no other database is named."""


LOCAL, RAY = "local", "ray:"
"""What starts runs: this machine, or the Ray cluster whose head's address follows."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set from outside; every field has an environment variable `MNIST_DASH_<FIELD>`.

    Fields: `home` the folder of database and cached data · `data` a folder or file with MNIST, instead of a
    download · `db` an SQLAlchemy URL, or None for an SQLite file in the home · `engine` what starts runs, LOCAL or RAY
    and the address of a cluster's head · `slots` runs at once, here or there · `offline` never try to download ·
    `strokes` a file of pen strokes of people, JSON lines, that the reader learns from as well · `password` what the app
    asks everybody for, None for nothing · `spare` keep a process with TensorFlow ready while somebody is about to start
    a run · `claim`, `roles` and `newcomers` what people who sign in may do: the fields of `users.RoleRules` · `queued`
    and `minutes` how much each of them may take: the fields of `users.Quota`.
    """

    home: Path
    data: Path | None = None
    db: str | None = None
    engine: str = LOCAL
    slots: int = 1
    offline: bool = False
    strokes: Path | None = None
    password: str | None = field(default=None, repr=False)
    spare: bool = True
    claim: str | None = None
    roles: tuple[tuple[str, Role], ...] = RoleRules().roles
    newcomers: Role | None = RoleRules().newcomers
    queued: int | None = None
    minutes: int | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; raises SettingsError with the offending variable and value."""
        home = environ.get("MNIST_DASH_HOME") or platformdirs.user_data_dir("mnist-dash", appauthor=False)
        data, strokes = environ.get("MNIST_DASH_DATA"), environ.get("MNIST_DASH_STROKES")
        db = environ.get("MNIST_DASH_DB") or None
        return cls(
            home=_path("MNIST_DASH_HOME", home),
            data=_path("MNIST_DASH_DATA", data) if data else None,
            db=db,
            engine=_engine(environ.get("MNIST_DASH_ENGINE") or LOCAL, db),
            slots=_slots(environ.get("MNIST_DASH_SLOTS") or "1"),
            offline=_switch("MNIST_DASH_OFFLINE", environ.get("MNIST_DASH_OFFLINE") or "0"),
            strokes=_path("MNIST_DASH_STROKES", strokes) if strokes else None,
            password=_password(environ.get("MNIST_DASH_PASSWORD") or None),
            spare=_switch("MNIST_DASH_SPARE", environ.get("MNIST_DASH_SPARE") or "1"),
            claim=environ.get("MNIST_DASH_CLAIM") or None,
            roles=_roles(environ.get("MNIST_DASH_ROLES") or ",".join(f"{role}={role}" for role in Role)),
            newcomers=_newcomers(environ.get("MNIST_DASH_NEWCOMERS") or Role.LOOK),
            queued=_most("MNIST_DASH_QUEUED", environ.get("MNIST_DASH_QUEUED") or None, 1_000),
            minutes=_most("MNIST_DASH_MINUTES", environ.get("MNIST_DASH_MINUTES") or None, MINUTES_A_DAY),
        )

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database of runs."""
        return self.db or f"sqlite:///{quote(str(self.home / DATABASE))}"

    @property
    def shares_database(self) -> bool:
        """Whether the database is one that other machines may use too, with homes of their own."""
        return (self.db or "").startswith("postgresql")

    @property
    def cluster(self) -> str | None:
        """The address of the Ray cluster that runs go to; None where they stay on this machine."""
        return self.engine.removeprefix(RAY).rstrip("/") if self.engine.startswith(RAY) else None

    @property
    def role_rules(self) -> RoleRules:
        """How roles follow from what a provider says."""
        return RoleRules(self.claim, self.roles, self.newcomers)

    @property
    def quota(self) -> Quota:
        """How much each person who signs in may take."""
        return Quota(self.queued, self.minutes)

    def prepare(self) -> Self:
        """Create the home folder and prove that it can be written; raises SettingsError."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.home):
                pass
        except OSError as e:
            raise SettingsError(
                f"The folder {self.home} cannot be written ({e.strerror}). Free space or change its permissions, "
                "or set MNIST_DASH_HOME to a folder that you can write."
            ) from e
        return self


def _path(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError as e:
        raise SettingsError(
            f"{name} is {value!r}, but there is no such user on this machine; allowed is any path. Write it without ~."
        ) from e


def _engine(value: str, db: str | None) -> str:
    if value == LOCAL:
        return value
    host = _find_host(value.removeprefix(RAY)) if value.startswith(RAY) else None
    if host is None:
        raise SettingsError(
            f"MNIST_DASH_ENGINE is {value!r}; allowed is 'local' or ray:ADDRESS with the address of a Ray cluster's "
            "head, such as ray:http://127.0.0.1:8265. Unset it to use 'local'."
        )
    if not (db or "").startswith("postgresql") and host not in ("127.0.0.1", "localhost", "::1"):
        raise SettingsError(
            f"MNIST_DASH_ENGINE is {value!r}, whose nodes are other machines, and the database is a file of this one. "
            "Name a PostgreSQL database in MNIST_DASH_DB, as docs/hosting.md shows."
        )
    return value


def _find_host(address: str) -> str | None:
    """The host of an address over HTTP with nothing behind its port; None where it is no such address."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.path in ("", "/") and parts.port != 0
    except ValueError:
        return None
    return parts.hostname if whole and not (parts.query or parts.fragment or parts.username) else None


def _slots(value: str) -> int:
    if value not in map(str, range(1, 65)):
        raise SettingsError(f"MNIST_DASH_SLOTS is {value!r}; allowed is a whole number from 1 to 64.")
    return int(value)


def _most(name: str, value: str | None, most: int) -> int | None:
    if value is not None and not (value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= most):
        raise SettingsError(f"{name} is {value!r}; allowed is a whole number from 1 to {most}, or none at all.")
    return None if value is None else int(value)


def _password(value: str | None) -> str | None:
    """A password as it came; what is wrong is said without it."""
    if value is not None and (len(value) < FEWEST or value.strip() != value):
        what = "begins or ends with a space" if value.strip() != value else f"has {len(value)} characters"
        raise SettingsError(
            f"MNIST_DASH_PASSWORD {what}; allowed are {FEWEST} characters or more, with no space around them."
        )
    return value


def _roles(value: str) -> tuple[tuple[str, Role], ...]:
    """What each value of the claim means; a value may hold = itself."""
    pairs = [(said.strip(), role.strip()) for said, _, role in (pair.rpartition("=") for pair in value.split(","))]
    if not all(said and role in tuple(Role) for said, role in pairs):
        raise SettingsError(
            f"MNIST_DASH_ROLES is {value!r}; allowed is VALUE=ROLE, any number of times with commas between them, each "
            f"role one of {', '.join(Role)}. Write it like student=look,tutor=train."
        )
    return tuple((said, Role(role)) for said, role in pairs)


def _newcomers(value: str) -> Role | None:
    if value not in ("none", *Role):
        raise SettingsError(f"MNIST_DASH_NEWCOMERS is {value!r}; allowed is one of none, {', '.join(Role)}.")
    return None if value == "none" else Role(value)


def _switch(name: str, value: str) -> bool:
    switches = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in switches:
        raise SettingsError(f"{name} is {value!r}; allowed is 1 or 0 (true or false, yes or no, on or off).")
    return switches[value.lower()]
