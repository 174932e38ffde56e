"""What answers is scikit-learn's own model, to the sixth digit, and what was written is read back or refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from mnist_dash.arrays import AnyNumbers, Images
from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import ModelError, SpecError
from mnist_dash.methods.fitted import forest, logistic, nearest, svm
from mnist_dash.methods.fitted.files import read_arrays, write_arrays
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.method import Arrays, Classifier, Method
from mnist_dash.methods.spec import RunSpec

Model = Any
"""One of scikit-learn's, which has no types."""


@dataclass(frozen=True)
class Pair:
    """A method with some of its hyperparameters, and what scikit-learn calls the same."""

    method: Method
    changes: Mapping[str, Value]
    make: Callable[[], Model]
    scaled: bool = True


def _neighbours() -> Model:
    from sklearn.neighbors import KNeighborsClassifier  # type: ignore[import-untyped]

    return KNeighborsClassifier(5, algorithm="brute")


def _near_neighbours() -> Model:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(3, weights="distance", algorithm="brute")


def _logistic() -> Model:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    return LogisticRegression(C=0.2, max_iter=100)


def _forest() -> Model:
    from sklearn.ensemble import RandomForestClassifier  # type: ignore[import-untyped]

    return RandomForestClassifier(25, min_samples_leaf=3, random_state=7)


def _svm() -> Model:
    from sklearn.svm import SVC  # type: ignore[import-untyped]

    return SVC(C=5, gamma=0.03, break_ties=True)


PAIRS = {
    "nearest": Pair(nearest.METHOD, {"neighbours": 5, "votes": "equal"}, _neighbours),
    "nearest by distance": Pair(nearest.METHOD, {"neighbours": 3, "votes": "distance"}, _near_neighbours),
    "logistic": Pair(logistic.METHOD, {"C": 0.2, "iterations": 100}, _logistic),
    "forest": Pair(forest.METHOD, {"trees": 25, "leaf": 3, "seed": 7}, _forest, scaled=False),
    "svm": Pair(svm.METHOD, {"C": 5.0, "gamma": 0.03}, _svm),
}
FEW = {"ten digits": range(10), "three digits": (1, 4, 8), "two digits": (3, 5)}


@pytest.fixture(scope="module")
def asked() -> Images:
    """Images that nothing has learnt from."""
    return generate(300, 5).images


@pytest.fixture(params=list(FEW.values()), ids=list(FEW))
def some(small: Digits, request: pytest.FixtureRequest) -> Digits:
    """The digits that there are to learn from."""
    return small.take(np.isin(small.labels, list(request.param)))


def _fit(pair: Pair, digits: Digits) -> Classifier:
    values = RunSpec.of(pair.method.name, "mnist", **pair.changes).parameters
    fitting = pair.method.fitting
    assert fitting is not None
    arrays = read_arrays(write_arrays(fitting.fit(digits, values, lambda _: None)))
    return fitting.open(arrays, values)


def _rows(images: Images, pair: Pair) -> AnyNumbers:
    rows: AnyNumbers = images.reshape(-1, FEATURES)
    return rows / 255 if pair.scaled else rows


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", PAIRS)
def test_answers_are_those_of_scikit_learn(name: str, some: Digits, asked: Images) -> None:
    pair = PAIRS[name]
    theirs = pair.make().fit(_rows(some.images, pair), some.labels)
    model = _fit(pair, some)
    answers = model.probabilities(asked)
    assert answers.shape == (300, 10)
    assert answers.dtype == np.float32
    assert np.allclose(answers.sum(axis=1), 1, atol=1e-6)
    if isinstance(model, svm.SupportVectors):
        scores, expected = model.scores(asked), theirs.decision_function(_rows(asked, pair))
        if len(theirs.classes_) > 2:
            assert np.allclose(scores, expected, atol=1e-6)
    else:
        assert np.allclose(answers[:, theirs.classes_], theirs.predict_proba(_rows(asked, pair)), atol=1e-6)
    # Where two digits are equally likely, whose turn it is says nothing.
    best = np.sort(answers, axis=1)
    clear = best[:, -1] - best[:, -2] > 1e-7
    assert clear.mean() > 0.8
    assert np.array_equal(answers.argmax(axis=1)[clear], theirs.predict(_rows(asked, pair))[clear])


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_settings_give_the_same_fit_and_no_image_is_no_answer(name: str, small: Digits) -> None:
    first, second = (_fit(PAIRS[name], small).probabilities(small.images[:20]) for _ in range(2))
    assert np.array_equal(first, second)
    assert _fit(PAIRS[name], small).probabilities(small.images[:0]).shape == (0, 10)


