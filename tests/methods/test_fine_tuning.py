"""Fine-tuning shows few images often, and beside them what the network knew."""

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.fine_tuning import FineTuning
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec


@pytest.mark.parametrize(
    ("images", "replay", "times", "replayed"),
    [
        (10, 0.5, 100, 1_000),
        (100, 0.5, 10, 1_000),
        (101, 0.5, 10, 1_010),
        (999, 0.0, 2, 0),
        (1_000, 0.75, 1, 3_000),
        (30_000, 0.5, 1, 30_000),
    ],
)
def test_an_epoch_shows_a_thousand_images_at_least_and_its_share_of_others(
    images: int, replay: float, times: int, replayed: int
) -> None:
    how = FineTuning("reader", replay)
    assert (how.count_times(images), how.count_replayed(images)) == (times, replayed)
    assert how.count_seen(images) == images * times + replayed


def test_the_spec_of_a_run_says_how_it_fine_tunes_and_of_every_other_run_that_it_does_not() -> None:
    spec = RunSpec.of("fine_tuned", "mine", start="generated", replay=0.25)
    assert spec.fine_tuning == FineTuning("generated", 0.25)
    assert RunSpec.from_json(spec.to_json()) == spec
    assert RunSpec.of("cnn", "mine").fine_tuning is None
    assert RunSpec.of("svm", "mine").fine_tuning is None


@pytest.mark.parametrize(
    ("start", "replay", "expected"), [("reader", 0.5, True), ("reader", 0, False), ("generated", 0.5, False)]
)
def test_mnist_is_replayed_to_the_reader_alone(start: str, replay: float, expected: bool) -> None:
    assert FineTuning(start, replay).replays_mnist is expected


def test_a_batch_may_hold_more_than_the_images_that_are_there_since_each_is_shown_often() -> None:
    spec = RunSpec.of("fine_tuned", "mine", validation_split=0.0, batch_size=64)
    assert spec.split(10) == (10, 0)
    # A thousand times ten images and a thousand others, 64 at a time.
    assert spec.steps(10) == 32
    with pytest.raises(SpecError, match=r"^batch_size is 5,000, but only 2,000 images are left"):
        RunSpec.of("fine_tuned", "mine", validation_split=0.0, batch_size=5_000).split(10)


@pytest.mark.parametrize(
    ("name", "value", "allowed"), [("start", "resnet", "reader, generated"), ("replay", 1.0, "0.95")]
)
def test_what_is_not_allowed_is_refused_with_what_is(name: str, value: str | float, allowed: str) -> None:
    with pytest.raises(SpecError, match=rf"^{name} is .*; allowed is .*{allowed}"):
        RunSpec.of("fine_tuned", "mine", **{name: value})


def test_a_script_says_that_it_cannot_begin_as_the_run_did() -> None:
    script = write_script(RunSpec.of("fine_tuned", "mnist"))
    assert (
        "# The run began with the weights of a bundled network and replayed digits; this script begins anew." in script
    )
    assert compile(script, "script.py", "exec")
