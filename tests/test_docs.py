"""The documents are true: what they name is there, every link leads somewhere, every figure was measured."""

import argparse
import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from mnist_dash.cli import parser
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.settings import Settings
from mnist_dash.store.tables import metadata
from tests.documents import DOCUMENTS, FENCED, LINK, PLACEHOLDERS, ROOT, paragraphs, places, quoted

MOST_WORDS = 700
PLACE = re.compile(r"(?<![\w./])(?:mnist_dash|tests|benchmarks|pages|docs)/[\w/.-]*\w")
FOR_DEVELOPERS = ("CONTRIBUTING.md", "docs/architecture.md")
OF_OTHERS = {"AppTest"}
"""Names between backticks that are none of this program's."""
VALUES = {"local"}
"""What a setting may be."""


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
    return (
        not any(word in place for word in PLACEHOLDERS)
        and not place.startswith("mnist_dash/app")
        and not (ROOT / place).exists()
    )


@pytest.mark.parametrize("name", FOR_DEVELOPERS)
def test_every_file_between_backticks_is_there_or_in_a_folder_that_the_paragraph_names(name: str) -> None:
    assert list(_missing_places(DOCUMENTS[name])) == []


def _missing_places(text: str) -> Iterator[str]:
    for paragraph in paragraphs(text):
        yield from (word for word, paths in places(paragraph) if all(map(_is_missing, paths)))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`formats.py` is in `mnist_dash/data/io/`.", ["formats.py"]),
        ("`readers.py` is in `mnist_dash/data/io/`.", []),
        ("`readers.py` is beside `mnist_dash/data/io/csv_rows.py`.", []),
        ("`readers.py` is somewhere.\n\n`mnist_dash/data/io/` is elsewhere.", ["readers.py"]),
        ("1. `mnist_dash/data/io/`\n2. `readers.py`", ["readers.py"]),
        ("`app.py`, `ui/` and `pages/NAME.py`", []),
        ("`mnist_dash/ui/formats/`", ["mnist_dash/ui/formats/"]),
    ],
)
def test_a_file_that_is_not_there_would_be_seen(text: str, missing: list[str]) -> None:
    assert list(_missing_places(text)) == missing


@pytest.mark.parametrize("name", FOR_DEVELOPERS)
def test_every_name_between_backticks_is_known(name: str) -> None:
    assert [word for word in quoted(FENCED.sub("", DOCUMENTS[name])) if not _is_known(word)] == []


def _is_known(word: str) -> bool:
    """Whether the program has a module, a name in a module, a command, a method, a setting or a table of that name."""
    name = word.partition("(")[0]
    if " " in name:
        return _is_command(name)
    if "/" in name or name.endswith((".py", ".md", ".toml", ".txt")):
        return True  # a file
    module, dot, attribute = name.rpartition(".")
    if dot:
        return any(attribute in _names(file) for file in MODULES if file.stem == module)
    return name in KNOWN or any(name in _names(file) for file in MODULES)


def _is_command(line: str) -> bool:
    match line.split():
        case ["make", target]:
            return re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE) is not None
        case ["mnist-dash", command, *_] | ["python", "-m", "mnist_dash", command, *_]:
            return command in (*commands(), "…")
        case ["python", "-m", module, *_]:
            return ROOT.joinpath(*module.split(".")).with_suffix(".py").exists()
    return line.startswith("pip wheel ")


@cache
def _names(file: Path) -> set[str]:
    """What a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    return found


MODULES = [file for folder in ("mnist_dash", "tests") for file in sorted((ROOT / folder).rglob("*.py"))]
KNOWN = {
    *(file.stem for file in MODULES),
    *(file.parent.name for file in MODULES),
    *commands(),
    *METHODS,
    *metadata.tables,
    *(f"MNIST_DASH_{field.name.upper()}" for field in fields(Settings)),
    *OF_OTHERS,
    *VALUES,
}


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("READERS", True),
        ("queue.claim(database, host)", True),
        ("queue.take(database)", False),
        ("formats", False),
        ("RunSpec", True),
        ("python -m benchmarks.methods", True),
        ("python -m benchmarks.formats", False),
        ("python -m mnist_dash run ID", True),
        ("mnist-dash learn", False),
        ("make check", True),
        ("make cake", False),
        ("layers is None", False),
    ],
)
def test_a_name_that_is_not_there_would_be_seen(word: str, known: bool) -> None:
    assert _is_known(word) is known


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
    title = {"datasets": "Data sets", "own_digits": "Own digits", "class_room": "Class room"}.get(
        page, page.capitalize()
    )
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


def _half_interval(found: dict[str, Any]) -> str:
    return "" if found["interval_95"] is None else f"± {100 * found['interval_95']:.2f} "


def _sooner(goal: dict[str, Any]) -> list[str]:
    """What `fast` reads after how long, and how much longer the notebook's network takes."""
    return [
        f"{goal['seconds']:.1f} s, {100 * goal['mean_test_accuracy']:.2f} %",
        f"{goal['ratio']:.1f} × as quick as",
        f"{goal['bare_epochs']} epochs",
        f"{goal['bare_seconds']:.0f} s",
        f"{goal['near_ratio']:.1f} × its {goal['bare_near_epochs']}",
    ]


