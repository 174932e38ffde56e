"""What most of several models read."""

import pytest

from mnist_dash.analysis.agreement import Agreement, find_agreement


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], Agreement(None, 0, 0)),
        (["7"], Agreement("7", 1, 1)),
        (["7", "1", "7", "7"], Agreement("7", 3, 4)),
        (["71", "71"], Agreement("71", 2, 2)),
        (["7", "1"], Agreement(None, 1, 2)),
        (["7", "1", "7", "1", "4"], Agreement(None, 2, 5)),
    ],
)
def test_what_most_read_and_how_many_do(numbers: list[str], expected: Agreement) -> None:
    assert find_agreement(numbers) == expected
