"""The command that draws digits, as images, as strokes, or as a data set."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from mnist_dash.cli import acting
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.generator import writers
from mnist_dash.data.generator.parameters import PARAMETERS, Handwriting, parse_handwriting
from mnist_dash.data.io import export
from mnist_dash.data.io.export import FileFormat
from mnist_dash.data.io.pen_strokes import StrokeFormat, write_strokes
from mnist_dash.data.progress import Progress
from mnist_dash.data.store.generated_sets import make_set
from mnist_dash.data.store.named_sets import ALLOWED
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings

TOLD = "draw digits as imaginary writers write them"


def describe(parser: ArgumentParser) -> None:
    """Add what `generate` takes."""
    parameters = "; ".join(f"{name}: {parameter.allowed}" for name, parameter in PARAMETERS.items())
    parser.add_argument("--count", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, required=True, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE.npz", help="write the images")
    parser.add_argument("--strokes", type=Path, metavar="FILE.jsonl", help="write the strokes; .jsonl.gz packs them")
    parser.add_argument("--name", metavar="NAME", help=f"keep a data set with test digits by other writers: {ALLOWED}")
    parser.add_argument(
        "--parameter",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help=parameters.replace("%", "%%"),
    )
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)
    acting.describe(parser)


def generate(settings: Settings, asked: Namespace) -> None:
    """Draw digits as imaginary writers write them; write images or strokes, or keep them as a set."""
    told = print_progress_lines() if asked.progress else show_progress
    handwriting = parse_handwriting(dict(map(_pair, asked.parameter)))
    writers.check(asked.count, asked.seed)
    _check_targets(asked)
    lines = []
    if asked.name:
        user = acting.read_user(asked)
        made = make_set(settings, asked.name, asked.count, asked.seed, handwriting, told, user)
        lines.append(f"{made.name}: {len(made.train):,} training and {len(made.test):,} test images from {made.origin}")
    if asked.out:
        lines.append(_write_images(asked, handwriting, told))
    if asked.strokes:
        lines.append(_write_strokes(asked, handwriting))
    summary = _summary(asked, handwriting)
    if asked.progress:
        print_result(**summary)
    else:
        say(*([json.dumps(summary)] if asked.json else lines))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise DataError(f"--parameter got {text!r:.60}; allowed is KEY=VALUE with one of {', '.join(PARAMETERS)}.")
    return name, value


def _check_targets(asked: Namespace) -> None:
    """Refuse what would be drawn in vain."""
    if not (asked.out or asked.strokes or asked.name):
        raise DataError("Nothing says where the digits go. Add --out FILE.npz, --strokes FILE.jsonl or --name NAME.")
    if asked.strokes:
        export.format_of(asked.strokes, StrokeFormat)


def _write_images(asked: Namespace, handwriting: Handwriting, progress: Progress) -> str:
    text = f"Drawing {asked.count:,} digits"
    digits = writers.generate(asked.count, asked.seed, lambda share: progress(text, share), handwriting)
    with export.write_whole(asked.out) as stream:
        export.save(stream, FileFormat.NPZ, digits)
    return f"{len(digits):,} digits written to {asked.out}"


def _write_strokes(asked: Namespace, handwriting: Handwriting) -> str:
    with export.write_whole(asked.strokes) as stream:
        count = write_strokes(
            stream,
            writers.write(asked.count, asked.seed, handwriting),
            export.format_of(asked.strokes, StrokeFormat),
        )
    return f"Strokes of {count:,} digits written to {asked.strokes}"


def _summary(asked: Namespace, handwriting: Handwriting) -> dict[str, object]:
    targets = {"file": asked.out, "strokes": asked.strokes, "name": asked.name}
    told = {key: str(value) for key, value in targets.items() if value}
    return told | {"count": asked.count, "seed": asked.seed, "parameters": asdict(handwriting)}
