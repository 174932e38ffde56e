"""The command line: `mnist-dash COMMAND`, which is `python -m mnist_dash COMMAND`; without a command, the app."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from mnist_dash.cli import (
    acting,
    answers,
    auditing,
    backing_up,
    data,
    elsewhere,
    evaluating,
    forms,
    generating,
    learning_curve,
    liking,
    mapping,
    models,
    processes,
    reader_set,
    reporting,
    seeds,
    serving,
    stressing,
    sweeping,
    training,
    voting,
)
from mnist_dash.cli.own import describe_own, own
from mnist_dash.cli.terminal import say
from mnist_dash.data.io.export import FileFormat
from mnist_dash.data.io.readers import name_formats
from mnist_dash.data.store.named_sets import ALLOWED
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import printable
from mnist_dash.methods import audit as audits
from mnist_dash.methods.registry import METHODS
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.export import Export
from mnist_dash.runs.seeds import SEEDS
from mnist_dash.settings import Settings

ROOT_HELP = "A laboratory for handwritten digits. Without a browser: the same data, runs and models."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 2 with one line on stderr that says what came, what is allowed and what to do."""
    asked = parser().parse_args((sys.argv[1:] if arguments is None else arguments) or ["app"])
    try:
        asked.command(Settings.from_environment(os.environ), asked)
    except MnistDashError as e:
        say(f"mnist_dash: {' '.join(str(e).splitlines())}", error=True)
        return 2
    except KeyboardInterrupt:
        say("mnist_dash: interrupted", error=True)
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, as every command does."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        self.exit(2, f"mnist_dash: {printable(message)}. `{self.prog} --help` lists what is allowed.\n")


