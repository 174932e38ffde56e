"""The method `fast` learns much in few steps, whatever the images are."""

from mnist_dash.data.generator.writers import generate
from mnist_dash.methods.method import Method
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.schedule import compute_rates
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from tests.training.lazily import MARKS, build, make_trainer, score

pytestmark = MARKS
IMAGES, ASKED = 4_000, 1_000


def _learn(method: Method, epochs: int) -> float:
    """The share of other digits of the generator that is read right after so many epochs of a few digits."""
    spec = RunSpec.of(method.name, "mnist", epochs=epochs)
    learnt, asked = generate(IMAGES, 1), generate(ASKED, 2)
    model = build(spec)
    trainer = make_trainer(model, spec.batch_size, label_smoothing=spec.label_smoothing)
    for epoch in range(1, epochs + 1):
        loader = BatchLoader(learnt, make_augmentation(spec), spec.seed, epoch)
        for _ in trainer.epoch(loader, compute_rates(spec, -(-IMAGES // spec.batch_size), epoch, [])):
            pass
    return score(model, asked).accuracy


def test_two_epochs_of_few_digits_teach_it_more_than_they_teach_the_network_of_the_notebook() -> None:
    fast = _learn(METHODS["fast"], 2)
    assert fast > 0.85
    assert fast > _learn(METHODS["cnn"], 2) + 0.02
