"""The script of a fitted run is that run: the same images, the same settings, the same answers."""

from typing import Any

import numpy as np
import pytest

from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.data.split import draw_split
from mnist_dash.methods.fitted import script
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec

IMAGES, LEARNT = 400, 180
SPECS: list[tuple[str, dict[str, Value]]] = [
    ("nearest", {"neighbours": 3, "votes": "distance"}),
    ("nearest", {"neighbours": 1, "votes": "equal"}),
    ("logistic", {"C": 0.2, "iterations": 300}),
    ("forest", {"trees": 20, "leaf": 2, "seed": 3}),
    ("forest", {"trees": 20}),
    ("svm", {"C": 5.0, "gamma": 0.03}),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("method", "changes"), SPECS)
def test_the_script_ends_with_the_models_of_the_run(
    method: str, changes: dict[str, Value], small: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sklearn.datasets  # type: ignore[import-untyped]

    rows = small.images.reshape(-1, FEATURES)
    found = rows.astype(np.float64), small.labels.astype(str)
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda *_, **__: found)
    monkeypatch.setattr(script, "IMAGES", IMAGES)
    spec = RunSpec.of(method, "mnist", **changes)
    assert spec.fitting is not None
    names: dict[str, Any] = {}
    exec(spec.fitting.write_script(spec.parameters, LEARNT), names)  # noqa: S102 - to see that it runs
    learnt = small.take(np.sort(draw_split(IMAGES, LEARNT, IMAGES - LEARNT, spec.seed).train))
    model = spec.fitting.open(spec.fitting.fit(learnt, spec.parameters, lambda _: None), spec.parameters)
    asked = small.take(slice(IMAGES, None))
    answers = model.probabilities(asked.images).argmax(axis=1)
    theirs = names["model"].predict(names["images"][names["test"]])
    assert (answers == theirs).mean() >= 0.97
