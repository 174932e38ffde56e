import pytest

from mnist_dash.runs.reviews import Decision, Verdict
from mnist_dash.ui.explore.label_issues import _decision


@pytest.mark.parametrize(
    ("verdict", "label", "decision"),
    [
        (None, None, None),
        (None, 3, None),
        ("Keep", None, Decision(Verdict.KEEP)),
        ("Drop", 3, Decision(Verdict.DROP)),
        ("Relabel", 3, Decision(Verdict.RELABEL, 3)),
        ("Relabel", None, Decision(Verdict.RELABEL, 7)),
    ],
)
def test_a_row_of_the_review_says_what_becomes_of_its_image(
    verdict: str | None, label: int | None, decision: Decision | None
) -> None:
    assert _decision(verdict, label, read=7) == decision
