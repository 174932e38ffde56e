"""What somebody may do follows from what their provider says, and nothing is guessed."""

import pytest

from mnist_dash import users
from mnist_dash.errors import NotAllowedError, SignInError
from mnist_dash.users import LOCAL, NOBODY, Role, RoleRules, User, check_may_change, check_may_train, read_user

NOW = 1_800_000_000.0
CLAIMS: dict[str, object] = {"iss": "https://id.example", "sub": "17", "iat": int(NOW) - 60, "name": "Ada  Lovelace"}
RULES = RoleRules("group", (("students", Role.LOOK), ("tutors", Role.TRAIN), ("staff", Role.ADMINISTER)))
ADA, BOB = User("a", "Ada", Role.TRAIN), User("b", "Bob", Role.TRAIN)


@pytest.mark.parametrize(
    ("group", "role"),
    [
        ("students", Role.LOOK),
        ("tutors", Role.TRAIN),
        (["students", "chess", "staff"], Role.ADMINISTER),
        (["chess", "tutors"], Role.TRAIN),
        (None, Role.LOOK),
        ([], Role.LOOK),
        ("", Role.LOOK),
    ],
)
def test_the_best_role_that_the_claim_tells_of_holds_and_that_of_newcomers_without_it(
    group: object, role: Role
) -> None:
    user = read_user(CLAIMS | {"group": group}, RULES, NOW)
    assert user == User("https://id.example 17", "Ada Lovelace", role)


@pytest.mark.parametrize("group", ["strangers", ["chess", "strangers"], 7, "Tutors"])
def test_an_unknown_value_is_refused_with_what_is_known(group: object) -> None:
    with pytest.raises(SignInError, match=r"says .* of you \(group\), and this server knows 'students', 'tutors' and"):
        read_user(CLAIMS | {"group": group}, RULES, NOW)


@pytest.mark.parametrize("group", [True, {"tutors": 1}, [["tutors"]], 1.5])
def test_a_claim_that_is_no_text_is_refused(group: object) -> None:
    with pytest.raises(SignInError, match="neither text nor a list of it"):
        read_user(CLAIMS | {"group": group}, RULES, NOW)


def test_nobody_of_whom_the_server_was_not_told_comes_in_where_newcomers_may_not() -> None:
    with pytest.raises(SignInError, match="told nothing of you"):
        read_user(CLAIMS, RoleRules("group", RULES.roles, None), NOW)
    with pytest.raises(SignInError, match="told nothing of you"):
        read_user(CLAIMS, RoleRules(newcomers=None), NOW)


def test_an_address_that_is_not_verified_is_nobodys() -> None:
    rules = RoleRules("email", (("ada@id.example", Role.ADMINISTER),))
    claims = CLAIMS | {"email": "ada@id.example"}
    assert read_user(claims, rules, NOW).role is Role.ADMINISTER
    with pytest.raises(SignInError, match=r"not verified the address 'ada@id\.example'"):
        read_user(claims | {"email_verified": False}, rules, NOW)


@pytest.mark.parametrize("missing", ["iss", "sub", "iat"])
@pytest.mark.parametrize("instead", [None, "", True])
def test_claims_that_do_not_say_who_and_when_are_refused(missing: str, instead: object) -> None:
    with pytest.raises(SignInError, match=rf"did not say .*{missing}"):
        read_user(CLAIMS | {missing: instead}, RULES, NOW)


def test_a_sign_in_holds_for_twelve_hours() -> None:
    assert read_user(CLAIMS | {"iat": NOW - users.SECONDS}, RULES, NOW)
    with pytest.raises(SignInError, match=r"more than 12 hours ago\. Sign in again; nothing is lost"):
        read_user(CLAIMS | {"iat": NOW - users.SECONDS - 1}, RULES, NOW)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " ", "preferred_username": "ada"}, "ada"),
        ({"name": None, "email": "ada@id.example"}, "ada@id.example"),
        ({"name": 3}, "17"),
        ({"name": "A\n" + 200 * "d"}, "A " + 78 * "d"),
    ],
)
def test_people_are_called_by_what_is_known_of_them(claims: dict[str, object], name: str) -> None:
    assert read_user(CLAIMS | claims, RULES, NOW).name == name


def test_the_same_number_at_two_providers_is_two_people() -> None:
    assert read_user(CLAIMS, RULES, NOW).account != read_user(CLAIMS | {"iss": "https://other"}, RULES, NOW).account


@pytest.mark.parametrize("user", [ADA, LOCAL, User("c", "Cy", Role.ADMINISTER)])
def test_an_owner_and_whoever_administers_may_change_it(user: User) -> None:
    check_may_train(user)
    check_may_change(user, "Run 3", "a", "Ada")


def test_anothers_is_refused_with_whose_it_is_and_what_to_do() -> None:
    with pytest.raises(NotAllowedError) as refused:
        check_may_change(BOB, "Run 3", "a", "Ada")
    assert str(refused.value) == (
        "Run 3 belongs to Ada, and you are signed in as Bob. Its owner and administrators alone may change it: make "
        "one of your own, or ask them."
    )


def test_what_is_of_before_people_signed_in_is_for_administrators() -> None:
    with pytest.raises(NotAllowedError, match="belongs to nobody who signs in here"):
        check_may_change(ADA, "Run 3", "")
    with pytest.raises(NotAllowedError):
        check_may_change(User("", "Ghost", Role.TRAIN), "Run 3", "")


@pytest.mark.parametrize("user", [User("a", "Ada", Role.LOOK), NOBODY])
def test_who_may_look_changes_nothing_not_even_what_is_theirs(user: User) -> None:
    with pytest.raises(NotAllowedError, match=r"may look and change nothing\. To train, ask whoever runs this server"):
        check_may_train(user)
    with pytest.raises(NotAllowedError):
        check_may_change(user, "Run 3", user.account)
