"""The tree of errors that people read about is the one that there is."""

import inspect
import re

from mnist_dash import errors


def _drawn() -> dict[str, str]:
    """Each error of the docstring's tree with the one that it hangs from."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]
        found = re.match(r"^( *(?:[│ ]*[├└]── )?)(\w+Error)\b", line)
        if found:
            depth = len(found[1]) // 4
            path[depth - 1 :] = [found[2]]
            parents[found[2]] = path[-2] if len(path) > 1 else "Exception"
    return parents


def _real() -> dict[str, str]:
    return {
        name: kind.__bases__[0].__name__
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and kind.__module__ == errors.__name__
    }


def test_the_tree_in_the_docstring_is_the_real_one() -> None:
    assert _drawn() == _real()
    assert len(_drawn()) >= 8


def test_every_error_says_what_it_is_for() -> None:
    assert all(getattr(errors, name).__doc__ for name in _real())