class Renamed(argparse.Action):
    """An option under its earlier name: it still extends what it stands for, and names the new word on stderr."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse hands it over
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        """Take the values."""
        say(f"mnist_dash: {option_string} is called --{self.dest} now, and taken as that.", error=True)
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), *(values or ())])


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    root = Parser(_called(), description=ROOT_HELP)
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    served = commands.add_parser("app", help="serve the app in the browser; so does no command at all")
    served.add_argument("--port", type=serving.port, metavar="N", help="default: 8501, or the next that is free")
    served.set_defaults(command=serving.app)
    _add_data(commands)
    _add_answers(commands)
    adding = _command(commands, "import-model", models.add_model, "keep a model by others, and find what it needs")
    models.describe_adding(adding)
    voted = _command(commands, "vote", voting.vote, "let several models answer as one, by the mean of their answers")
    voting.describe(voted)
    listing = _command(commands, "models", models.models, "list models by others and votes; change or delete one")
    models.describe_listing(listing)
    _add_map(commands)
    _add_training(commands)
    _add_processes(commands)
    backing_up.describe(_command(commands, "backup", backing_up.back_up_home, backing_up.TOLD))
    backing_up.describe(_command(commands, "restore", backing_up.restore_home, backing_up.RESTORED))
    return root


def _called() -> str:
    """The words by which a person called the program."""
    return "mnist-dash" if Path(sys.argv[0]).stem == "mnist-dash" else "python -m mnist_dash"


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add_data(commands: Commands) -> None:  # type: ignore[valid-type]
    found = _command(commands, "data", data.data, "find or fetch the data, verify it, summarise it")
    found.add_argument("--source", type=Path, metavar="PATH", help="a folder or file, instead of MNIST_DASH_DATA")
    found.add_argument("--data", metavar="NAME", help="a set by its name; MNIST or what stands in for it by default")
    found.add_argument(
        "--out", type=Path, metavar="FILE", help=f"write it, by the name's ending: {', '.join(FileFormat)}"
    )
    found.add_argument("--split", choices=("train", "test"), help="write one split alone")
    found.add_argument("--list", action="store_true", help="list the sets that there are")
    found.add_argument("--delete", metavar="NAME", help="delete a set that was imported or made")
    told = f"keep digits from pictures, {name_formats()}, a ZIP or TAR, as a set"
    data.describe_importing(_command(commands, "import", data.import_data, told))
    describe_own(
        _command(commands, "own", own, "count the own digits of a set, write them to a file, or tell the hand")
    )
    forms.describe_printing(_command(commands, "print-form", forms.print_sheets, forms.PRINTED))
    forms.describe_reading(_command(commands, "read-form", forms.read_files, forms.READ))
    generating.describe(_command(commands, "generate", generating.generate, generating.TOLD))
    _add_reader_set(commands)


def _add_reader_set(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(
        commands, "reader-set", reader_set.make_reader_set, "make the set that the method reader learns from"
    )
    made.add_argument("--name", required=True, metavar="NAME", help=ALLOWED)
    made.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE.jsonl",
        help="pen strokes of people, to learn from as well; default: MNIST_DASH_STROKES",
    )
    made.add_argument("--seed", type=int, default=1, metavar="N")
    made.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
    acting.describe(made)


def _add_answers(commands: Commands) -> None:  # type: ignore[valid-type]
    told = "accuracy with interval, per-class figures, confusion, calibration; and whether another model differs"
    evaluate = _command(commands, "evaluate", evaluating.evaluate_model, told)
    evaluating.describe(evaluate)
    elsewhere.describe(_command(commands, "elsewhere", elsewhere.read_elsewhere, elsewhere.TOLD))
    stressing.describe(_command(commands, "stress", stressing.stress_models, stressing.TOLD))
    told = learning_curve.TOLD
    learning_curve.describe(_command(commands, "own-curve", learning_curve.measure_learning_curve, told))
    stressing.describe_nudges(_command(commands, "nudge", stressing.find_nudges, stressing.NUDGES_TOLD))
    told = "find the picture of each digit that a model is surest of"
    liking.describe(_command(commands, "favourites", liking.show_favourites, told))
    told = "read the digits in image files, or in the rows of CSV files, a line an image"
    predict = _command(commands, "predict", answers.predict, told)
    predict.add_argument("images", nargs="+", type=Path, metavar="IMAGE_OR_FOLDER")
    predict.add_argument("--model", default=DEFAULT, metavar="MODEL", help=f"default: {DEFAULT}")
    kind = predict.add_mutually_exclusive_group()
    kind.add_argument("--as-is", action="store_true", help="the images are 28×28, white on black, as in MNIST")
    kind.add_argument("--number", action="store_true", help="each image holds one number, of any digits side by side")
    kind.add_argument("--photo", action="store_true", help="each image holds lines of digits: a line of output each")
    predict.add_argument("--out", type=Path, metavar="FILE", help="write ImageId,Label for the rows of one CSV file")
    reporting.describe(_command(commands, "report", reporting.report_runs, reporting.TOLD))
    reporting.describe_bringing(_command(commands, "import-run", reporting.bring_run, reporting.BROUGHT))
    export = _command(commands, "export", answers.export, "write a model, its figures by epoch, or its Keras script")
    export.add_argument("model", metavar="MODEL", help="as for evaluate; 3:best is the best epoch of run 3")
    export.add_argument("--format", required=True, choices=list(map(str, Export)))
    export.add_argument("--out", type=Path, required=True, metavar="PATH")


def _add_map(commands: Commands) -> None:  # type: ignore[valid-type]
    drawn = _command(
        commands, "map", mapping.draw_map, "lay digits out as a map, alike near alike, and write it to a file"
    )
    mapping.describe(drawn)


def _add_training(commands: Commands) -> None:  # type: ignore[valid-type]
    train = _command(commands, "train", seeds.train, "queue a run, or one with each of several seeds, and watch")
    train.add_argument("method", metavar="METHOD", help=", ".join(METHODS))
    train.add_argument("--epochs", metavar="N")
    train.add_argument("--train-size", metavar="N", help="a number of images, or all")
    train.add_argument("--seed", metavar="N")
    train.add_argument("--seeds", metavar="N", help=f"train as many runs, from that seed on: {SEEDS.allowed}")
    train.add_argument(
        "--hyperparameter", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="any number of them"
    )
    train.add_argument("--set", nargs="+", action=Renamed, dest="hyperparameter", help=argparse.SUPPRESS)
    train.add_argument(
        "--data", metavar="NAME", help="a data set by its name; default: the method's own, made where there is none"
    )
    train.add_argument("--name", metavar="TEXT", help="what to call the run")
    audit = _command(
        commands, "audit", auditing.audit, "find labels that are probably wrong, by networks that never saw them"
    )
    audit.add_argument("method", nargs="?", default=audits.METHOD, metavar="METHOD", help=f"default: {audits.METHOD}")
    audit.add_argument("--folds", metavar="K", help=f"default: {audits.FOLDS}")
    audit.add_argument("--epochs", metavar="N", help="of each of the K networks")
    audit.add_argument("--seed", metavar="N")
    audit.add_argument("--data", metavar="NAME", help="a data set by its name; `data --list` has all")
    _command(commands, "runs", training.runs, "list all runs, the newest first")
    stop = _command(commands, "stop", training.stop, "stop a run; finished epochs are kept")
    stop.add_argument("run", type=int, metavar="ID")
    pause = _command(commands, "pause", training.pause, "pause a run; it goes on where it was")
    pause.add_argument("run", type=int, metavar="ID")
    resume = _command(commands, "resume", training.resume, "let a paused run go on, or train an ended one further")
    resume.add_argument("run", type=int, metavar="ID")
    resume.add_argument("--step", action="store_true", help="for one epoch alone")
    resume.add_argument("--epochs", metavar="N", help="train an ended run for so many epochs more")
    sweeping.describe(partial(_command, commands))


def _add_processes(commands: Commands) -> None:  # type: ignore[valid-type]
    processes.describe(partial(_command, commands))
    sweeping.describe_process(partial(_command, commands))
    convert = _command(commands, "convert", training.convert, "turn a Keras file into LiteRT or ONNX")
    convert.add_argument("source", type=Path, metavar="MODEL.keras")
    convert.add_argument("target", type=Path, metavar="MODEL.tflite")


def _command(commands, name: str, function, text: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]  # noqa: ANN001
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.add_argument("--json", action="store_true", help="print JSON, an object a line")
    command.set_defaults(command=function)
    return command