STRUCK = {
    "as they are": "of digits that nobody struck through",
    "one line": "of those with one line through them",
    "two lines": "with two lines",
    "crossed": "crossed out",
    "slanting": "with a slanting line",
}


def _asking(sessions: Any, asking: str) -> list[str]:  # noqa: ANN401 - a record's JSON
    """What is told of so many sessions that ask at once."""
    pages, slowest = [page[asking] for page in sessions["pages"].values()], sessions["summary"][asking]
    return [
        f"after {median(page['median_ms'] for page in pages):.0f} ms",
        f"`{slowest['slowest']}` {slowest['median_ms']} ms, where {slowest['goal_ms']} ms is the goal",
    ]


def quotes() -> dict[str, list[str]]:
    """The figures of each benchmark as docs/measured.md quotes them."""
    training, startup, stroke = result("training"), result("startup"), result("stroke")
    cache, generator = result("data_cache"), result("generator")
    faults, methods = result("faults"), result("methods")
    watched, live, explore = result("watched"), result("live"), result("explore")
    placement, numbers, photo = result("placement"), result("numbers"), result("photo")
    clean, taken = result("clean_pictures"), result("real_photos")
    why, strange = result("why")["held_out"], result("not_a_digit")
    audits, tables = result("label_audit")["seeds"].values(), result("table_files")
    stress, room = result("stress"), result("classroom")
    held = stress["accuracy"]
    first, parts = result("first_batch"), result("first_batch")["median_seconds_until"]["ready"]
    steps, engine = result("steps"), result("engine")
    return {
        "first_batch": [
            f"{first['ready_seconds']:.1f} s with a process that was kept ready",
            f"{first['fresh_seconds']:.1f} s without",
            f"{first['ratio']:.2f} × (medians of {first['presses']} presses",
            f"{first['load']:.1f} processes",
            f"queued after {parts['queued']:.1f} s, the data read after {parts['begun']:.1f} s",
            f"recorded after {parts['recorded']:.1f} s",
            f"{first['spare_memory_mb']:.0f} MB",
        ],
        "steps": [
            f"takes {steps['processor_ms_a_step']['as_it_is']:.1f} ms",
            f"{steps['processor_ms_a_step']['bare']:.1f} ms, {steps['ratios']['bare']:.2f} ×",
            f"bring {steps['ratios']['bytes']:.2f} ×",
        ],
        "fast": [
            *(quote for goal in result("fast")["goals"].values() for quote in _sooner(goal)),
            f"{result('fast')['arithmetic']['gigaflops']:.0f} thousand million times a second",
            f"{100 * result('fast')['arithmetic']['share']:.0f} % of what a product",
        ],
        "engine": [
            *(
                f"{', '.join(f'{ratio:.2f}' for ratio in each.values())} ×"
                for each in list(engine["ratios"].values())[1:]
            ),
            "{fast:.1f}, {cnn:.1f} and {tiny:.1f} ms".format(**engine["processor_ms_a_step"]),
        ],
        "sessions": [quote for asking in ("20", "50") for quote in _asking(result("sessions"), asking)],
        "watchers": _quote_watchers(result("watchers")),
        "many_runs": _quote_many_runs(result("many_runs")),
        "sweep": _quote_sweep(result("sweep")),
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
        "table_files": [
            f"{tables['files']:,} files",
            f"{tables['read_right']:,} were read right",
            f"{tables['refused']:,} refused",
            f"{tables['faults']} faults",
        ],
        "csv_import": [f"{result('csv_import')['slowest_s']:.1f} s", f"{result('csv_import')['peak_mb']} MB"],
        "label_audit": [
            ", ".join(str(audit["suspects_test"]) for audit in audits),
            ", ".join(str(audit["among_suspects"]["corrections"]) for audit in audits),
        ],
        "faults": [f"{faults['kills']} kills", f"{faults['runs']} runs"],
        "cluster_faults": _quote_cluster_faults(result("cluster_faults")),
        "methods": [
            f"`{name}` {100 * found['mean_test_accuracy']:.2f} {_half_interval(found)}% in {seconds:.0f} s"
            for name, found in methods["claims"].items()
            for seconds in (found["mean_processor_seconds"],)
            if name != "random"
        ],
        "training": [
            f"{100 * training['mean_test_accuracy']:.2f} ± {100 * training['interval_95']:.2f} %",
            f"{training['mean_ratio']:.2f} ×",
        ],
        "startup": [f"{startup['ratio_seen']:.2f} ×", f"{startup['ratio_whole']:.2f} ×"],
        "stress": [
            f"{stress['slider_ms_median']:.0f} ms (median over {len(stress['slider_ms'])} kinds",
            f"{stress['slider_ms_slowest']:.0f} ms for the slowest",
            f"of {held['rotate']['images']:,} test digits the bundled reader reads "
            f"{100 * held['rotate']['reader'][2]:.1f} %",
            f"where `cnn` reads {100 * held['rotate']['cnn'][2]:.1f} %",
            *(
                f"{100 * held[name]['reader'][at]:.1f} and {100 * held[name]['cnn'][at]:.1f} %"
                for name, at in (("cover", 2), ("invert", -1), ("nudge", 3))
            ),
        ],
        "stroke": [
            f"{stroke['median_ms']:.0f} ms",
            f"worst {stroke['worst_ms']:.0f} ms",
            f"{stroke['own_median_ms']:.1f} ms",
            f"{stroke['drawing_median_ms']:.0f} ms (median of {stroke['answers_while_drawing']} answers",
            f"worst {stroke['drawing_worst_ms']:.0f} ms), {stroke['dropped']} dropped",
        ],
        "not_a_digit": [
            *(f"{100 * each['refused']:.1f} %" for each in (*strange["digits"].values(), *_asked(strange["kinds"]))),
            f"{100 * strange['strangers']:.1f} %",
            " and ".join(f"{100 * share:.1f}" for share in strange["digits_at_a_glance"].values()) + " %",
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
                numbers["people"]["digits_counted_right"],
                numbers["people"]["read_wholly_right"],
                numbers["people_two_digits"]["read_wholly_right"],
            )
        ]
        + [f"{100 * numbers['people_two_digits']['digits_counted_right']:.1f} and "],
        "why": [
            f"{why['ms_median']:.0f} ms",
            f"{why['ms_95_percent']:.0f} ms",
            f"{100 * why['edits_found']:.0f} %",
            f"{why['edit_pixels_median']:g} pixels",
            f"{100 * why['deletion']['probability_by_evidence'][1]:.0f} %",
            f"{100 * why['deletion']['probability_by_chance'][1]:.0f} %",
        ],
        "clean_pictures": [
            f"{clean['pictures']:,} clean",
            *(f"{100 * clean[way]['share']:.1f} %" for way in ("read", "imported")),
        ],
        "real_photos": [
            *(
                f"{taken[f'{what}_{how}']} of {taken[what]} {what}"
                for what, how in (("digits", "right"), ("lines", "whole"))
            ),
            f"{taken['cells_found']} of {taken['cells']} cells",
            f"{taken['struck_row']['refused']} of {taken['struck_row']['struck']} digits that a line strikes out",
        ],
        "struck_through": [
            f"{100 * found['refused']:.1f} % {called}"
            for way, called in STRUCK.items()
            for found in (result("struck_through")["digits"][way],)
        ],
        "thin_pens": [
            f"{pen} pixels {100 * ways['as_they_are']['share']:.1f} and {100 * ways['broadened']['share']:.1f} %"
            for pen, ways in result("thin_pens")["pens_of_280"].items()
        ],
        "champion": _quote_champion(result("champion")),
        "ray_nodes": _quote_ray_nodes(result("ray_nodes")),
        "first_estimate": _quote_first_estimate(result("first_estimate")),
        "graphics_card": _quote_graphics_card(result("graphics_card")),
        "few_labels": _quote_few_labels(result("few_labels")),
        "hands": _quote_hands(result("hands")),
        "elsewhere": _quote_elsewhere(result("elsewhere")),
        "evaluation": _quote_evaluation(result("evaluation")),
        "forms": _quote_forms(result("forms")),
        "nearest_hand": _quote_nearest_hand(result("nearest_hand")),
        "reader": _quote_reader(result("reader")),
        "left_out": _quote_left_out(result("left_out")),
        "fine_tuning": _quote_fine_tuning(result("fine_tuning")),
        "photo": [
            *(f"{100 * share:.1f} %" for kind in ("one_digit", "numbers") for share in _shares(photo[kind]["all"])),
            *(f"{name} {100 * photo['one_digit'][name]['read_right']:.1f} %" for name in ("plain", "shadow", "both")),
            f"{photo['median_ms']} ms",
        ],
        "classroom": [
            f"{room['phones']} phones",
            f"{room['digits_kept']:,} of {room['digits_sent']:,} digits",
            f"{room['minutes']:.1f} minutes",
            f"{room['answer_ms']} ms",
            f"95 %: {room['answer_ms_95']} ms",
            f"{room['join_ms']} ms",
            f"{room['memory_mb']} MB",
            f"{room['looks_of_phones']:,} times in all",
        ],
        "data_cache": [f"{cache['median_ms']:.1f} ms"],
        "first_start": [f"{result('first_start')['median_s']:.1f} s", f"{result('first_start')['slowest_s']:.1f} s"],
        "generator": [
            f"{generator['count']:,} digits drawn in {generator['seconds']:.1f} s",
            f"{100 * generator['mean_test_accuracy']:.2f} ± {100 * generator['interval_95']:.2f} %",
            f"{generator['epochs']} epochs",
            f"{100 * generator['mean_pen_accuracy']:.1f} %",
            f"{100 * mean(generator['neighbours_generated_to_real']):.1f} %",
        ],
    }


