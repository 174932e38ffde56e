import pytest

from mnist_dash.analysis.chunks import iterate_spans


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (3, [3]), (4, [4]), (9, [4, 4, 1])])
def test_spans_cover_everything_once(count: int, sizes: list[int]) -> None:
    found = [list(range(count))[span] for span in iterate_spans(count, 4)]
    assert [len(part) for part in found] == sizes
    assert [i for part in found for i in part] == list(range(count))
