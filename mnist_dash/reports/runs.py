"""The report of a run, or of several side by side, from what the database knows of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from mnist_dash.analysis.comparison import compare_settings
from mnist_dash.analysis.evaluation import find_most_confused
from mnist_dash.analysis.run_titles import list_numbers, title_of
from mnist_dash.analysis.run_verdicts import write_over_seeds, write_verdict
from mnist_dash.analysis.seeds import SeedGroup, group_by_seed
from mnist_dash.analysis.setting_words import label_of, write_difference
from mnist_dash.errors import RunError
from mnist_dash.figures import confusion, intervals, overlay, training
from mnist_dash.figures.curves import Curves, extend_curves, start_curves
from mnist_dash.figures.overlay import Metric, Track
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec
from mnist_dash.reports.page import Figure, escape, write_figure, write_list, write_page, write_table
from mnist_dash.runs.queries import batches_of, epochs_of
from mnist_dash.runs.records import Epoch, Run
from mnist_dash.store.database import Database
from mnist_dash.words import duration, interval, percent

MOST = 20
"""Runs in one report: more of them would only cover each other."""


def write_report(database: Database, runs: Sequence[Run]) -> bytes:
    """An HTML file about `runs`, from 1 to MOST, each with its curves, figures, settings and script.

    Raises RunError for more or fewer, for a run that has learnt nothing yet, and for an audit, which keeps no model.
    """
    _check(runs)
    return write_page(f"{_head(runs)} · MNIST Dash", _write(database, runs, load_palette(dark=False)))


def _check(runs: Sequence[Run]) -> None:
    if not 1 <= len(runs) <= MOST:
        raise RunError(f"{len(runs)} runs were named; a report is of 1 to {MOST}.")
    for run in runs:
        if not run.kind.keeps_model:
            raise RunError(f"Run {run.id} is an audit, which keeps no model to report of. Name runs that train one.")
        if not run.epoch:
            raise RunError(f"Run {run.id} is {run.state} and has finished no epoch. Name a run that has.")


def _head(runs: Sequence[Run]) -> str:
    return f"Run {runs[0].id}: {runs[0].name}" if len(runs) == 1 else f"Runs {list_numbers(runs)} side by side"


def _write(database: Database, runs: Sequence[Run], colours: Palette) -> Iterator[str]:
    made = datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC")
    yield f'<h1>{escape(_head(runs))}</h1><p class="from">A report by MNIST Dash, {made}</p>'
    epochs = {run.id: epochs_of(database, run.id) for run in runs}
    if len(runs) > 1:
        yield from _compare(runs, epochs, colours)
    for run in runs:
        if len(runs) > 1:
            yield f"<h2>Run {run.id}: {escape(run.name)}</h2>"
        yield from _tell(database, run, epochs[run.id], colours)
    yield (
        "<footer>Test accuracies are of the last epoch, with the 95 % interval by Wilson; no choice was made on test "
        "images. Validation images are set aside from the training images.</footer>"
    )


def _compare(runs: Sequence[Run], epochs: dict[int, list[Epoch]], colours: Palette) -> Iterator[str]:
    groups = [SeedGroup.of_one(run) for run in runs]
    rows = [row for group in groups if (row := intervals.describe_group(group))]
    if rows:
        yield "<h3>Test accuracy</h3>"
        plot = intervals.plot_intervals(rows, colours)
        yield write_figure(
            Figure(plot.to_json(), intervals.height(len(rows)), "Test accuracy with its 95 % interval, by run")
        )
        yield f"<p>{escape(write_verdict([run for run in runs if run.score]))}</p>"
    for group in group_by_seed(runs):
        if group.is_several:
            yield f"<p>{escape(write_over_seeds(group).replace('**', ''))}</p>"
    tracks = [Track(title_of(group), epochs[group.runs[0].id]) for group in groups if group.runs[0].spec.has_epochs]
    for metric in (Metric.VALIDATION_ACCURACY, Metric.TRAINING_LOSS) if tracks else ():
        plot = overlay.plot_overlay(tracks, metric, colours)
        if plot.data:
            yield write_figure(
                Figure(plot.to_json(), overlay.HEIGHT, f"{metric.capitalize()} by epoch, a line for each run")
            )
    differing, _ = compare_settings([run.spec for run in runs])
    if differing:
        cells = [(label_of(name), *(write_difference(name, value) for value in of)) for name, of in differing.items()]
        yield write_table("Where the settings differ", ["", *(f"Run {run.id}" for run in runs)], cells)


def _tell(database: Database, run: Run, epochs: Sequence[Epoch], colours: Palette) -> Iterator[str]:
    if run.score:
        of = f"of {run.score.images:,} test images read right, {interval(run.score.low, run.score.high)}"
        yield f'<p class="lead"><strong>{percent(run.score.accuracy)}</strong> {of}</p>'
    yield write_list(_list_facts(run))
    if run.spec.has_epochs:
        curves = extend_curves(start_curves(run.steps or 1, run.spec.batch_size), batches_of(database, run.id), epochs)
        for figure in _plot(curves, run, colours):
            yield write_figure(figure)
    if epochs and epochs[-1].details:
        yield from _show_confusion(epochs[-1], colours)
    yield from _list_settings(run)
    if epochs and run.spec.has_epochs:
        yield _list_epochs(epochs)
    kind = "scikit-learn" if run.spec.is_fitted else "Keras"
    yield f"<details><summary>The same as a {kind} script that needs no MNIST Dash</summary>"
    yield f"<pre>{escape_lines(write_script(run.spec))}</pre></details>"


def escape_lines(text: str) -> str:
    """Lines of text as they stand."""
    return "\n".join(map(escape, text.splitlines()))


def _list_facts(run: Run) -> dict[str, object]:
    method = get_method(run.spec.method)
    facts: dict[str, object] = {"Method": method.title, "Data set": run.spec.data, "State": str(run.state)}
    if run.train_images:
        facts["Training images"] = f"{run.train_images:,}"
    if run.spec.has_epochs:
        facts["Epochs"] = f"{run.epoch} of {run.spec.epochs}" + (f", best {run.best}" if run.best else "")
    facts["Time in training"] = duration(run.seconds)
    facts["Seed"] = run.spec.seed
    facts["Begun"] = datetime.fromtimestamp(run.created, UTC).strftime("%d %B %Y, %H:%M UTC")
    return facts | ({"Tags": ", ".join(run.tags)} if run.tags else {}) | ({"Why": run.reason} if run.reason else {})


def _plot(curves: Curves, run: Run, colours: Palette) -> Iterator[Figure]:
    error = training.plot_error(curves, run.spec.epochs, colours)
    yield Figure(error.to_json(), training.HEIGHT, "Error of training and validation images: 100 % less their accuracy")
    loss = training.plot_loss(curves, run.spec.epochs, colours)
    yield Figure(loss.to_json(), training.HEIGHT, "Loss of training and validation images")


def _show_confusion(epoch: Epoch, colours: Palette) -> Iterator[str]:
    if epoch.details is None:
        return
    counts = epoch.details.confusion
    words = f"What validation images are read as after epoch {epoch.epoch}: a row for each label"
    yield write_figure(
        Figure(confusion.plot_confusion(counts, colours).to_json(), confusion.HEIGHT, words, square=True)
    )
    if found := find_most_confused(counts):
        one, other, count = found
        yield f"<p>{one} and {other} are taken for each other most: {count:,} of {sum(map(sum, counts)):,} images.</p>"


def _list_settings(run: Run) -> Iterator[str]:
    default = RunSpec.of(run.spec.method, run.spec.data)
    differing, same = compare_settings([run.spec, default])
    rows = [
        (label_of(name), write_difference(name, of[0]), write_difference(name, of[1]) if name in differing else "")
        for name, of in {**differing, **same}.items()
    ]
    yield write_table("Settings", ["Setting", "This run", "The method's own, where it differs"], rows)


def _list_epochs(epochs: Sequence[Epoch]) -> str:
    header = ["Epoch", "Loss", "Accuracy", "Validation loss", "Validation accuracy", "Seconds"]
    rows = [
        (
            epoch.epoch,
            f"{epoch.loss:.4f}",
            percent(epoch.accuracy),
            "–" if epoch.validation_loss is None else f"{epoch.validation_loss:.4f}",
            percent(epoch.validation_accuracy),
            f"{epoch.seconds:.1f}",
        )
        for epoch in epochs
    ]
    table = write_table("Figures by epoch", header, rows)
    return f"<details><summary>Figures by epoch</summary>{table}</details>"