def _shares(figures: dict[str, float]) -> tuple[float, ...]:
    return figures["read_right"], figures["bound"], figures["in_even_light"]


def _quote_evaluation(found: dict[str, Any]) -> list[str]:
    """Seconds of the models, milliseconds of a cell, and that figures of others agree."""
    assert max(abs(found["agreement"][name]) for name in found["agreement"] if name != "accuracy") < 1e-7
    seconds = (f"`{name}` in {each['median']:.1f} s" for name, each in found["seconds"].items())
    return [*seconds, f"after {found['cell_ms_median']:.0f} ms"]


def _quote_forms(found: dict[str, Any]) -> list[str]:
    """Boxes that are right, digits that are read in them, and how long a large photo takes."""
    low, high = found["right_interval"]
    return [
        f"{100 * found['right_share']:.1f} % of {found['boxes']:,} boxes",
        f"95 % interval {100 * low:.1f} to {100 * high:.1f}",
        f"{100 * found['read_in_box'] / found['read_alone']:.1f} % in their boxes",
        f"{found['page_12_megapixels_median_s']:.1f} s",
    ]


def _quote_hands(found: dict[str, Any]) -> list[str]:
    """What is read of each kind and donor, of the worst digits, and of each corruption if nothing is refused."""
    together, pen, digits = found["together"], found["sets"]["pen"], found["digits"]
    mean, corrupted, strange = found["mnist_c_mean"], found["sets"]["mnist_c"], found["sets"]["no_digit"]
    worst = {
        kind: min(digits[kind], key=lambda digit: digits[kind][digit]["reader"]["right"]["share"]) for kind in digits
    }
    return [
        *(f"{together[kind]['images']:,}" for kind in ("pen", "pictures")),
        *(f"{_percent(together[kind][name]['right'])}" for kind in together for name in ("reader", "cnn")),
        *(f"{_percent(together[kind]['refused'])}" for kind in together),
        *(f"`{donor}` {_percent(row['reader']['right'])}" for donor, row in pen.items()),
        *(f"{worst[kind]}s {_percent(digits[kind][worst[kind]]['reader']['right'])}" for kind in ("pen", "pictures")),
        _percent(together["pen"]["segmented"]),
        *(f"{100 * mean[name][way]:.1f} %" for name in ("reader", "cnn") for way in ("right", "without_refusal")),
        f"{100 * mean['refused']:.1f} %",
        *(
            f"{name.replace('_', ' ')} "
            + " and ".join(f"{100 * row[network]['without_refusal']['share']:.0f}" for network in ("reader", "cnn"))
            for name, row in corrupted.items()
        ),
        f"Omniglot's letters {_percent(strange['omniglot']['refused'])}",
    ]


