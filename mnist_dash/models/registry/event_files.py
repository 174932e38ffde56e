"""A run's curves as TensorBoard reads them: an event file, in a ZIP with a folder for the run."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from mnist_dash.runs.records import Batches, Epoch, Run

Scalar = tuple[str, int, float, float]
"""A curve's name, the step, when it was reached as seconds since 1970, and the value."""
_FIGURES = ("loss", "accuracy", "validation_loss", "validation_accuracy")


def write_event_files(run: Run, epochs: Sequence[Epoch], batches: Sequence[Batches]) -> bytes:
    """A ZIP to be unpacked where `tensorboard --logdir` looks.

    By epoch: loss, accuracy, validation_loss, validation_accuracy and learning_rate, those that there are; by batch,
    counted over the whole run from 1: batch/loss, batch/accuracy and batch/learning_rate where it was recorded.
    Times are those of training, without pauses.
    """
    # 0.6 s to import, for whoever asks for it.
    from tensorboardX.event_file_writer import EventsWriter
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.summary import scalar

    with tempfile.TemporaryDirectory() as folder:
        writer = EventsWriter(str(Path(folder) / "events"))
        for name, step, moment, value in _list_scalars(run, epochs, batches):
            writer.write_event(Event(wall_time=moment, step=step, summary=scalar(name, value)))
        writer.close()
        (path,) = Path(folder).iterdir()
        content = path.read_bytes()
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        # Not as the library calls it, which has this machine's name in it.
        archive.writestr(f"run-{run.id}/events.out.tfevents.{int(run.created)}.mnist-dash", content)
    return made.getvalue()


def _list_scalars(run: Run, epochs: Sequence[Epoch], batches: Sequence[Batches]) -> Iterator[Scalar]:
    moment, before = run.started or run.created, 0
    for epoch in epochs:
        of_epoch = [some for some in batches if some.epoch == epoch.epoch]
        count = sum(len(some.loss) for some in of_epoch)
        for some in of_epoch:
            yield from _list_batches(some, before, moment + epoch.seconds * (some.step + len(some.loss)) / count)
        moment, before = moment + epoch.seconds, before + count
        for name in _FIGURES:
            if (value := getattr(epoch, name)) is not None:
                yield name, epoch.epoch, moment, value
        rates = [some.rate for some in of_epoch if some.rate is not None]
        if rates:
            yield "learning_rate", epoch.epoch, moment, rates[-1]


def _list_batches(some: Batches, before: int, moment: float) -> Iterator[Scalar]:
    for at, (loss, accuracy) in enumerate(zip(some.loss, some.accuracy, strict=True), before + some.step + 1):
        yield "batch/loss", at, moment, loss
        yield "batch/accuracy", at, moment, accuracy
    if some.rate is not None:
        yield "batch/learning_rate", before + some.step + len(some.loss), moment, some.rate
