"""The training set of the bundled reader: MNIST's digits, and those hands, forms and pens that MNIST does not hold.

How many of each was chosen on digits of people left out and on training images of MNIST held out, never on a test
image. What paper, light and marks do to a picture is left to `data.disturbances`, which does it anew in each epoch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Labels
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.skeletons import SKELETONS, Skeleton
from mnist_dash.data.generator.writers import Written, generate, write, write_skeleton
from mnist_dash.data.progress import Progress, silent
from mnist_dash.data.reader_set.redrawing import draw_placements, draw_strokes, preprocess_inks, redraw

VALIDATION = 12
"""The last one of so many training images, 5,000 of MNIST, is not learnt from: recipes are chosen on these."""

EVEN = Handwriting(evenness=1.0, pens=1.5)
BROAD = Handwriting(evenness=0.6, difference=1.5, variation=1.3, pens=1.5)
FREE = Handwriting(evenness=1.0, difference=1.2, variation=1.2)
"""Writers that use all forms alike, that differ more than usual, and whose digits meet any pen of the sheet."""
RARE = MappingProxyType(
    {
        0: ("slashed", "dotted"),
        1: ("upstroke", "foot", "cap"),
    }
)
"""Words in the names of those forms that MNIST all but lacks, and that its readers take for another digit."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many digits come from where; `renderings` is how often each digit of a pen is drawn."""

    redrawn: int = 18_000
    usual: int = 10_000
    even: int = 10_000
    broad: int = 10_000
    free: int = 12_000
    rare: int = 9_000
    renderings: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class ReaderSet:
    """Digits in the order of their sources, and which `source` (n,) each came from, as a place in `names`."""

    digits: Digits
    source: Labels
    names: tuple[str, ...]


def hold_out(mnist: Digits) -> tuple[Digits, Digits]:
    """MNIST's training images in two: what a reader learns from, and the last ones, on which all is chosen."""
    learnt = len(mnist) - len(mnist) // VALIDATION
    return mnist.take(slice(0, learnt)), mnist.take(slice(learnt, None))


def build_reader_set(
    mnist: Digits,
    strokes: Sequence[Written] = (),
    recipe: Recipe = Recipe(),
    seed: int = 1,
    progress: Progress = silent,
) -> ReaderSet:
    """The set, from MNIST's training images that are to be learnt from; the same arguments give the same bits.

    `strokes` are those of all who are not left out. Raises DataError for a negative seed.
    """
    parts: list[tuple[str, Digits]] = []
    makers = dict(_list_sources(mnist, strokes, recipe, seed))
    for number, (name, make) in enumerate(makers.items()):
        progress(f"Drawing digits: {name}", number / len(makers))
        parts.append((name, make()))
    progress("Ready", 1.0)
    return ReaderSet(
        Digits(
            np.concatenate([part.images for _, part in parts]),
            np.concatenate([part.labels for _, part in parts]),
        ),
        np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part) for _, part in parts]),
        tuple(name for name, _ in parts),
    )


def _list_sources(
    mnist: Digits, strokes: Sequence[Written], recipe: Recipe, seed: int
) -> Iterator[tuple[str, Callable[[], Digits]]]:
    """Every source that is asked for, with what draws its digits, each by a seed of its own."""
    yield "MNIST", lambda: mnist
    if recipe.redrawn:
        yield "MNIST redrawn", lambda: redraw_digits(mnist, recipe.redrawn, seed)
    for number, (name, count, hand) in enumerate(
        (
            ("generated", recipe.usual, Handwriting()),
            ("generated, all forms alike", recipe.even, EVEN),
            ("generated, of many hands", recipe.broad, BROAD),
        ),
        1,
    ):
        if count:
            yield name, lambda n=count, by=10 * seed + number, hand=hand: generate(n, by, handwriting=hand)  # type: ignore[misc]
    if recipe.free:
        yield "generated, by any pen", lambda: draw_strokes(list(write(recipe.free, 10 * seed + 4, FREE)), seed)
    if recipe.rare:
        yield "rare forms", lambda: draw_strokes(list(_write_rare(recipe.rare, seed)), seed + 1)
    for number in range(recipe.renderings if strokes else 0):
        yield f"pen strokes {number + 1}", lambda by=1000 * seed + number: draw_strokes(strokes, by)  # type: ignore[misc]


def redraw_digits(mnist: Digits, count: int, seed: int) -> Digits:
    """`count` of the digits, or all, drawn anew by random pens at random places."""
    chosen = mnist.take(np.random.default_rng((seed, 2)).permutation(len(mnist))[:count])
    return Digits(preprocess_inks(redraw(chosen.images, draw_placements(len(chosen), seed))), chosen.labels)


def _write_rare(count: int, seed: int) -> Iterator[Written]:
    """As many of each digit that has rare forms, in all of them alike."""
    forms = {digit: [form for form in SKELETONS[digit] if _is_rare(form, words)] for digit, words in RARE.items()}
    hand, labels = Handwriting(difference=1.3, variation=1.3), tuple(RARE)
    for number in range(count):
        rng = np.random.default_rng((seed, 3, number))
        label = labels[number % len(labels)]
        form = forms[label][int(rng.integers(len(forms[label])))]
        yield Written(label, number, tuple(write_skeleton(form, rng, hand)), hand.pen / 100)


def _is_rare(form: Skeleton, words: Sequence[str]) -> bool:
    return any(word in form.name for word in words)
