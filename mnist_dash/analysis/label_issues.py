"""Which labels are doubted: confident learning over the probabilities of networks that did not see the images.

By Northcutt, Jiang and Chuang, "Confident learning" (JAIR 2021), in their own library. It takes two seconds and 140 MB
to load, so the process of a run calls it and keeps what it finds; a page reads that.
"""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Labels
from mnist_dash.data.dataset import CLASSES
from mnist_dash.runs.audits import LabelIssues

RANKING = "normalized_margin"
"""How far the given digit is ahead of the likeliest other one, from 0 (behind it by all) to 1.

Of the library's scores it ranked 120 labels that had been changed among MNIST's 60,000 training images best: average
precision 0.89 to 0.91 with six networks, where self-confidence had 0.87 to 0.91 and always less.
"""
DOUBTED = "predicted_neq_given"
"""Listed is every image that is read otherwise: 119 of those 120, and some 700 in all.

Confident learning itself counts 135 to 157, and missed 11 to 16: it asks that the other digit be at least as likely as
it is on average where it is the label, which is nearly certain for a good network.
"""
COUNTED = f"low_{RANKING}"
"""As many of the lowest as confident learning counts."""


def rank_label_issues(probabilities: npt.NDArray[np.floating], labels: Labels) -> LabelIssues:
    """The doubtful ones of `labels` (n,), by `probabilities` (n, 10) of networks that did not learn from them."""
    if not len(labels):
        empty = np.empty(0, np.float32)
        return LabelIssues(np.empty(0, np.int64), labels, labels, empty, empty, empty, 0)
    from cleanlab.filter import find_label_issues  # type: ignore[import-untyped]
    from cleanlab.rank import get_label_quality_scores  # type: ignore[import-untyped]

    shares, given = probabilities.astype(np.float64), labels.astype(np.int64)
    # In one process: more would each load the library anew, and the work is done in a fifth of a second.
    listed, counted = (find_label_issues(given, shares, filter_by=by, n_jobs=1) for by in (DOUBTED, COUNTED))
    quality = get_label_quality_scores(given, shares, method=RANKING)
    index = np.flatnonzero(listed)
    index = index[np.argsort(quality[index], kind="stable")]
    others = np.where(np.arange(CLASSES) == given[index, np.newaxis], -1.0, shares[index])
    return LabelIssues(
        index=index,
        given=labels[index],
        suggested=others.argmax(axis=1).astype(np.uint8),
        quality=quality[index].astype(np.float32),
        given_share=shares[index, given[index]].astype(np.float32),
        suggested_share=others.max(axis=1, initial=0.0).astype(np.float32),
        confident=min(int(counted.sum()), len(index)),
    )
