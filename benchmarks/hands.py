"""How well the bundled reader reads people's hands, donor by donor, and MNIST-C; beside it, the notebook's network.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.hands [--quick] [--reader FILE.tflite] [--detector FILE.tflite]`. Every
digit is drawn, opened, preprocessed, refused and read as by the page Sketch and by `predict`; a refusal is an error, as
is a digit that is taken for several, and so that refusals can be told from misreadings, each share is given without
them, too. `cnn` is the program's method
of that name, trained on MNIST as it is: the bundled one, from one run with seed 0. Another reader or detector is a
`.tflite` file with its card, `.json`, beside it; then, and on a sample of a tenth, nothing is written.
"""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import record
from benchmarks.hand_sets import SEED, HandSet, Kind, load_hand_sets
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Labels, Mask
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.reader_set.redrawing import PEN, SHEET, SIZE
from mnist_dash.models.bundled import DEFAULT, DIGIT_OR_NOT, Card, load_bundled, read_card
from mnist_dash.models.classifier import Classifier, LiteRT
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import DigitDetector, load_digit_detector
from mnist_dash.sketch.digits import segment_digits

BASELINE = "cnn"
PEOPLE = (Kind.PEN, Kind.PICTURES, Kind.MNIST)
"""Kinds whose sets are put together; those of MNIST-C share their digits, so that an interval would be too narrow."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What became of n images: their `labels`, which were `refused`, and which each network by its name had `right`.

    `segmented` are those that are several digits to the page Sketch, of which none is right. All are (n,).
    """

    kind: Kind
    name: str
    labels: Labels
    refused: Mask
    right: Mapping[str, Mask]
    segmented: Mask

    def take(self, chosen: Mask) -> "Reading":
        """Some of the images."""
        right = {network: mask[chosen] for network, mask in self.right.items()}
        refused, segmented = (mask[chosen] for mask in (self.refused, self.segmented))
        return Reading(self.kind, self.name, self.labels[chosen], refused, right, segmented)


def main(reader_file: Path | None, detector_file: Path | None, *, quick: bool) -> None:
    """Read all sets, print a table, and write the result where it is the bundled reader's on all digits."""
    started = time.process_time()
    networks, cards = _load_networks(reader_file)
    detector = _load_detector(detector_file)
    readings = [read(hand_set, networks, detector, networks[DEFAULT]) for hand_set in load_hand_sets(quick=quick)]
    result: dict[str, object] = {
        "seed": SEED,
        "sheet": {"pixels": SHEET, "pen": PEN, "size": SIZE},
        "networks": {name: _summarise(card) for name, card in cards.items()},
        "threshold": detector.threshold,
        "sets": {kind.value: _describe_each(readings, kind) for kind in Kind},
        "together": {kind.value: describe(_join(readings, kind)) for kind in PEOPLE},
        "digits": {kind.value: _by_digit(_join(readings, kind)) for kind in PEOPLE},
        "mnist_c_mean": _mean(readings, Kind.CORRUPTED),
        "processor_seconds": round(time.process_time() - started),
    }
    print(_tabulate(result), file=sys.stderr)
    if reader_file or detector_file or quick:
        print(json.dumps(result, indent=2))
    else:
        record.write("hands", result)


def _load_networks(reader: Path | None) -> tuple[dict[str, Classifier], dict[str, Card]]:
    networks = {DEFAULT: load_bundled(DEFAULT), BASELINE: load_bundled(BASELINE)}
    cards = {name: read_card(name) for name in networks}
    if reader:
        # Calibration is left out: it changes no answer.
        networks[DEFAULT], cards[DEFAULT] = LiteRT(reader.read_bytes()), _read_card(reader)
    return networks, cards


def _load_detector(file: Path | None) -> DigitDetector:
    if file is None:
        return load_digit_detector()
    return DigitDetector(LiteRT(file.read_bytes()), _read_card(file).threshold, reader=load_bundled(DEFAULT))


def _read_card(model: Path) -> Card:
    return Card(**json.loads(model.with_suffix(".json").read_text("utf-8")))


def _summarise(card: Card) -> dict[str, object]:
    run = {name: card.spec[name] for name in ("method", "epochs", "seed")}
    return {"title": card.title, "parameters": card.parameters, "data": card.data, **run, "trained": card.trained}


