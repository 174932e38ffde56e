"""Digits as pen strokes in InkML, the markup of the W3C (Recommendation of 20 September 2011).

A digit is a `traceGroup` whose annotation of the type `truth` is a digit, as in the CROHME data sets of formulas; its
traces stand in it or are named by a `traceView`. Other symbols are passed over. `writer` and `pen` are annotations too:
who wrote it, of a group or of all, and the breadth of the pen in the unit of the points.
"""

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.generator.writers import Written
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_BYTES
from mnist_dash.data.io.pen_strokes import draw_set, read_digit
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError

SPACE = "http://www.w3.org/2003/InkML"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DIGITS = frozenset(map(str, range(CLASSES)))
_NEEDED = "needed is a traceGroup for each digit, with an annotation of the type truth that names it"


def read_inkml_set(files: Files, progress: Progress = silent) -> RawDataset:
    """The digits of a file, each drawn by its pen or the usual one; raises DataError with the digit that is wrong."""
    (path,) = files
    return draw_set(path, _read_digits(path), _NEEDED, progress)


def write_inkml(digits: Iterable[Mapping[str, Any]]) -> bytes:
    """Digits with `label`, `strokes` and, where known, `pen` and `donor`, as `pen_strokes` has them, as InkML."""
    ink = ET.Element("ink", xmlns=SPACE)
    for digit in digits:
        group = ET.SubElement(ink, "traceGroup")
        named = (("truth", "label"), ("writer", "donor"), ("pen", "pen"))
        for kind, name in named:
            if digit.get(name) is not None:
                ET.SubElement(group, "annotation", type=kind).text = str(digit[name])
        for stroke in digit["strokes"]:
            ET.SubElement(group, "trace").text = ", ".join(f"{x:g} {y:g}" for x, y in stroke)
    ET.indent(ink)
    return bytes(ET.tostring(ink, "utf-8", xml_declaration=True))


def _read_digits(path: Path) -> Iterator[Written]:
    root = _parse(path)
    traces = {trace.get(_ID, trace.get("id", "")): trace for trace in root.iter("trace")}
    place, everybody = _find_axes(path, root), _annotation(root, "writer")
    donors: dict[str, int] = {}
    for number, group in enumerate(root.iter("traceGroup"), 1):
        label = (_annotation(group, "truth") or "").strip()
        if label not in _DIGITS:
            continue
        try:
            told = _describe(group, int(label), traces, place)
            yield read_digit({"donor": _annotation(group, "writer") or everybody, **told}, donors)
        except ValueError as e:
            raise DataError(f"Group {number:,} of {path} {e}.") from e


def _parse(path: Path) -> ET.Element:
    """The elements of a file, without the names of namespaces; raises DataError where it is no such XML."""
    root: ET.Element | None = None
    try:
        with open_file(path) as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise DataError(f"{path} is larger than {MAX_BYTES:,} bytes. Divide it.")
        for _, element in iterparse(io.BytesIO(content), ("start",), forbid_dtd=True):
            root = element if root is None else root
            element.tag = element.tag.rpartition("}")[2]
    except (ET.ParseError, DefusedXmlException, UnicodeError, LookupError) as e:
        raise DataError(f"{path} is no InkML that can be read ({type(e).__name__}: {e}). Save it again.") from e
    assert root is not None  # noqa: S101 - an empty document is a ParseError
    return root


def _find_axes(path: Path, root: ET.Element) -> tuple[int, int]:
    """At which places of a point x and y stand: the first two, unless the file says otherwise."""
    form = root.find(".//traceFormat")
    names = [channel.get("name", "") for channel in form.iter("channel")] if form is not None else ["X", "Y"]
    if "X" not in names or "Y" not in names:
        raise DataError(f"{path} has points of {', '.join(names) or 'nothing'}; needed are the channels X and Y.")
    return names.index("X"), names.index("Y")


def _describe(
    group: ET.Element, label: int, traces: Mapping[str, ET.Element], place: tuple[int, int]
) -> dict[str, Any]:
    """A digit as `pen_strokes` takes it; raises ValueError with what is wrong."""
    own = [*group.findall("trace")]
    for view in group.iter("traceView"):
        name = view.get("traceDataRef", "").lstrip("#")
        if name and name not in traces:
            raise ValueError(f"names the trace {name!r:.40}, which is not there. Mend or remove it")
        own += [traces[name]] if name else []
    pen = _annotation(group, "pen")
    told = {"label": label, "strokes": [_read_points(trace.text or "", place) for trace in own]}
    return told | ({"pen": _number(pen)} if pen else {})


def _read_points(text: str, place: tuple[int, int]) -> list[list[float]]:
    points = [point.split() for point in text.split(",") if point.strip()]
    short = next((point for point in points if len(point) <= max(place)), None)
    if short is not None:
        raise ValueError(f"has the point {' '.join(short)!r:.40}; needed are x and y. Mend or remove it")
    return [[_number(point[at]) for at in place] for point in points]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as e:
        raise ValueError(
            f"has {text!r:.40} for a number; differences and velocities are not read here. Save plain coordinates"
        ) from e


def _annotation(element: ET.Element, kind: str) -> str | None:
    """The text of an element's own annotation of that type."""
    return next((found.text for found in element.findall("annotation") if found.get("type") == kind), None)
