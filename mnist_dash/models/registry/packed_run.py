"""What a file says of a run, checked field by field: nothing that a page could not show comes in."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.housekeeping import LONGEST_TAG, MOST_TAGS
from mnist_dash.runs.queue import LONGEST_NAME, write_on_one_line
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, RunScore, State
from mnist_dash.runs.rows import write_spec

ENDED = (State.DONE, State.STOPPED, State.FAILED)
"""The states in which a run can be taken along."""
ELSEWHERE = "from elsewhere"
"""The tag of a run that was not trained here."""
SAME = ("name", "created", "started", "ended", "epoch", "best", "reason", "train_images", "steps", "seconds")
"""The fields that stand in a run, in the file and in the table as they are."""
_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRun:
    """A run that has ended, with all that was recorded of it; see `Run` for the fields of the same names."""

    name: str
    spec: RunSpec
    state: State
    created: float
    started: float | None
    ended: float | None
    epoch: int
    best: int | None
    reason: str | None
    train_images: int | None
    steps: int | None
    seconds: float
    score: RunScore | None
    tags: tuple[str, ...]
    epochs: tuple[Epoch, ...]
    batches: tuple[Batches, ...]

    def to_row(self) -> dict[str, object]:
        """A row of the table of runs, but for its number and its place."""
        tags = [*dict.fromkeys([*self.tags[: MOST_TAGS - 1], ELSEWHERE])]
        return {
            **{name: getattr(self, name) for name in SAME},
            **write_spec(self.spec),
            "state": self.state,
            "score": json.dumps(asdict(self.score)) if self.score else None,
            "tags": json.dumps(tags),
        }


def read_record(record: Mapping[str, Any]) -> PackedRun:
    """What `run.json` of an archive says; raises SpecError for settings that are not allowed.

    Raises RunError for a run that has not ended, and KeyError, TypeError, ValueError or AttributeError where something
    is missing or of another kind.
    """
    spec = RunSpec.from_json(json.dumps(record["spec"]))
    state, epoch = State(record["state"]), _count(record["epoch"], 1)
    if state not in ENDED or spec.folds:
        raise RunError("The file holds a run that has not ended, or an audit. Take along one that has.")
    epochs = tuple(map(_read_epoch, record["epochs"]))
    if [one.epoch for one in epochs] != list(range(1, epoch + 1)):
        raise ValueError("epochs are missing")
    return PackedRun(
        name=write_on_one_line(_text(record["name"]), LONGEST_NAME) or spec.method,
        spec=spec,
        state=state,
        created=_number(record["created"]),
        started=_optional(_number, record["started"]),
        ended=_optional(_number, record["ended"]),
        epoch=epoch,
        best=_optional(lambda found: _count(found, 1, epoch), record["best"]),
        reason=_optional(lambda found: _text(found)[:_LONGEST_REASON], record["reason"]),
        train_images=_optional(_count, record["train_images"]),
        steps=_optional(lambda found: _count(found, 1), record["steps"]),
        seconds=_number(record["seconds"]),
        score=_optional(_read_score, record["score"]),
        tags=tuple(write_on_one_line(_text(tag), LONGEST_TAG) for tag in record["tags"]),
        epochs=epochs,
        batches=tuple(_read_batches(found, epoch) for found in record["batches"]),
    )


def _read_epoch(found: Mapping[str, Any]) -> Epoch:
    return Epoch(
        _count(found["epoch"], 1),
        _number(found["loss"]),
        _share(found["accuracy"]),
        _optional(_number, found["validation_loss"]),
        _optional(_share, found["validation_accuracy"]),
        _number(found["seconds"]),
        _optional(_read_details, found["details"]),
    )


def _read_details(found: Mapping[str, Any]) -> EpochDetails:
    confusion = tuple(tuple(map(_count, row)) for row in found["confusion"])
    if [len(row) for row in confusion] != [CLASSES] * CLASSES:
        raise ValueError("a confusion matrix is not square")
    dead = tuple((_text(name), _share(share)) for name, share in found["dead"])
    return EpochDetails(confusion, _read_answers(found["answers"]), dead)


def _read_answers(found: Mapping[str, Any]) -> Answers:
    digits = tuple(_count(digit, 0, CLASSES - 1) for digit in found["digits"])
    shares = tuple(map(_share, found["shares"]))
    if len(digits) != len(shares):
        raise ValueError("answers without shares")
    return Answers(digits, shares)


def _read_batches(found: Mapping[str, Any], epochs: int) -> Batches:
    loss, accuracy = tuple(map(_loss, found["loss"])), tuple(map(_share, found["accuracy"]))
    if len(loss) != len(accuracy):
        raise ValueError("losses without accuracies")
    return Batches(
        # An epoch that was stopped in its midst has batches too.
        _count(found["epoch"], 1, epochs + 1),
        _count(found["step"]),
        loss,
        accuracy,
        _number(found["seconds"]),
        _optional(_number, found["rate"]),
        _optional(_read_answers, found["answers"]),
    )


def _read_score(found: Mapping[str, Any]) -> RunScore:
    accuracy, low, high = (_share(found[name]) for name in ("accuracy", "low", "high"))
    return RunScore(accuracy, low, high, _count(found["images"], 1))


def _optional(read: Any, found: Any) -> Any:  # noqa: ANN401 - whatever `read` gives
    return None if found is None else read(found)


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("no text")
    return found


def _count(found: object, least: int = 0, most: int = 2**31) -> int:
    if type(found) is not int or not least <= found <= most:
        raise ValueError("no such count")
    return found


def _number(found: object) -> float:
    if not isinstance(found, int | float) or isinstance(found, bool) or not isfinite(found) or found < 0:
        raise ValueError("no number of 0 or more")
    return float(found)


def _loss(found: object) -> float:
    """The loss of a batch, which is no finite number where training diverges."""
    return float("nan") if found != found else float("inf") if found == float("inf") else _number(found)


def _share(found: object) -> float:
    if (share := _number(found)) > 1:
        raise ValueError("no share")
    return share