def _arrays(name: str, digits: Digits) -> tuple[Pair, dict[str, AnyNumbers]]:
    pair = PAIRS[name]
    values = RunSpec.of(pair.method.name, "mnist", **pair.changes).parameters
    assert pair.method.fitting is not None
    return pair, dict(pair.method.fitting.fit(digits, values, lambda _: None))


def _open(pair: Pair, arrays: Arrays) -> Classifier:
    assert pair.method.fitting is not None
    return pair.method.fitting.open(arrays, RunSpec.of(pair.method.name, "mnist", **pair.changes).parameters)


@pytest.mark.parametrize("name", PAIRS)
def test_arrays_of_another_type_shape_or_none_are_refused_by_name(name: str, small: Digits) -> None:
    pair, arrays = _arrays(name, small.take(slice(200)))
    for each, array in arrays.items():
        words = f"^The fitted model is damaged: its array {each!r} is not what was fitted"
        missing = {other: kept for other, kept in arrays.items() if other != each}
        for damaged in (missing, arrays | {each: array.astype(np.float16)}, arrays | {each: array[..., np.newaxis]}):
            with pytest.raises(ModelError, match=words):
                _open(pair, damaged)


@pytest.mark.parametrize(
    ("name", "array", "value"),
    [
        ("nearest", "labels", 10),
        ("logistic", "digits", 0),
        ("logistic", "weights", np.nan),
        ("forest", "left", 0),
        ("forest", "right", 10_000_000),
        ("forest", "roots", -10_000_000),
        ("forest", "pixel", 784),
        ("forest", "shares", np.inf),
        ("svm", "coefficients", np.nan),
        ("svm", "digits", 77),
    ],
)
def test_values_out_of_bounds_are_refused_and_no_walk_goes_round(
    name: str, array: str, value: float, small: Digits
) -> None:
    pair, arrays = _arrays(name, small.take(slice(200)))
    damaged = arrays[array].copy()
    damaged[-1] = value
    with pytest.raises(ModelError, match=f"its array {array!r} is not what was fitted"):
        _open(pair, arrays | {array: damaged})


def test_a_file_that_is_cut_or_holds_pickles_is_refused() -> None:
    content = write_arrays({"digits": np.arange(10, dtype=np.uint8)})
    for damaged in (b"", content[:-30], b"PK\x03\x04", content[:40] + b"\xff" * 40 + content[80:]):
        with pytest.raises(ModelError, match=r"^The fitted model is damaged \(.*\)\. Train it once more\.$"):
            read_arrays(damaged)
    import io

    stream = io.BytesIO()
    np.savez(stream, digits=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match="Object arrays cannot be loaded"):
        read_arrays(stream.getvalue())


def test_more_neighbours_than_images_are_refused(small: Digits) -> None:
    values = RunSpec.of("nearest", "mnist", neighbours=50).parameters
    words = "neighbours is 50, but only 20 images are left to learn from; ask for fewer"
    assert nearest.METHOD.fitting is not None
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        nearest.METHOD.fitting.fit(small.take(slice(20)), values, lambda _: None)


def test_a_forest_tells_how_far_it_has_grown(small: Digits) -> None:
    told: list[float] = []
    assert forest.METHOD.fitting is not None
    forest.METHOD.fitting.fit(small, RunSpec.of("forest", "mnist", trees=25).parameters, told.append)
    assert told == [0.4, 0.8, 1.0]


def test_of_many_nearest_neighbours_two_have_their_images_unpacked() -> None:
    digits, spec = generate(60, 0), RunSpec.of("nearest", "mnist")
    assert spec.fitting
    arrays = spec.fitting.fit(digits, spec.parameters, lambda _share: None)
    models = [spec.fitting.open(arrays, spec.parameters) for _ in range(4)]
    first = [model.probabilities(digits.images[:5]) for model in models]
    assert nearest._unpack.cache_info().currsize == 2
    assert all(np.array_equal(first[0], answers) for answers in first)
    assert np.array_equal(models[0].probabilities(digits.images[:5]), first[0])
