"""Data sets that the generator makes under a name: reproducible from the count, the seed and the parameters."""

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator import VERSION
from mnist_dash.data.generator.parameters import Handwriting, write_changes
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import named_sets
from mnist_dash.settings import Settings
from mnist_dash.users import LOCAL, User

TEST_SHARE = 6
"""One test digit for so many training digits, as MNIST has."""
DRAWN = 0.97
"""The share of the work that drawing is; keeping the images is the rest."""


def make_set(
    settings: Settings,
    name: str,
    count: int,
    seed: int,
    handwriting: Handwriting,
    progress: Progress = silent,
    user: User = LOCAL,
) -> Dataset:
    """Draw `count` training digits and a sixth as many test digits by other writers: a set of that user's with a name.

    Raises NotAllowedError, DataError for a name, count or seed that is not allowed, and SettingsError.
    """
    from mnist_dash.data.generator.writers import check, generate  # with an imaging library that few need

    named_sets.check_name(settings, name)
    check(count, seed)
    tests = max(1, count // TEST_SHARE)
    text, learnt = f"Drawing {count + tests:,} digits", DRAWN * count / (count + tests)
    first, second = within(progress, 0, learnt), within(progress, learnt, DRAWN)
    train = generate(count, seed, lambda share: first(text, share), handwriting)
    others = -(-count // handwriting.digits_each)
    test = generate(tests, seed, lambda share: second(text, share), handwriting, others)
    made = Dataset(name, train, test, describe(count, seed, handwriting), sha256=checksums(train, test))
    saved = named_sets.save(settings, name, made, user)
    progress("Ready", 1.0)
    return saved


def describe(count: int, seed: int, handwriting: Handwriting) -> str:
    """All that makes a set what it is, in words that `generate` on the command line takes."""
    changes = " ".join(f"{name}={value}" for name, value in write_changes(handwriting).items())
    return f"pen-stroke generator {VERSION}, {count:,} digits, seed {seed}" + (f", {changes}" if changes else "")
