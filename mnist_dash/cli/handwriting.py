"""How the hand of a set of own digits differs from MNIST's writers, and who of them is nearest, on the command line."""

import json
from typing import Any

from mnist_dash.analysis.components import find_basis
from mnist_dash.analysis.hand_comparison import ComparedHand, KnownHands, compare_hand, know_hands
from mnist_dash.analysis.hand_words import describe_hand, describe_unusual
from mnist_dash.analysis.handwriting import COMPARED, FEWEST
from mnist_dash.analysis.shape import measure_shapes
from mnist_dash.arrays import Labels
from mnist_dash.cli.terminal import say, show_progress
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import DataError
from mnist_dash.own_digits.records import name_label
from mnist_dash.settings import Settings

_NEAREST, _UNUSUAL = 10, 10
"""Writers and digits that are told."""


def tell_handwriting(settings: Settings, own: Digits, *, as_json: bool) -> None:
    """Say how these digits, all of a set that have a label, compare; raises DataError for fewer than FEWEST."""
    if len(own) < FEWEST:
        raise DataError(
            f"There are {len(own)} own digits with a label in this set; a hand shows from {FEWEST} on. Write some more."
        )
    known = _know_hands(settings)
    compared = compare_hand(own, known)
    if as_json:
        say(json.dumps(_describe(compared, known, own.labels)))
    else:
        say(*_write(compared, known, own.labels))


def _know_hands(settings: Settings) -> KnownHands:
    data = open_dataset(settings, progress=show_progress)
    return know_hands(data, measure_shapes(data.train.images, show_progress), find_basis(data.train.images))


def _describe(compared: ComparedHand, known: KnownHands, labels: Labels) -> dict[str, Any]:
    nearest = zip(compared.nearest[:_NEAREST].tolist(), compared.likeness[:_NEAREST].tolist(), strict=True)
    return {
        "digits": len(labels),
        "writers": len(known.writers),
        "measures": {
            measure.name: {"deviations": round(float(place), 3), "of_100_below": round(float(rank), 1)}
            for measure, place, rank in zip(COMPARED, compared.hand, compared.ranks, strict=True)
        },
        "nearest": [{"writer": writer, "likeness": round(likeness, 3)} for writer, likeness in nearest],
        "unusual": [
            {"digit": at + 1, "label": int(labels[at]), "of_100_less_unusual": round(float(compared.rarer[at]), 1)}
            for at in compared.unusual[:_UNUSUAL].tolist()
        ],
    }


def _write(compared: ComparedHand, known: KnownHands, labels: Labels) -> list[str]:
    measures = (
        f"{measure.title}: {place:+.2f} standard deviations, {rank:.0f} of 100 writers lie below"
        for measure, place, rank in zip(COMPARED, compared.hand, compared.ranks, strict=True)
    )
    nearest = zip(compared.nearest[:_NEAREST].tolist(), compared.likeness[:_NEAREST].tolist(), strict=True)
    unusual = (
        f"Digit {at + 1}, {name_label(int(labels[at]))}: {describe_unusual(compared, at, int(labels[at]))}"
        for at in compared.unusual[:_UNUSUAL].tolist()
    )
    return [
        f"{len(labels):,} own digits among {len(known.writers):,} writers. {describe_hand(compared)}",
        *measures,
        f"Nearest, with their likeness: {', '.join(f'{writer} {likeness:.2f}' for writer, likeness in nearest)}",
        *unusual,
    ]