def read(hand_set: HandSet, networks: Mapping[str, Classifier], detector: DigitDetector, cutter: Classifier) -> Reading:
    """What each network and the detector make of a set; an image without ink is read by none.

    Whether a drawing is one digit, `cutter` is asked beside the detector, as the page asks the bundled reader.
    """
    print(hand_set.kind, hand_set.name, len(hand_set.labels), file=sys.stderr)
    images, labels = hand_set.images, hand_set.labels
    segmented = np.zeros(len(labels), bool)
    if hand_set.drawn is not None:
        confidence = make_cut_confidence(cutter, detector)
        segmented = np.array([len(segment_digits(ink, confidence, number=False)) > 1 for ink in hand_set.drawn])
    whole = images.any(axis=(1, 2)) & ~segmented
    right = {
        name: np.asarray((network.probabilities(images).argmax(axis=1) == labels) & whole)
        for name, network in networks.items()
    }
    verdicts = detector.give_verdicts(images, struck=hand_set.struck)
    refused = np.array([verdict.is_refusal for verdict in verdicts])
    return Reading(hand_set.kind, hand_set.name, labels, refused, right, segmented)


def describe(reading: Reading) -> dict[str, Any]:
    """Shares of a reading's images, each with a 95 % interval; of what is no digit, none can be right."""
    found: dict[str, Any] = {"images": len(reading.labels), "refused": _share(reading.refused)}
    if reading.kind is Kind.NO_DIGIT:
        return found
    if reading.kind is Kind.PEN:
        found["segmented"] = _share(reading.segmented)
    for name, right in reading.right.items():
        found[name] = {"right": _share(right & ~reading.refused), "without_refusal": _share(right)}
    return found


def _share(mask: Mask) -> dict[str, object]:
    low, high = wilson_interval(int(mask.sum()), len(mask))
    return {"share": round(float(mask.mean()), 4), "interval": [round(low, 4), round(high, 4)]}


def _join(readings: Iterable[Reading], kind: Kind) -> Reading:
    parts = [reading for reading in readings if reading.kind is kind]
    return Reading(
        kind,
        "together",
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.refused for part in parts]),
        {name: np.concatenate([part.right[name] for part in parts]) for name in parts[0].right},
        np.concatenate([part.segmented for part in parts]),
    )


def _by_digit(reading: Reading) -> dict[str, Any]:
    return {str(digit): describe(reading.take(reading.labels == digit)) for digit in range(CLASSES)}


def _describe_each(readings: Iterable[Reading], kind: Kind) -> dict[str, Any]:
    return {reading.name: describe(reading) for reading in readings if reading.kind is kind}


def _mean(readings: Iterable[Reading], kind: Kind) -> dict[str, Any]:
    """Means over the sets of a kind."""
    every = _describe_each(readings, kind).values()

    def mean(shares: Sequence[dict[str, Any]]) -> float:
        return round(float(np.mean([share["share"] for share in shares])), 4)

    found: dict[str, Any] = {"refused": mean([row["refused"] for row in every])}
    for name in (DEFAULT, BASELINE):
        found[name] = {way: mean([row[name][way] for row in every]) for way in ("right", "without_refusal")}
    return found


def _tabulate(result: Mapping[str, Any]) -> str:
    """All sets, and the digits of people's hands by their label, as a table in Markdown."""
    names = [f"{name} {way}" for name in (DEFAULT, BASELINE) for way in ("right", "without refusal")]
    head = ["", "images", "refused", *names, "taken for several"]
    rows = [("together", kind.value, result["together"][kind.value]) for kind in PEOPLE]
    rows += [(kind.value, name, row) for kind in Kind for name, row in result["sets"][kind.value].items()]
    rows += [(kind.value, digit, row) for kind in PEOPLE for digit, row in result["digits"][kind.value].items()]
    lines = [head, ["---"] * len(head), *([f"{kind} {name}", *_cells(row)] for kind, name, row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Mapping[str, Any]) -> list[str]:
    shares = [row[name][way] for name in (DEFAULT, BASELINE) if name in row for way in ("right", "without_refusal")]
    if "segmented" in row:
        shares.append(row["segmented"])
    return [f"{row['images']:,}", *(_percent(share) for share in (row["refused"], *shares))]


def _percent(share: Mapping[str, Any]) -> str:
    low, high = share["interval"]
    return f"{100 * share['share']:.1f} ({100 * low:.1f}–{100 * high:.1f}) %"


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure how well digits by many hands are read.")
    arguments.add_argument("--quick", action="store_true", help="a sample of a tenth")
    arguments.add_argument("--reader", type=Path, help=f"a .tflite file instead of {DEFAULT}, with its card beside it")
    arguments.add_argument("--detector", type=Path, help=f"a .tflite file instead of {DIGIT_OR_NOT}, with its card")
    asked = arguments.parse_args()
    main(asked.reader, asked.detector, quick=asked.quick)
