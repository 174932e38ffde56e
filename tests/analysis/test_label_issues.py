"""Labels that contradict what is read are found, ranked, and told with what is read instead."""

import json
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

from mnist_dash.analysis.label_issues import rank_label_issues
from mnist_dash.place import PACKAGE

COUNT = 600


@pytest.fixture
def labels() -> np.ndarray:
    """Sixty of each digit."""
    return (np.arange(COUNT) % 10).astype(np.uint8)


def _read(labels: np.ndarray, sure: Mapping[int, float] = MappingProxyType({})) -> np.ndarray:
    """Probabilities of a network that reads `labels`, most of them as 0.8 to 0.96, and those of `sure` as it says."""
    certain = np.random.default_rng(0).uniform(0.8, 0.96, COUNT)
    for place, share in sure.items():
        certain[place] = share
    shares = np.repeat((1 - certain[:, np.newaxis]) / 9, 10, axis=1)
    shares[np.arange(COUNT), labels] = certain
    return shares.astype(np.float16)


def test_labels_that_were_changed_are_found_with_what_they_were(labels: np.ndarray) -> None:
    given, changed = labels.copy(), np.array([5, 77, 300, 412])
    given[changed] = (labels[changed] + 3) % 10
    found = rank_label_issues(_read(labels, dict.fromkeys(changed.tolist(), 0.97)), given)
    assert sorted(found.index) == changed.tolist()
    assert np.array_equal(found.given, given[found.index])
    assert np.array_equal(found.suggested, labels[found.index])
    assert (found.suggested_share > 0.8).all()
    assert (found.given_share < 0.05).all()
    assert found.confident == 4
    assert ((found.quality >= 0) & (found.quality < 0.1)).all()


def test_the_most_doubtful_stand_first(labels: np.ndarray) -> None:
    given, sure = labels.copy(), {30: 0.95, 130: 0.99, 230: 0.97}
    given[list(sure)] = 7
    found = rank_label_issues(_read(labels, sure), given)
    assert found.index.tolist() == [130, 230, 30]
    np.testing.assert_allclose(found.suggested_share, (0.99, 0.97, 0.95), atol=1e-3)
    np.testing.assert_allclose(found.quality, (1 + found.given_share - found.suggested_share) / 2, atol=1e-5)
    assert (np.diff(found.quality) > 0).all()


def test_what_is_read_otherwise_but_without_confidence_is_listed_behind_what_is_counted(labels: np.ndarray) -> None:
    given, sure = labels.copy(), {30: 0.6, 130: 0.99, 230: 0.97}
    given[list(sure)] = 7
    found = rank_label_issues(_read(labels, sure), given)
    assert found.index.tolist() == [130, 230, 30]
    assert found.confident == 2


@pytest.mark.parametrize("digits", [10, 4])
def test_labels_that_are_all_read_are_not_doubted(labels: np.ndarray, digits: int) -> None:
    """Where some digits are missing as well."""
    given = labels % digits
    found = rank_label_issues(_read(given), given.astype(np.uint8))
    assert (len(found), found.confident) == (0, 0)
    assert [str(part.dtype) for part in (found.index, found.suggested, found.quality)] == ["int64", "uint8", "float32"]


def test_a_page_that_shows_them_loads_none_of_the_library() -> None:
    code = (
        "import json, sys, mnist_dash.analysis.label_issues, mnist_dash.runs.audits; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert {"cleanlab", "sklearn", "pandas", "tensorflow"} & set(json.loads(done.stdout)) == set()