def _quote_elsewhere(found: dict[str, Any]) -> list[str]:
    """Of each set its size, and what each model reads of it, with the interval and the digit that it reads worst."""
    quoted = []
    for of_set in found["sets"].values():
        quoted.append(f"{of_set['images']:,} ")
        for name in found["models"]:
            shares = of_set[name]
            low, high = (100 * end for end in shares["all"]["interval"])
            worst = min((each for each in shares if each.isdigit()), key=lambda digit: shares[digit]["share"])
            quoted += [f"{_percent(shares['all'])} ({low:.1f} to {high:.1f}), {worst}s {_percent(shares[worst])}"]
    return quoted


def _quote_nearest_hand(found: dict[str, Any]) -> list[str]:
    """How often each way finds a writer first of all and among ten, and how alike a hand is to itself and others."""
    training, test = found["training_writers"], found["test_writers"]
    halves = training["halves"]
    of_writers = (
        f"{100 * way['nearest']:.1f} and {100 * way['first_10']:.1f} %"
        for way in (halves, training["measures"], training["one_each"], training["other_pen"], test["halves"])
    )
    return [
        f"{training['writers']} writers",
        f"{test['writers']} writers",
        *of_writers,
        f"{halves['own_likeness']:.2f} to one's own",
        f"{halves['other_likeness']:.2f} to the nearest other",
    ]


