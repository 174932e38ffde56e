"""The documents are true: what they name is there, every link leads somewhere, every figure was measured."""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from mnist_dash.cli import parser
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.settings import Settings
from mnist_dash.store.tables import metadata

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md")))
}
MOST_WORDS = 700
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"(?<![\w./])(?:mnist_dash|tests|benchmarks|pages|docs)/[\w/.-]*\w")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """The commands that the program knows."""
    (actions,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(actions.choices)


def targets(name: str) -> Iterator[tuple[str, str]]:
    """The file and the heading that each link of a document leads to, of those inside the project."""
    for link in LINK.findall(FENCED.sub("", DOCUMENTS[name])):
        if "://" not in link:
            path, _, anchor = link.partition("#")
            yield ((ROOT / name).parent / path).resolve().relative_to(ROOT).as_posix() if path else name, anchor


def anchors(text: str) -> set[str]:
    """The headings of a document, as links name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def rooms() -> list[str]:
    """The folders and files of the tree in the architecture."""
    found: list[str] = []
    (tree,) = (block for block in FENCED.findall(DOCUMENTS["docs/architecture.md"]) if "mnist_dash/\n" in block)
    above: list[str] = []
    for line in tree.splitlines()[1:-1]:
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"\s{3,}", line.strip())[0].replace(",", "").split()
        above[depth:] = [names[0]]
        found += ["".join([*above[:depth], name]) for name in names]
    return found


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len(DOCUMENTS["README.md"].split()) <= MOST_WORDS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    astray = [
        (path, anchor)
        for path, anchor in targets(name)
        if not (ROOT / path).exists() or (anchor and anchor not in anchors(DOCUMENTS[path]))
    ]
    assert astray == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_is_named_is_there(name: str) -> None:
    assert [place for place in PLACE.findall(DOCUMENTS[name]) if _is_missing(place)] == []


def _is_missing(place: str) -> bool:
    # In the wheel alone: tests/browser/test_package.py looks there.
    return "NAME" not in place and not place.startswith("mnist_dash/app") and not (ROOT / place).exists()


def test_every_document_is_led_to_from_the_readme() -> None:
    led_to = {path for path, _ in targets("README.md")}
    assert set(DOCUMENTS) - led_to == {"README.md"}


def test_every_picture_is_shown() -> None:
    shown = {path for name in DOCUMENTS for path, _ in targets(name) if path.endswith(".png")}
    assert shown == {path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.png")}


@pytest.mark.parametrize("name", rooms())
def test_every_room_of_the_architecture_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_every_room_stands_in_the_architecture() -> None:
    folders = [path for path in (ROOT / "mnist_dash").iterdir() if (path / "__init__.py").exists()]
    assert {f"mnist_dash/{path.name}/" for path in folders} <= set(rooms())


@pytest.mark.parametrize("table", metadata.tables)
def test_every_table_is_described(table: str) -> None:
    assert f"| `{table}` |" in DOCUMENTS["docs/architecture.md"]


def test_every_setting_is_described_and_no_other() -> None:
    settings = {f"MNIST_DASH_{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"^\| `(MNIST_DASH_\w+)` \|", DOCUMENTS["docs/hosting.md"], re.MULTILINE)) == settings
    assert {name for text in DOCUMENTS.values() for name in re.findall(r"MNIST_DASH_\w+", text)} == settings


@pytest.mark.parametrize("name", commands())
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"^{name} ", DOCUMENTS["docs/command-line.md"], re.MULTILINE)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_is_described_with_its_parameters(method: Method) -> None:
    row = rf"^\| `{method.name}` \|.*\| {method.parameters:,} \|$"
    assert re.search(row, DOCUMENTS["docs/pages.md"], re.MULTILINE)


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
def test_every_page_is_described(page: str) -> None:
    title = {"datasets": "Data sets"}.get(page, page.capitalize())
    assert f"\n## {title}\n" in DOCUMENTS["docs/pages.md"]


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", DOCUMENTS["CONTRIBUTING.md"], re.MULTILINE))
def test_every_target_of_make_that_is_named_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def result(name: str) -> dict[str, Any]:
    """What the benchmark of that name measured."""
    found: dict[str, Any] = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text("utf-8"))["result"]
    return found


def _asked(kinds: dict[str, Any]) -> list[dict[str, Any]]:
    return [kinds[name] for name in ("letters", "letters_otherwise", "letters_like_digits", "scribbles", "noise")]


def quotes() -> dict[str, list[str]]:
    """The figures of each benchmark as docs/measured.md quotes them."""
    training, startup, stroke = result("training"), result("startup"), result("stroke")
    cache, generator = result("data_cache"), result("generator")
    faults, methods = result("faults"), result("methods")
    watched, live, explore = result("watched"), result("live"), result("explore")
    placement, numbers, photo = result("placement"), result("numbers"), result("photo")
    why, strange = result("why")["held_out"], result("not_a_digit")
    audits = result("label_audit")["seeds"].values()
    return {
        "watched": [f"{watched['mean_ratio']:.2f} ×"],
        "live": [
            f"{live['minutes']:.0f} minutes",
            f"{live['age_95_percent_seconds']:.1f} s",
            f"{100 * live['memory_largest_deviation']:.1f} %",
        ],
        "explore": [
            f"{explore['first_view_seconds']:.2f} s",
            f"{1000 * explore['interaction_median_seconds']:.0f} ms",
            f"{1000 * explore['grid_400_seconds']:.0f} ms",
            f"{explore['map_10000_seconds']:.1f} s",
            f"{explore['memory_mb']:.0f} MB",
        ],
        "csv_import": [f"{result('csv_import')['slowest_s']:.1f} s", f"{result('csv_import')['peak_mb']} MB"],
        "label_audit": [
            ", ".join(str(audit["suspects_test"]) for audit in audits),
            ", ".join(str(audit["among_suspects"]["corrections"]) for audit in audits),
        ],
        "faults": [f"{faults['kills']} kills", f"{faults['runs']} runs"],
        "methods": [
            f"`{name}` {100 * found['mean_test_accuracy']:.2f} ± {100 * found['interval_95']:.2f} %"
            for name, found in methods["methods"].items()
            if name != "random"
        ],
        "training": [
            f"{100 * training['mean_test_accuracy']:.2f} ± {100 * training['interval_95']:.2f} %",
            f"{training['mean_ratio']:.2f} ×",
        ],
        "startup": [f"{startup['ratio_seen']:.2f} ×", f"{startup['ratio_whole']:.2f} ×"],
        "stroke": [
            f"{stroke['median_ms']:.0f} ms",
            f"worst {stroke['worst_ms']:.0f} ms",
            f"{stroke['own_median_ms']:.1f} ms",
        ],
        "not_a_digit": [
            *(f"{100 * each['refused']:.1f} %" for each in (*strange["digits"].values(), *_asked(strange["kinds"]))),
            f"{100 * strange['strangers']:.1f} %",
            f"{100 * strange['calibration_error']:.2f} points",
        ],
        "placement": [
            *(f"{100 * share:.2f} %" for share in (placement["plain"], placement["moved"]["accuracy"])),
            f"{100 * placement['redrawn']['accuracy']:.2f} %",
            f"{-placement['redrawn']['points']['change']:.2f} points",
        ],
        "numbers": [
            f"{100 * share:.1f} %"
            for share in (
                numbers["separated"]["digits_counted_right"],
                numbers["separated"]["read_wholly_right"],
                numbers["separated"]["bound_on_these_pages"],
                numbers["touching"]["read_wholly_right"],
                numbers["touching_without_judge"]["read_wholly_right"],
            )
        ],
        "why": [
            f"{why['ms_median']:.0f} ms",
            f"{why['ms_95_percent']:.0f} ms",
            f"{100 * why['edits_found']:.0f} %",
            f"{why['edit_pixels_median']:g} pixels",
            f"{100 * why['deletion']['probability_by_evidence'][1]:.0f} %",
            f"{100 * why['deletion']['probability_by_chance'][1]:.0f} %",
        ],
        "photo": [
            *(f"{100 * share:.1f} %" for kind in ("one_digit", "numbers") for share in _shares(photo[kind]["all"])),
            *(f"{name} {100 * photo['one_digit'][name]['read_right']:.1f} %" for name in ("plain", "shadow", "both")),
            f"{photo['median_ms']} ms",
        ],
        "data_cache": [f"{cache['median_ms']:.1f} ms"],
        "first_start": [f"{result('first_start')['median_s']:.1f} s", f"{result('first_start')['slowest_s']:.1f} s"],
        "generator": [
            f"{generator['seconds']:.1f} s",
            f"{100 * mean(generator['neighbours_generated_to_real']):.1f} %",
        ],
    }


def _shares(figures: dict[str, float]) -> tuple[float, ...]:
    return figures["read_right"], figures["bound"], figures["in_even_light"]


def test_every_benchmark_is_quoted() -> None:
    assert set(quotes()) == {path.stem for path in (ROOT / "benchmarks" / "results").glob("*.json")}


@pytest.mark.parametrize("name", quotes())
def test_the_figures_are_those_that_were_measured(name: str) -> None:
    (row,) = (line for line in DOCUMENTS["docs/measured.md"].splitlines() if line.startswith(f"| `{name}` |"))
    assert [figure for figure in quotes()[name] if figure not in row] == []
