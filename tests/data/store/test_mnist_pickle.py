"""The pickle of the package index is read only when it is the known one, and never does more than make arrays."""

import gzip
import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import checksums
from mnist_dash.data.store.mnist_pickle import read_pickle
from mnist_dash.errors import DataError
from tests.data.samples import SmallSet, pickled


class _Evil:
    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._target),)


def written(path: Path, content: bytes) -> tuple[Path, str]:
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


def test_values_times_256_are_the_official_bytes_in_the_official_order(small: SmallSet, tmp_path: Path) -> None:
    found = read_pickle(*written(tmp_path / "mnist.pkl.gz", pickled(small)))
    assert checksums(found.train, found.test) == small.official
    assert np.array_equal(found.train.labels, small.train.labels)


def test_another_pickle_is_not_even_opened(small: SmallSet, tmp_path: Path) -> None:
    target = tmp_path / "made by a pickle"
    path, _sha256 = written(tmp_path / "mnist.pkl.gz", gzip.compress(pickle.dumps(_Evil(target))))
    with pytest.raises(DataError, match="does not have the known SHA-256 and is not read"):
        read_pickle(path, hashlib.sha256(pickled(small)).hexdigest())
    assert not target.exists()


def test_a_name_that_is_no_part_of_an_array_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "made by a pickle"
    with pytest.raises(DataError, match=r"holds no digits: it names \w+\.mkdir"):
        read_pickle(*written(tmp_path / "mnist.pkl.gz", gzip.compress(pickle.dumps(_Evil(target)))))
    assert not target.exists()


@pytest.mark.parametrize("value", [(1, 2, 3), (), b"", {"train": 1}])
def test_what_holds_no_digits_is_told(tmp_path: Path, value: object) -> None:
    with pytest.raises(DataError, match="holds no digits"):
        read_pickle(*written(tmp_path / "mnist.pkl.gz", gzip.compress(pickle.dumps(value))))