def _quote_reader(found: dict[str, Any]) -> list[str]:
    """What networks of three seeds read of each set of people's, of MNIST with and without refusals, and of MNIST-C."""

    def spread(row: dict[str, Any], way: str, places: int = 1) -> str:
        return f"{100 * row[way]['mean']:.{places}f} ± {100 * row[way]['interval_95']:.{places}f} %"

    (mnist,), mean_of_corrupted = found["sets"]["mnist"], found["mnist_c_mean"]
    ways = ("right", "without_refusal")
    return [
        f"{found['method']['epochs']} epochs",
        *(f"`{row['name']}` {spread(row, 'right')}" for kind in ("pen", "pictures") for row in found["sets"][kind]),
        *(spread(mnist, way, 2) for way in ways),
        *(spread(mean_of_corrupted, way) for way in ways),
    ]


def _quote_left_out(found: dict[str, Any]) -> list[str]:
    """What is read of each institution, refused or not, how much is refused, and the worst of 0s and of 1s."""
    donors = {donor: rows[0] for donor, rows in found["donors"].items()}
    assert all(len(rows) == len(found["seeds"]) == 1 for rows in found["donors"].values())
    rights = [row["reader"] for row in donors.values()]
    worst = {
        digit: min(row["digits"][digit]["reader"]["right"]["share"] for row in donors.values()) for digit in ("0", "1")
    }
    return [
        f"{found['epochs']['reader']} epochs",
        *(f"`{name}` {_percent(row['reader']['right'])} of {row['images']:,}" for name, row in donors.items()),
        _list_percents([right["without_refusal"] for right in rights]),
        _list_percents([row["refused"] for row in donors.values()]),
        _percent(donors["val"]["segmented"]),
        f"1s at the worst {100 * worst['1']:.1f} %",
        f"0s {100 * worst['0']:.1f} %",
    ]


def _quote_fine_tuning(found: dict[str, Any]) -> list[str]:
    """What is left of the errors, all together and of each institution, and what MNIST lost at the mean and worst."""
    rows = [row for each in found["donors"].values() for row in each]
    means = {
        donor: [100 * mean(row[when] for row in each) for when in ("before", "after")]
        for donor, each in found["donors"].items()
    }
    lost = max(row["mnist_before"] - row["mnist_after"] for row in rows)
    return [
        f"{found['learnt']} digits",
        f"{len(found['seeds'])} draws",
        f"{found['errors_left']:.2f} of the errors",
        *(f"`{donor}` {before:.2f} to {after:.2f} %" for donor, (before, after) in means.items()),
        f"{found['mnist_points_lost']:.2f} points",
        f"{100 * lost:.2f} at the worst",
        f"{found['seconds']:.0f} s",
    ]


