"""The training set of the method `reader`: MNIST's digits, and those hands, forms and pens that MNIST does not hold.

How many of each was chosen on digits of people left out and on training images of MNIST held out, never on a test
image. What paper, light and marks do to a picture is left to `data.disturbances`, which does it anew in each epoch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Labels, Writers
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import USUAL, Handwriting
from mnist_dash.data.generator.skeletons import SKELETONS, Skeleton
from mnist_dash.data.generator.writers import Written, generate, write, write_skeleton
from mnist_dash.data.progress import Progress, silent, tell_share, within
from mnist_dash.data.reader_set.redrawing import draw_placements, draw_strokes, preprocess_inks, redraw

VALIDATION = 12
"""The last one of so many training images, 5,000 of MNIST, is not learnt from: recipes are chosen on these."""

EVEN = Handwriting(evenness=1.0, pens=1.5)
FREE = Handwriting(evenness=1.0, difference=1.2, variation=1.2)
"""Writers that use all forms alike; the second differ more than usual, and their digits meet any pen of the sheet."""


@dataclass(frozen=True, slots=True)
class RareForms:
    """Those forms of a digit whose names hold one of `words`: in every cycle so many, written by such a `hand`."""

    words: tuple[str, ...]
    in_a_cycle: int
    hand: Handwriting


_APART = Handwriting(difference=1.3, variation=1.3)
RARE = MappingProxyType(
    {
        0: RareForms(("slashed", "dotted"), 1, _APART),
        1: RareForms(("upstroke", "foot", "cap"), 3, _APART),
        2: RareForms(("swung", "waved"), 1, Handwriting()),
        4: RareForms(("sail",), 1, Handwriting()),
        5: RareForms(("hat", "hardly"), 1, Handwriting()),
        7: RareForms(("short bar", "narrow", "steep", "and arched"), 2, Handwriting()),
        9: RareForms(("small ring", "pointed", "and bowl"), 2, Handwriting()),
    }
)
"""What MNIST all but lacks, and its readers take for another digit, or for none.

Ones with an upstroke, sevens with little of a bar and nines with little of a ring are alike: a reader that has seen the
rare forms of ones alone takes the others for them.
"""

MARKER = 20.0, 45.0
"""Pixels of the sheet: a 1 by so broad a pen is a block, which is no digit to whoever has seen fine ones alone."""

_REDRAWING, _GENERATING, _SHEET = 9.9e-3, 0.3e-3, 5.3e-3
"""Seconds that a core of an Intel Xeon took for a digit: to redraw one, to generate one, to draw one on the sheet."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many digits come from where; `renderings` is how often each digit of a pen is drawn, `broad` are 1s."""

    redrawn: int = 12_000
    usual: int = 6_000
    even: int = 6_000
    free: int = 6_000
    rare: int = 12_500
    broad: int = 1_500
    renderings: int = 2

    def estimate_seconds(self, strokes: int = 0) -> float:
        """How long one core takes for all, with so many digits of people."""
        generated = self.usual + self.even
        on_the_sheet = self.free + self.rare + self.broad + strokes * self.renderings
        return _REDRAWING * self.redrawn + _GENERATING * generated + _SHEET * on_the_sheet


@dataclass(frozen=True, slots=True, eq=False)
class ReaderSet:
    """Digits in the order of their sources, and which `source` (n,) each came from, as a place in `names`."""

    digits: Digits
    source: Labels
    names: tuple[str, ...]


_Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where `count` digits come from, each of which takes so many `seconds`; `draw` tells the share that is drawn.

    Sources of the same `people` share their writers; those of others are others, whatever their numbers are.
    """

    name: str
    count: int
    seconds: float
    draw: Callable[[_Told], Digits]
    people: str


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
    sources = list(_list_sources(mnist, strokes, recipe, seed))
    # By the time that each takes, so that what is left can be told from the share that is done.
    seconds = np.cumsum([0.0, *(source.count * source.seconds for source in sources)])
    ends = seconds / max(seconds[-1], 1e-9)
    # One text for all sources: another would be longer, and move what stands below it on a page.
    parts = [
        source.draw(partial(within(progress, start, end), "Drawing digits"))
        for source, start, end in zip(sources, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
    progress("Ready", 1.0)
    images, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels"))
    return ReaderSet(
        Digits(images, labels, _number_writers(parts, [source.people for source in sources])),
        np.repeat(np.arange(len(parts), dtype=np.uint8), list(map(len, parts))),
        tuple(source.name for source in sources),
    )


def _number_writers(parts: Sequence[Digits], people: Sequence[str]) -> Writers | None:
    """Who wrote each image of all parts, which are by the `people` of that name; None where one part does not say."""
    firsts: dict[str, int] = {}
    following, numbered = 0, []
    for part, name in zip(parts, people, strict=True):
        if part.writers is None:
            return None
        first = firsts.setdefault(name, following)
        numbered.append(part.writers.astype(np.int32) + first)
        following = max(following, int(numbered[-1].max()) + 1)
    return np.concatenate(numbered)


def _list_sources(mnist: Digits, strokes: Sequence[Written], recipe: Recipe, seed: int) -> Iterator[_Source]:
    """Every source that is asked for, each with a seed of its own."""
    yield _Source("MNIST", len(mnist), 0, lambda _told: mnist, "MNIST")
    if recipe.redrawn:
        count = min(recipe.redrawn, len(mnist))
        yield _Source("MNIST redrawn", count, _REDRAWING, partial(redraw_digits, mnist, count, seed), "MNIST")
    for number, (name, count, hand) in enumerate(
        (
            ("generated", recipe.usual, Handwriting()),
            ("generated, all forms alike", recipe.even, EVEN),
        ),
        1,
    ):
        if count:
            drawn = partial(generate, count, 10 * seed + number, handwriting=hand)
            yield _Source(name, count, _GENERATING, drawn, name)
    if recipe.free:
        yield _Source(
            "generated, by any pen",
            recipe.free,
            _SHEET,
            lambda told: draw_strokes(list(write(recipe.free, 10 * seed + 4, FREE)), seed, told),
            "free",
        )
    if recipe.rare:
        yield _Source(
            "rare forms",
            recipe.rare,
            _SHEET,
            lambda told: draw_strokes(list(_write_rare(recipe.rare, seed)), seed + 1, told),
            "rare",
        )
    if recipe.broad:
        yield _Source(
            "broad ones",
            recipe.broad,
            _SHEET,
            lambda told: draw_strokes(list(_write_ones(recipe.broad, seed)), seed + 2, told, MARKER),
            "broad",
        )
    for number in range(recipe.renderings if strokes else 0):
        drawn = partial(draw_strokes, strokes, 1000 * seed + number)
        yield _Source(f"pen strokes {number + 1}", len(strokes), _SHEET, drawn, "pen strokes")


def redraw_digits(mnist: Digits, count: int, seed: int, told: _Told = lambda _share: None) -> Digits:
    """`count` of the digits drawn anew by random pens at random places; `told` hears which share of them is."""
    chosen = mnist.take(np.random.default_rng((seed, 2)).permutation(len(mnist))[:count])
    inks = tell_share(redraw(chosen.images, draw_placements(count, seed)), count, told)
    return Digits(preprocess_inks(inks), chosen.labels, chosen.writers)


def _write_rare(count: int, seed: int) -> Iterator[Written]:
    """The digits that have rare forms, cycle by cycle, each in all of its rare forms alike."""
    forms = {digit: [form for form in SKELETONS[digit] if _is_rare(form, rare.words)] for digit, rare in RARE.items()}
    labels = [digit for digit, rare in RARE.items() for _ in range(rare.in_a_cycle)]
    for number in range(count):
        rng = np.random.default_rng((seed, 3, number))
        label = labels[number % len(labels)]
        hand = RARE[label].hand
        form = forms[label][int(rng.integers(len(forms[label])))]
        yield Written(label, number, tuple(write_skeleton(form, rng, hand)), hand.pen / 100)


def _write_ones(count: int, seed: int) -> Iterator[Written]:
    """1s in every form, as often as people write it: most are bars."""
    shares = np.array([form.share for form in SKELETONS[1]])
    for number in range(count):
        rng = np.random.default_rng((seed, 4, number))
        form = SKELETONS[1][int(rng.choice(len(shares), p=shares / shares.sum()))]
        yield Written(1, number, tuple(write_skeleton(form, rng)), USUAL.pen / 100)


def _is_rare(form: Skeleton, words: Sequence[str]) -> bool:
    return any(word in form.name for word in words)
