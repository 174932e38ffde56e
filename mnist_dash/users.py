"""Who somebody is and what they may do: the one place that says so.

Where nobody signs in there is one local user, who may do everything; so may the command line, since whoever can write
the files of a home can do as they like. What a provider says of somebody comes as the claims of their sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mnist_dash.errors import NotAllowedError, SignInError
from mnist_dash.words import join_words

SECONDS = 12 * 60 * 60
"""After which somebody is asked anew who they are; what they may do is read anew then, too."""
_NAMES = ("name", "preferred_username", "email", "sub")
"""The claims that may hold what somebody is called, the best first."""
_LONGEST_NAME = 80


class Role(StrEnum):
    """What somebody may do; each role may do what those before it may."""

    LOOK = "look"
    TRAIN = "train"
    ADMINISTER = "administer"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody: `account` says who for good, and is empty for the local user; `name` is what people read."""

    account: str
    name: str
    role: Role


LOCAL = User("", "", Role.ADMINISTER)
"""Whoever sits at a program where nobody signs in."""
NOBODY = User("nobody", "", Role.LOOK)
"""In whose name a server looks at something while no visitor of it is known."""


@dataclass(frozen=True, slots=True)
class RoleRules:
    """How a role follows from claims: `claim` names the one that says it, `roles` what its values mean.

    `newcomers` is the role of whoever has no such claim; where it is None they do not come in.
    """

    claim: str | None = None
    roles: tuple[tuple[str, Role], ...] = tuple((role.value, role) for role in Role)
    newcomers: Role | None = Role.LOOK


@dataclass(frozen=True, slots=True)
class Quota:
    """What one person who signs in may take: runs that wait at once, and minutes of training in any 24 hours.

    None is as much as they like. Administrators, and whoever uses the command line, are free of both.
    """

    queued: int | None = None
    minutes: int | None = None

    def of(self, user: User) -> "Quota":
        """What of it holds for that user."""
        return Quota() if user.role is Role.ADMINISTER else self


def refuse_training(user: User) -> str | None:
    """Why this user may neither train nor keep anything; None where they may."""
    if user.role.includes(Role.TRAIN):
        return None
    return (
        f"You are signed in as {user.name or 'nobody'}, who may look and change nothing. To train, ask whoever runs "
        "this server for the role to train, then sign in anew."
    )


def refuse_change(user: User, what: str, account: str, owner: str = "") -> str | None:
    """Why this user may not change `what`, which is that account's, called `owner`; None where they may."""
    reason = refuse_training(user)
    if reason or user.role is Role.ADMINISTER or (account and account == user.account):
        return reason
    whose = f"belongs to {owner or 'somebody else'}" if account else "belongs to nobody who signs in here"
    return (
        f"{what} {whose}, and you are signed in as {user.name}. Its owner and administrators alone may change it: make "
        "one of your own, or ask them."
    )


def check_may_train(user: User) -> None:
    """Raise NotAllowedError where this user may neither train nor keep anything."""
    _check(refuse_training(user))


def check_may_change(user: User, what: str, account: str, owner: str = "") -> None:
    """Raise NotAllowedError where this user may not change what belongs to that account."""
    _check(refuse_change(user, what, account, owner))


def _check(reason: str | None) -> None:
    if reason:
        raise NotAllowedError(reason)


def read_user(claims: Mapping[str, object], rules: RoleRules, now: float) -> User:
    """Whom the claims of a sign-in are about, at the time `now` (seconds since 1970).

    Raises SignInError where they say too little, where it is too long ago, and where no role follows from them.
    """
    issuer, subject, signed_in = (claims.get(name) for name in ("iss", "sub", "iat"))
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        raise SignInError(
            "The provider did not say who you are (the claims iss and sub). Tell whoever runs this server."
        )
    if not isinstance(signed_in, int | float) or isinstance(signed_in, bool):
        raise SignInError("The provider did not say when you signed in (the claim iat). Tell whoever runs this server.")
    if now - signed_in > SECONDS:
        raise SignInError(f"You signed in more than {SECONDS // 3600} hours ago. Sign in again; nothing is lost.")
    called = next((name for name in map(claims.get, _NAMES) if isinstance(name, str) and name.strip()), subject)
    return User(f"{issuer} {subject}", " ".join(called.split())[:_LONGEST_NAME], _read_role(claims, rules))


def _read_role(claims: Mapping[str, object], rules: RoleRules) -> Role:
    values = _list_values(claims, rules.claim) if rules.claim else []
    known = dict(rules.roles)
    roles = [known[value] for value in values if value in known]
    if roles:
        return max(roles, key=list(Role).index)
    if values:
        came, allowed = (join_words([repr(value[:40]) for value in some], 5) for some in (values, list(known)))
        raise SignInError(
            f"Your provider says {came} of you ({rules.claim}), and this server knows {allowed}. Ask whoever runs it."
        )
    if rules.newcomers is None:
        raise SignInError(
            "This server lets in nobody whom it was not told of, and it was told nothing of you. Ask whoever runs it."
        )
    return rules.newcomers


def _list_values(claims: Mapping[str, object], claim: str) -> list[str]:
    """What the claim says; one that is a list says several things."""
    said = claims.get(claim)
    if claim == "email" and said and claims.get("email_verified") is False:
        raise SignInError(f"Your provider has not verified the address {str(said)[:80]!r}. Verify it there first.")
    values = said if isinstance(said, list) else [] if said in (None, "") else [said]
    if any(isinstance(value, bool) or not isinstance(value, str | int) for value in values):
        raise SignInError(
            f"What your provider says of you ({claim}) is neither text nor a list of it. Tell whoever runs this server."
        )
    return [str(value) for value in values]