def _quote_champion(found: dict[str, Any]) -> list[str]:
    """What the best network reads alone, what three of it read that vote, and what those read whom the vote taught."""
    vote, taught = found["vote"], found["taught"]
    return [
        f"{found['parameters']:,} numbers",
        f"{found['epochs']} epochs",
        f"{vote['bytes'] / 1e6:.2f} MB",
        f"{100 * vote['test_accuracy']:.2f} %",
        "{:.2f} to {:.2f}".format(*(100 * share for share in vote["test_interval"])),
        f"{100 * found['alone']['mean']:.2f} ± {100 * found['alone']['interval_95']:.2f} %",
        f"{100 * taught['mean']:.2f} %, {len(taught['each'])} seed",
        f"by {taught['trust']}",
    ]


def _quote_ray_nodes(found: dict[str, Any]) -> list[str]:
    """What two nodes take of the time of one, and what became of a run whose node was killed."""
    lost = found["killed_node"]
    assert found["same_figures"]
    assert lost["same_figures"]
    assert lost["epochs_once_each"]
    return [
        f"{found['runs']} runs",
        f"{found['seconds_two_nodes']} s",
        f"{found['seconds_one_node']} s",
        f"{found['share']} ×",
        f"{found['most']} × is the goal",
    ]


def _quote_cluster_faults(found: dict[str, Any]) -> list[str]:
    """What was killed on a cluster, and what became of the runs."""
    by_target = found["kills_by_target"]
    assert (found["faults"], found["server_faults"], found["integrity"]) == ([], [], "ok")
    assert found["largest_difference_to_undisturbed"] == 0.0
    assert found["runs_done"] == found["runs"]
    return [
        f"{found['kills']} kills ({by_target['run']} of runs, {by_target['supervisor']} of the supervisor",
        f"{by_target['web']} of the web process, {by_target['web and supervisor']} of both",
        f"{by_target['node']} of a node, {by_target['head']} of the head, {by_target['database']} of the database",
        f"{by_target['everything']} of everything at once",
        f"all {found['runs']} runs ended done, after {found['processes_of_runs']} attempts",
    ]


def _quote_sweep(found: dict[str, Any]) -> list[str]:
    tpe, random = found["mean"]["tpe"], found["mean"]["random"]
    best, again = (
        "{:.1f}, {:.1f} and {:.1f} % against {:.1f}, {:.1f} and {:.1f} %".format(
            *(100 * of[way][which] for way in ("tpe", "random") for of in found["sweeps"])
        )
        for which in ("best", "again")
    )
    return [
        f"{found['trials']['tpe']} trials of `cnn` ({found['images']:,} images",
        f"{found['epochs']} epochs, six settings",
        f"read {100 * tpe['best']:.2f} % of the validation images, and {found['trials']['random']} by random search",
        f"no worse, {100 * random['best']:.2f} % (means over {found['seeds']} seeds; {best})",
        f"{tpe['epochs']:.0f} epochs for it, where those train {random['epochs']:.0f}",
        f"reads {100 * tpe['again']:.2f} and {100 * random['again']:.2f} % ({again})",
    ]


def _quote_many_runs(found: dict[str, Any]) -> list[str]:
    """How much longer all takes where many runs are kept, and what *Runs* and a claim take then."""
    told = []
    for database in ("sqlite", "postgresql"):
        of = found[database]
        (fewest, few), *_, (most, many) = of["counts"].items()
        pages, events = (of["summary"][kind]["growth"] for kind in ("pages", "events"))
        claims = [each["events"]["claim"]["median_ms"] for each in (many, few)]
        runs = [each["pages"]["runs"]["median_ms"] for each in (many, few)]
        told += [
            f"{int(most):,} runs are kept in place of {fewest}",
            f"{of['goal']} × is the goal",
            "no page takes more than {} × as long (*Runs* {:.0f} ms, and {:.0f}".format(pages, *runs),
            "no event more than {} × (a claim {:.1f} ms, and {:.1f}".format(events, *claims),
        ]
    return told


