"""How many boxes of photographed forms are cut out and labelled as they were written, and how long a page takes.

`python -m benchmarks.forms [PHOTOS]`, with the pen strokes of `../shared/pen`. On PHOTOS imaginary photos (200 unless
told otherwise) of forms filled with people's digits: bent paper, up to 25 degrees of tilt, any turn, shadows, tables. A
box is right where all but 3 % of its ink lies within half a millimetre of what was written, and the other way round,
and an empty or filled box is called that. Digits that the bundled reader reads in the strokes alone, and not in the
box, are counted too. Pages of 12 megapixels are timed, from the file to all boxes judged.
"""

import io
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import record
from benchmarks.form_photos import FilledForm, is_cut_right, photograph_form
from benchmarks.hand_sets import STROKES
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.data.generator.writers import Written
from mnist_dash.data.io.pen_strokes import read_strokes
from mnist_dash.data.progress import silent
from mnist_dash.errors import FormError
from mnist_dash.forms import layout
from mnist_dash.forms.boxes import cut_boxes
from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.forms.reading import Ask, State, judge_boxes, read_forms
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.drawing_answers import Answers, answer_sketches
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess

PHOTOS, SEED, TIMED, MEGAPIXELS = 200, 10_000, 5, 12.0


def main(photos: int = PHOTOS) -> None:
    """Measure and write the result."""
    digits = group_digits(STROKES)
    model, detector = load_bundled(DEFAULT), load_digit_detector()

    def ask(sketches: Sequence[Stages]) -> Answers:
        return answer_sketches(model, detector, sketches)

    counts: Counter[str] = Counter()
    for at in range(photos):
        rng = np.random.default_rng((SEED, at))
        made = photograph_form(choose_digits(digits, rng), rng)
        counts += count_boxes(made, ask)
        print(
            f"\r{at + 1} of {photos}: {counts['right']:,} of {counts['boxes']:,}", end="", file=sys.stderr, flush=True
        )
    seconds = [time_page(digits, at, ask) for at in range(TIMED)]
    low, high = wilson_interval(counts["right"], counts["boxes"])
    record.write(
        "forms",
        {
            "claim": "99 % of the boxes of photographed forms are right; 20 s for 12 megapixels at most",
            "photos": photos,
            "seed": SEED,
            **counts,
            "right_share": round(counts["right"] / counts["boxes"], 5),
            "right_interval": [round(low, 5), round(high, 5)],
            "page_12_megapixels_seconds": [round(each, 2) for each in seconds],
            "page_12_megapixels_median_s": round(median(seconds), 2),
        },
    )


def group_digits(path: Path) -> dict[int, list[Written]]:
    """People's digits by label."""
    found: dict[int, list[Written]] = {digit: [] for digit in range(10)}
    for written in read_strokes(path, silent):
        found[written.label].append(written)
    return found


def choose_digits(digits: dict[int, list[Written]], rng: np.random.Generator) -> list[Written]:
    """A digit for each box, of the label that it asks for."""
    return [digits[box.digit][rng.integers(len(digits[box.digit]))] for box in layout.BOXES]


def count_boxes(made: FilledForm, ask: Ask) -> Counter[str]:
    """How many boxes there were and were right, and how many digits were read in the strokes and in the box."""
    counts = Counter(boxes=len(layout.BOXES))
    try:
        form = find_forms(np.asarray(made.image.convert("L")))[0]
    except FormError:
        return counts + Counter(pages_lost=1)
    cuts = cut_boxes(made.image, form)
    judged = judge_boxes(cuts, ask)
    for cut, box, ink, filled, digit in zip(cuts, judged, made.written, made.filled, made.digits, strict=True):
        if filled:
            counts["right"] += box.state is State.FILLED
        elif ink is None:
            counts["right"] += box.state is State.EMPTY
        else:
            right = is_cut_right(cut.ink, ink) and box.state is not State.FILLED
            counts += Counter(right=right, digits=1, doubtful=box.state is State.DOUBTFUL)
            alone = preprocess(ink)
            if alone is not None and ask([alone]).read(0) == digit.label:
                read = None if box.probabilities is None else int(box.probabilities.argmax())
                counts += Counter(read_alone=1, read_in_box=read == digit.label)
    return counts


def time_page(digits: dict[int, list[Written]], at: int, ask: Ask) -> float:
    """Seconds from a file of 12 megapixels to all of its boxes judged."""
    rng = np.random.default_rng((SEED, 1, at))
    file = io.BytesIO()
    photograph_form(choose_digits(digits, rng), rng, MEGAPIXELS).image.convert("RGB").save(file, "JPEG", quality=90)
    file.seek(0)
    started = time.perf_counter()
    for picture in open_pictures(file):
        for _ in read_forms(picture.image, ask):
            pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
