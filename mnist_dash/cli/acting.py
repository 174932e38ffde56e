"""For whom a command acts that a page has started: what it makes is theirs."""

from argparse import SUPPRESS, ArgumentParser, Namespace

from mnist_dash.users import LOCAL, Role, User


def describe(parser: ArgumentParser) -> None:
    """Add what `process.make_command` tells of somebody who signs in."""
    parser.add_argument("--account", default="", help=SUPPRESS)
    parser.add_argument("--owner", default="", help=SUPPRESS)


def read_user(asked: Namespace) -> User:
    """Whose it is; the local user's where nobody is named, as where a person calls the command."""
    return User(asked.account, asked.owner, Role.TRAIN) if asked.account else LOCAL
