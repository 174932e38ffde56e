"""What is known of a model by others that was added: its file, what it takes and gives, and how well it reads."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import ModelError
from mnist_dash.models.preparation import Outputs, Preparation, Sizing, describe_outputs
from mnist_dash.models.preparation_search import RANDOM, Trial
from mnist_dash.models.registry.model_files import Kind
from mnist_dash.words import percent

_KINDS: Mapping[str, Any] = {
    **dict.fromkeys(("name", "file", "kind", "sha256", "data"), str),
    **{"takes": list, "parameters": int, "plain": dict, "offer": dict | None, "prepared": bool, "images": int},
}
"""Of each field in JSON."""
_HOPELESS = (
    "Its answers look random. Values to 255, inverted and transposed digits, mean and deviation and another order of "
    "classes were tried, and none helps: it may be untrained, or have learnt something else than digits."
)


@dataclass(frozen=True, slots=True)
class ImportedModel:
    """A model by others: the `file` it came in and what `kind` of file that was, and how it is used.

    `takes` is the shape of one image. `plain` is how it reads images as they are, `offer` with the preparation that
    was found, if any; where it is `prepared`, that one answers. Both shares are of `images` training images of `data`.
    """

    name: str
    file: str
    kind: Kind
    sha256: str
    takes: tuple[int, ...]
    parameters: int
    plain: Trial
    offer: Trial | None
    prepared: bool
    data: str
    images: int

    @property
    def in_use(self) -> Trial:
        """How it answers now."""
        return self.offer if self.prepared and self.offer else self.plain

    @property
    def version(self) -> str:
        """Changes with whatever changes its answers."""
        return f"{self.sha256[:12]}{'-prepared' if self.prepared else ''}"

    def describe(self) -> list[str]:
        """What there is to know of it, a sentence each: how it reads, what was found, what becomes of its outputs."""
        right = f"{percent(self.in_use.accuracy, 1)} of {self.images:,} training images of {self.data} right"
        told = [f"{self.kind} from {self.file}, takes {self.takes}. It reads {right}."]
        if self.offer and self.prepared:
            told.append(f"Prepared: {self.offer.preparation.describe()}.")
        elif self.offer:
            looks = "Its answers look random. " if self.plain.accuracy < RANDOM else ""
            told.append(
                f"{looks}With another preparation it reads {percent(self.offer.accuracy, 1)}: "
                f"{self.offer.preparation.describe()}."
            )
        elif self.plain.accuracy < RANDOM:
            told.append(_HOPELESS)
        note = describe_outputs(self.in_use.preparation.outputs)
        return [*told, note] if note else told

    def to_json(self) -> str:
        """The record as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The record that `to_json` wrote; raises ModelError where the text is none."""
        try:
            fields = json.loads(text)
            _check_kinds(fields, _KINDS)
            offer = _read_trial(fields["offer"]) if fields["offer"] else None
            read = {"plain": _read_trial(fields["plain"]), "offer": offer, "takes": tuple(map(int, fields["takes"]))}
            return cls(**fields | read | {"kind": Kind(fields["kind"])})
        except (ValueError, TypeError, KeyError, RecursionError) as e:
            raise ModelError(f"What is known of it cannot be read ({str(e)[:120]}). Delete it, and add it anew.") from e


def _read_trial(fields: Mapping[str, Any]) -> Trial:
    _check_kinds(fields, {"preparation": dict, "accuracy": float | int})
    made = dict(fields["preparation"])
    _check_kinds(made, {"paper": float | int, "ink": float | int, "transposed": bool, "classes": list})
    made |= {"sizing": Sizing(made["sizing"]), "outputs": Outputs(made["outputs"]), "classes": tuple(made["classes"])}
    if sorted(made["classes"]) != list(range(CLASSES)) or not 0 <= fields["accuracy"] <= 1:
        raise ValueError("its classes or its accuracy are none")
    return Trial(Preparation(**made), fields["accuracy"])


def _check_kinds(fields: object, kinds: Mapping[str, Any]) -> None:
    """Raise TypeError where JSON is no object with these fields of these kinds."""
    if not isinstance(fields, dict):
        raise TypeError("it is no object")
    for name, kind in kinds.items():
        if not isinstance(fields.get(name), kind):
            raise TypeError(f"{name} is missing or of another kind")
