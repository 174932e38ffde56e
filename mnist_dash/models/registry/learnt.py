"""What a model is known to have learnt from, so that none of it is counted as other people's digits."""

from collections.abc import Set

from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.store.reader_sets import holds_people
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.fine_tuning import FineTuning
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled, read_card
from mnist_dash.models.registry.answering import AnsweringModel, find_all_answering
from mnist_dash.models.registry.lookup import FindData
from mnist_dash.store.database import Database

_READER = "reader"
"""The set that the bundled reader has learnt from."""
_UNIPEN = frozenset(
    {
        "71333968ea9bd8aca86731d359ef19bc8841badfb945a5124371c17cd5a684e6",
        "3f69944be281e2b9412d1867ed2dcedd50c11f34821ec3527c3c28e8b3e46ee5",
        "2815faf195ebdb615437f029c4f286b2942372bf92787f30cd832bd1fe1fdffa",
    }
)
"""Checksums of the labels of UNIPEN's pen strokes, which are in the set `reader`, however they are drawn.

Those of all 4,263, and of the two splits of them that an import makes.
"""


def find_learnt(database: Database, who: AnsweringModel, find_data: FindData) -> frozenset[str]:
    """Checksums of images or labels that it has learnt from; none where nothing is known, as of models by others.

    What a model has learnt reaches whoever began with its weights, or was taught by it. `find_data` opens the data set
    of a run by its name, where it is still there.
    """
    return _find_learnt(database, who, find_data, frozenset())


def _find_learnt(database: Database, who: AnsweringModel, find_data: FindData, passed: Set[str]) -> frozenset[str]:
    # A vote that was deleted may have been made anew, under its name, of whom it taught.
    if who.name in passed:
        return frozenset()
    passed = passed | {who.name}
    if who.run is not None:
        data, earlier = find_data(who.run.spec.data), find_all_answering(database, _list_earlier(who.run.spec))
        own = frozenset() if data is None else _add_people({data.sha256["train_images"]}, holds_people(data))
        return own.union(*(_find_learnt(database, each, find_data, passed) for each in earlier))
    if who.name in list_bundled():
        card = read_card(who.name)
        return _add_people({card.data_sha256["train_images"], OFFICIAL["train_images"]}, card.data == _READER)
    return frozenset().union(*(_find_learnt(database, member, find_data, passed) for member in who.members))


def _list_earlier(spec: RunSpec) -> list[str]:
    """The models that a run begins with, or is taught by."""
    distillation, tuning = Distillation.of(spec.own), FineTuning.of(spec.own)
    return [*([distillation.teacher] if distillation else []), *([tuning.start] if tuning else [])]


def has_learnt(learnt: frozenset[str], data: Dataset, split: Split) -> bool:
    """Whether the images of a split are among what `find_learnt` found."""
    return not learnt.isdisjoint((data.sha256[f"{split}_images"], data.sha256[f"{split}_labels"]))


def _add_people(images: set[str], people: bool) -> frozenset[str]:
    return frozenset(images) | (_UNIPEN if people else frozenset())