def _quote_watchers(found: dict[str, Any]) -> list[str]:
    """What 200 and 50 people wait for on one web process and on two."""
    by_people = found["people_by_web_processes"]
    many, few = ([each["asked"] for each in by_people[people].values()] for people in ("200", "50"))
    one, two = many
    return [
        f"{one['median_ms']} ms for the page on one web process (median; 95 %: {one['95_percent_ms']} ms",
        f"{two['median_ms']} ms on two that share them (95 %: {two['95_percent_ms']} ms)",
        "50 wait {} ms on one (95 %: {} ms) and {} ms on two (95 %: {} ms)".format(
            *(asked[figure] for asked in few for figure in ("median_ms", "95_percent_ms"))
        ),
        f"where {found['goal_95_percent_ms']} ms is the goal",
        "every {:.0f} and {:.0f} s where 200 watch, every {:.0f} s where 50 do".format(
            *(by_people["200"][webs]["seconds_between_looks"] for webs in ("1", "2")),
            *{each["seconds_between_looks"] for each in by_people["50"].values()},
        ),
    ]


def _quote_first_estimate(found: dict[str, Any]) -> list[str]:
    """What runs took of what was promised, on a machine that had done none: the least and the most."""

    def span(when: str, of: str) -> str:
        shares = [run[f"took_over_{of}"] for run in found[when]["runs"].values()]
        return f"{min(shares)} to {max(shares)} ×"

    return [
        *(f"{span(when, 'promised')} of what was promised" for when in ("quiet", "busy")),
        *(f"{span(when, 'calculated')} of what is calculated" for when in ("quiet", "busy")),
        f"{found['quiet']['pace']} and {found['busy']['pace']} × as long",
    ]


def _quote_graphics_card(found: dict[str, Any]) -> list[str]:
    """The card, what each recipe takes and reads there, and what came of one seed twice and of two runs at once."""
    return [
        found["card"],
        *(
            f"{100 * row['mean']:.2f} ± {100 * row['interval_95']:.2f} % in {row['mean_seconds']:.1f} s"
            for row in found["recipes"].values()
        ),
        "{:.4f} and {:.4f}".format(*found["same_seed_losses"]),
        "{:.1f} and {:.1f} %".format(*(100 * share for share in found["beside"]["test_accuracies"])),
    ]


def _quote_few_labels(found: dict[str, Any]) -> list[str]:
    """What is read after so few digits, alone and with generated ones, and what learning takes."""
    ways = [list(counts.values()) for counts in found["accuracy"].values()]
    return [
        f"{found['draws']} times",
        *(
            ", ".join(f"{100 * row['mean']:.1f} ± {100 * (row['interval'][1] - row['mean']):.1f} %" for row in rows)
            for rows in ways
        ),
        " and ".join(", ".join(f"{row['seconds']:.0f}" for row in rows) + " s" for rows in ways),
    ]


def _list_percents(shares: list[dict[str, float]]) -> str:
    *first, last = (f"{100 * share['share']:.1f}" for share in shares)
    return f"{', '.join(first)} and {last} %"


def _percent(share: dict[str, float]) -> str:
    return f"{100 * share['share']:.1f} %"


def test_the_readme_tells_the_worst_donor_the_worst_digit_and_what_corrupted_images_cost() -> None:
    found, left_out = result("hands"), result("left_out")
    donors, digits = found["sets"]["pen"].values(), found["digits"]["pictures"].values()
    worst = [
        min((row["reader"]["right"] for row in rows), key=lambda share: share["share"]) for rows in (donors, digits)
    ]
    mean = found["mnist_c_mean"]
    told = [
        *(_percent(found["together"][kind]["reader"]["right"]) for kind in ("pen", "pictures")),
        *map(_percent, worst),
        f"{100 * min(left_out['mean'].values()):.1f} %",
        *(f"{100 * mean['reader'][way]:.1f} %" for way in ("right", "without_refusal")),
        f"{100 * mean['cnn']['without_refusal']:.1f} %",
    ]
    assert [figure for figure in told if figure not in DOCUMENTS["README.md"]] == []


def test_every_benchmark_is_quoted() -> None:
    assert set(quotes()) == {path.stem for path in (ROOT / "benchmarks" / "results").glob("*.json")}


@pytest.mark.parametrize("name", quotes())
def test_the_figures_are_those_that_were_measured(name: str) -> None:
    (row,) = (line for line in DOCUMENTS["docs/measured.md"].splitlines() if line.startswith(f"| `{name}` |"))
    assert [figure for figure in quotes()[name] if figure not in row] == []
