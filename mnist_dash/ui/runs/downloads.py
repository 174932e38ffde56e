"""What can be downloaded of a run; nothing is read from the database before somebody asks for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from mnist_dash.methods.script import write_script
from mnist_dash.models.registry import export, run_archive
from mnist_dash.models.registry.export import Export
from mnist_dash.models.registry.lookup import read_model_file
from mnist_dash.models.registry.run_names import BEST
from mnist_dash.runs import queries
from mnist_dash.runs.records import ModelFormat, Run
from mnist_dash.ui.shell import resources


@dataclass(frozen=True, slots=True)
class Download:
    """A file: what it is, its name, and its content when it is wanted."""

    label: str
    file: str
    content: Callable[[], str | bytes]


def show(run: Run) -> None:
    """A button for each file, close together: a dozen shall fit on a screen."""
    with st.container(gap=None):
        for download in list_downloads(run):
            _offer(download)


def list_downloads(run: Run) -> list[Download]:
    """Every file that there is of the run."""
    name = f"run-{run.id}"
    script = "scikit-learn script" if run.spec.is_fitted else "Keras script"
    settings = [
        Download("Settings (JSON)", f"{name}.json", partial(export.write_configuration, run.spec)),
        Download(script, f"{name}.py", partial(write_script, run.spec)),
    ]
    if not run.epoch:
        return settings
    if run.spec.is_fitted:
        return [_report([run]), _fit(run), *settings, *_whole(run)]
    figures = [
        Download("Figures by epoch (CSV)", f"{name}-epochs.csv", lambda: _epochs(run.id)),
        Download("Figures by batch (CSV)", f"{name}-batches.csv", lambda: _batches(run.id)),
        Download("Curves for TensorBoard (ZIP)", f"{name}-tensorboard.zip", _export(str(run.id), Export.TENSORBOARD)),
    ]
    return [_report([run]), *_models(run), *figures, *settings, *_whole(run)]


def offer_report(runs: Sequence[Run]) -> None:
    """A button for the report of `runs` side by side."""
    _offer(_report(runs))


def _offer(download: Download) -> None:
    st.download_button(
        download.label,
        download.content,
        download.file,
        key=f"download_{download.file}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )


def _report(runs: Sequence[Run]) -> Download:
    """Everything that can be shown of runs, as a file."""
    name = "-".join(str(run.id) for run in runs)
    return Download("Report (HTML)", f"run-{name}-report.html", partial(_write_report, [run.id for run in runs]))


def _write_report(run_ids: Sequence[int]) -> bytes:
    from mnist_dash.reports.runs import write_report  # only a report needs it

    # As they are now: the button may have been drawn a while ago.
    return write_report(resources.database(), [queries.run_of(resources.database(), run_id) for run_id in run_ids])


def _whole(run: Run) -> list[Download]:
    """Settings, history and models in one file, which the page Runs opens elsewhere."""
    if run.changing:
        return []
    content = partial(run_archive.pack_run, resources.database(), run.id)
    return [Download("Whole run (ZIP)", f"run-{run.id}{run_archive.SUFFIX}", content)]


def _fit(run: Run) -> Download:
    """What was fitted: its arrays by name, which `numpy.load` reads without pickles."""
    content = partial(read_model_file, resources.database(), str(run.id), ModelFormat.ARRAYS)
    return Download("Fitted arrays (NPZ)", f"run-{run.id}.npz", content)


def _models(run: Run) -> list[Download]:
    epochs = {str(run.id): ("last", run.epoch)}
    if run.best not in (None, run.epoch):
        epochs[f"{run.id}{BEST}"] = ("best", run.best)
    return [
        Download(
            f"{title}, {which} epoch ({epoch})",
            f"run-{run.id}-epoch-{epoch}.{suffix}",
            _export(name, form),
        )
        for title, suffix, form in (
            ("Keras model", "keras", Export.KERAS),
            ("LiteRT model", "tflite", Export.LITERT),
            ("LiteRT model in half precision", "half.tflite", Export.HALF),
            ("ONNX model", "onnx", Export.ONNX),
        )
        for name, (which, epoch) in epochs.items()
    ]


def _export(name: str, form: Export) -> Callable[[], bytes]:
    return partial(export.export_model, resources.database(), name, form)


def _epochs(run_id: int) -> str:
    return export.write_metrics_csv(queries.epochs_of(resources.database(), run_id))


def _batches(run_id: int) -> str:
    return export.write_batches_csv(queries.batches_of(resources.database(), run_id))
