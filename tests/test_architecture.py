"""The house keeps its order: who may import whom, where the heavy libraries live, how long a module may be."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mnist_dash.ui.shell.keys import Key

ROOT = Path(__file__).resolve().parents[1]
PAGE_ROOMS = (
    *("ui.lessons", "ui.methods", "ui.models", "ui.stress", "ui.train", "ui.runs", "ui.sweeps"),
    *("ui.own_digits", "ui.class_room", "ui.sketch", "ui.data", "ui.explore"),
)
"""What one page shows; each may import the rooms before it, and no other of these."""
ORDER = (
    *("errors", "arrays", "escaping", "words", "users", "files", "place", "settings", "sketch"),
    *("data", "data.generator", "data.reader_set", "data.io", "store", "data.store"),
    *("methods", "runs", "sweeps", "own_digits", "models", "models.registry", "backup", "forms"),
    *("analysis", "lessons", "figures", "reports", "ui", "ui.shell", "ui.components", *PAGE_ROOMS),
)
"""Each room may import itself and the rooms before it."""
BESIDE = {
    "training": set(ORDER[: ORDER.index("figures")]),
    "cli": {*ORDER[: ORDER.index("figures")], "training", "reports"},
}
NESTED = {room for room in ORDER if "." in room}
PURE = ("sketch", "data", "data.generator", "data.reader_set", "methods", "models", "analysis", "lessons", "figures")
"""Plain functions over arrays and frozen records, which reach neither database nor disk."""
IMPURE = {
    *("mnist_dash.store", "mnist_dash.data.store", "mnist_dash.data.io", "mnist_dash.files", "mnist_dash.settings"),
    *("streamlit", "sqlalchemy", "sqlite3", "filelock", "shutil", "tempfile", "subprocess", "multiprocessing"),
}
PACKAGE = sorted((ROOT / "mnist_dash").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SOURCES = [*PACKAGE, *PAGES, ROOT / "app.py"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


@dataclass(frozen=True, slots=True)
class Import:
    """An import of `module`; `lazy` where it stands inside a function, `typing` where it is for the type checker."""

    file: Path
    module: str
    lazy: bool
    typing: bool

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)} imports {self.module}"

    @property
    def importer(self) -> str:
        """The room that the import stands in."""
        return _room(_module(self.file))

    @property
    def room(self) -> str:
        """The room that is imported; empty where it is none of this house."""
        return _room(self.module)


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _room(module: str) -> str:
    top, _, rest = module.partition(".")
    if top != "mnist_dash":
        return top if top in ("pages", "app") else ""
    nested = ".".join(rest.split(".")[:2])
    return nested if nested in NESTED else rest.partition(".")[0]


def _imports(file: Path) -> Iterator[Import]:
    tree = ast.parse(file.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lazy = {inner for function in functions for inner in ast.walk(function)}
    typing = {inner for node in ast.walk(tree) if _is_for_typing(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(file, alias.name, node in lazy, node in typing) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = (_imported(node.module, alias.name) for alias in node.names)
            yield from (Import(file, module, node in lazy, node in typing) for module in modules)


def _is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def _imported(module: str, name: str) -> str:
    """The module that `from module import name` loads: a name may be a module itself."""
    whole = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if whole.is_dir() or whole.with_suffix(".py").exists() else module


IMPORTS = [found for file in SOURCES for found in _imports(file)]
GRAPH: dict[str, set[str]] = {}
for _found in IMPORTS:
    if not _found.typing:
        GRAPH.setdefault(_module(_found.file), set()).add(_found.module)
INSIDE = [found for found in IMPORTS if found.room and found.room != found.importer]


def _allowed(importer: str) -> set[str]:
    if importer in BESIDE:
        return BESIDE[importer]
    if importer == "__main__":
        return {"cli"}
    rooms = {"pages": ORDER, "app": (*ORDER, "pages")}
    if importer in PAGE_ROOMS:
        return set(ORDER) - set(PAGE_ROOMS)
    return set(rooms[importer] if importer in rooms else ORDER[: ORDER.index(importer)])


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {_room(_module(file)) for file in PACKAGE} - {""}
    assert rooms <= {*ORDER, *BESIDE, "__main__"}


def test_imports_go_one_way() -> None:
    assert [str(found) for found in INSIDE if found.room not in _allowed(found.importer)] == []


def test_the_pure_middle_reaches_neither_database_nor_disk_even_through_others() -> None:
    reached = {module: _way_out(module) for module in sorted(GRAPH) if _room(module) in PURE}
    assert len(reached) > 80
    assert {module: way for module, way in reached.items() if way} == {}


def _way_out(module: str) -> list[str]:
    """The shortest way over imports from a module to what is not pure; empty where there is none."""
    ways = {module: [module]}
    for at in (queue := [module]):
        for there in sorted(GRAPH.get(at, set()) - set(ways)):
            ways[there] = [*ways[at], there]
            if any(there == impure or there.startswith(f"{impure}.") for impure in IMPURE):
                return ways[there]
            queue.append(there)
    return []


def test_what_the_pure_middle_may_not_reach_would_be_seen() -> None:
    assert _way_out("mnist_dash.models.registry.lookup")
    assert _way_out("mnist_dash.data.io.array_files")


def test_tests_mirror_the_rooms() -> None:
    rooms = {file.parent.relative_to(ROOT / "mnist_dash").as_posix() for file in PACKAGE} - {"."}
    folders = {file.parent.relative_to(ROOT / "tests").as_posix() for file in TESTS if file.name.startswith("test_")}
    assert {name for name in folders - rooms if name.partition("/")[0] not in (".", "browser", "pages")} == set()
    pages = {name.removeprefix("pages/") for name in folders if name.startswith("pages/")}
    assert pages == {room.removeprefix("ui.") for room in PAGE_ROOMS}
    untested = {room for room in rooms - folders if not room.startswith("ui")}
    assert untested == set()


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for found in IMPORTS:
        if found.room and not found.lazy and found.module != _module(found.file):
            graph.setdefault(_module(found.file), set()).add(found.module)
    assert list(TopologicalSorter(graph).static_order())


def test_training_is_imported_by_the_command_line_alone_and_only_when_it_is_asked_for() -> None:
    users = [found for found in INSIDE if found.room == "training"]
    assert users
    assert [str(found) for found in users if found.importer != "cli" or not found.lazy] == []


@pytest.mark.parametrize(
    ("libraries", "places"),
    [
        ({"streamlit", "streamlit_drawable_canvas"}, ("app.py", "pages/", "mnist_dash/ui/")),
        ({"tensorflow", "keras"}, ("mnist_dash/training/",)),
        ({"plotly"}, ("mnist_dash/figures/", "mnist_dash/ui/")),
        (
            {"sqlalchemy"},
            (
                *("mnist_dash/store/", "mnist_dash/runs/", "mnist_dash/sweeps/", "mnist_dash/own_digits/"),
                "mnist_dash/models/registry/",
            ),
        ),
        ({"optuna"}, ("mnist_dash/sweeps/study.py",)),
        (
            {"filelock"},
            (
                "mnist_dash/store/",
                "mnist_dash/runs/",
                "mnist_dash/sweeps/controller.py",
                "mnist_dash/data/store/cache.py",
                "mnist_dash/training/attempt.py",
            ),
        ),
    ],
)
def test_a_library_stays_in_its_rooms(libraries: set[str], places: tuple[str, ...]) -> None:
    users = [found for found in IMPORTS if found.module.partition(".")[0] in libraries]
    assert [str(found) for found in users if not _module_path(found.file).startswith(places)] == []


def _module_path(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("files", "most"), [(PACKAGE, 250), (PAGES, 120)], ids=["modules", "pages"])
def test_files_stay_short(files: list[Path], most: int) -> None:
    lines = {_module_path(file): len(file.read_text("utf-8").splitlines()) for file in files}
    assert {name: count for name, count in lines.items() if count > most} == {}


def test_every_module_says_why_it_exists() -> None:
    assert [_module_path(file) for file in SOURCES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))] == []


def test_no_test_sleeps() -> None:
    assert [_module_path(file) for file in TESTS if _sleeps(ast.parse(file.read_text("utf-8")))] == []


def _sleeps(tree: ast.Module) -> bool:
    names = (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in ast.walk(tree))
    return "sleep" in names


def test_no_test_guesses_how_long_the_machine_takes() -> None:
    """tests/awaiting.py knows; less than a second is for what shall not happen."""
    assert [f"{_module_path(file)}: {ast.unparse(call)}" for file in TESTS for call in _guesses(file)] == []


def _guesses(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            waits = isinstance(node.func, ast.Attribute) and node.func.attr in WAITING
            named = [keyword.value for keyword in node.keywords if (keyword.arg or "").endswith("timeout")]
            if any(_whole(value) for value in (*named, *(node.args if waits else []))):
                yield node


WAITING = {"wait", "join", "result", "exception", "communicate", "wait_for_timeout", "set_default_timeout"}


def _whole(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float) and value.value >= 1


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("mnist_dash.cli", {"tensorflow", "keras", "streamlit", "pandas", "plotly", "sklearn", "ai_edge_litert"}),
        ("mnist_dash.cli", {"optuna"}),
        ("mnist_dash.cli", {"scipy.ndimage", "scipy.special", "scipy.stats"}),
        ("mnist_dash.training.attempt", {"tensorflow", "keras", "streamlit", "pandas", "plotly"}),
    ],
)
def test_the_command_line_starts_without_heavy_libraries(module: str, unwanted: set[str]) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert unwanted & set(json.loads(done.stdout)) == set()


PARTICIPLE = re.compile(
    r"[a-z]+ed|found|told|seen|drawn|written|made|shown|taken|kept|held|left|begun|brought|sent|said"
    r"|parted|undone|redone|chosen"
)
VERBS = ("embed", "feed", "need", "proceed", "seed", "reseed")
"""Words that end like participles and are none."""


def test_what_is_done_is_called_by_a_verb() -> None:
    """A lone participle reads like a fact and cannot be told from a variable; a property states one."""
    assert [f"{_module_path(file)}: {name}" for file in PACKAGE for name in _participles(file.read_text("utf-8"))] == []


def _participles(source: str) -> Iterator[str]:
    nodes = ast.walk(ast.parse(source))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    names = (node.name for node in functions if not _is_property(node))
    return (name for name in names if PARTICIPLE.fullmatch(name) and name not in VERBS)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).endswith("property") for decorator in node.decorator_list)


def test_a_participle_would_be_seen() -> None:
    source = """
class Sheet:
    @property
    def changed(self): ...
    def drawn(self): ...
    def embed(self): ...
    def _kept(self): ...
    def find_undone(self): ...
def refused(): ...
"""
    assert sorted(_participles(source)) == ["drawn", "refused"]


TEXTS = [*SOURCES, *sorted((ROOT / "mnist_dash").rglob("*.js")), *sorted((ROOT / "docs").glob("*.md"))]
OLD_WORDS = {
    r"held[-_]out|held out (images|digits|loss|accuracy|share|set)": "validation (loss, accuracy, images)",
    r"\btake away\b": "download or export",
    r"^(?!.*overfitting).*\bby heart\b": "overfitting, and the plain words beside it",
    r"errand": "job (BackgroundCommand)",
    r"digitness": "detector (DigitDetector)",
    r"\bjudge\b": "confidence (CutConfidence)",
    r"\bhardness\b|\bhardest\b": "difficulty",
    r"\btwins?\b(?!\")": "duplicates",
    r"\bsuspects\b": "label issues",
    r"\bprobes\b": "perturbations",
    r"\binsights?\b": "details (EpochDetails)",
    r"journal(?!_mode| of)": "recorder (RunRecorder)",
    r"\bwish": "command (Command)",
    r"\bshelf\b": "OpenDatasets",
    r"seeds 000": "the source by what it is",
}
"""What is not said any more, whether large or small, and what is said instead."""
TODAYS = re.compile(r"_OLD_\w+ = |_RENAMED = ")
"""Where what has old words, a link or a database, is given today's."""


@pytest.mark.parametrize(("old", "new"), OLD_WORDS.items(), ids=OLD_WORDS.values())
def test_one_word_stands_for_one_thing(old: str, new: str) -> None:
    places = [f"{_module_path(file)}: {line.strip()}" for file in TEXTS for line in _lines_with(old, file)]
    assert places == [], f"say {new}"


def _lines_with(old: str, file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        if re.search(old, line, re.IGNORECASE) and not TODAYS.match(line):
            yield line


OLD_NAMES = {
    "journal": "recorder",
    "wish": "command",
    "practi[cs]e": "runner (EpochRunner) and result (EpochResult)",
    "course": "session, stretches, rates: what it is",
}
"""How nothing is named any more, in tests and benchmarks neither; a sentence may have these words."""
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))


@pytest.mark.parametrize(("old", "new"), OLD_NAMES.items(), ids=OLD_NAMES)
def test_nothing_has_a_name_of_before(old: str, new: str) -> None:
    begins = re.compile(rf"(?:^|_){old}", re.IGNORECASE)
    assert sorted(place for place in _named() if begins.search(place[1])) == [], f"say {new}"


@cache
def _named() -> set[tuple[str, str]]:
    """Every name of every module, read once: there are twelve hundred modules."""
    return {(_module_path(file), name) for file in (*SOURCES, *TESTS, *BENCHMARKS) for name in _names(file)}


def _names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        yield from (
            value for field in ("id", "attr", "arg", "name") if isinstance(value := getattr(node, field, 0), str)
        )


UI = [file for file in SOURCES if _module_path(file).startswith(("app.py", "pages/", "mnist_dash/ui/"))]
SHELL = "mnist_dash/ui/shell/"


def _attributes(file: Path, *names: str) -> list[str]:
    tree = ast.parse(file.read_text("utf-8"))
    found = (node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    imported = (a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names)
    return [name for name in (*found, *imported) if name in names]


def _users(*names: str) -> set[str]:
    return {_module_path(file) for file in UI if _attributes(file, *names)}


def test_one_module_owns_the_link() -> None:
    assert _users("query_params") == {f"{SHELL}link.py"}


def test_the_caches_of_streamlit_stand_in_one_file() -> None:
    assert _users("cache_resource", "cache_data") == {f"{SHELL}resources.py"}
    assert [_module_path(file) for file in UI if _attributes(file, "cache", "lru_cache")] == []


def _keywords(file: Path, name: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from ((node, keyword.value) for keyword in node.keywords if keyword.arg == name)


def test_widgets_that_streamlit_binds_to_the_link_have_a_session_key() -> None:
    bound = [call for file in UI for call, _ in _keywords(file, "bind")]
    keys = [ast.unparse(keyword.value) for call in bound for keyword in call.keywords if keyword.arg == "key"]
    assert len(bound) == len(keys) > 10
    assert [key for key in keys if not key.startswith("Key.")] == []


def test_the_session_is_asked_for_no_literal_name() -> None:
    assert [
        f"{_module_path(file)}: {found}" for file in UI for found in _literals(ast.parse(file.read_text("utf-8")))
    ] == []


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        asked: list[ast.expr] = []
        if isinstance(node, ast.Subscript) and _is_session(node.value):
            asked = [node.slice]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_session(node.func.value):
            asked = node.args[:1]
        elif isinstance(node, ast.Compare) and any(map(_is_session, node.comparators)):
            asked = [node.left]
        elif isinstance(node, ast.Attribute) and _is_session(node.value) and node.attr not in dir(dict):
            yield ast.unparse(node)
        yield from (ast.unparse(node) for key in asked if isinstance(key, ast.Constant | ast.JoinedStr))


def _is_session(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


@pytest.mark.parametrize(
    "code", ["s.session_state['a']", "s.session_state.get(f'a{b}')", "'a' in s.session_state", "s.session_state.a"]
)
def test_a_literal_name_of_the_session_would_be_seen(code: str) -> None:
    assert list(_literals(ast.parse(code))) == [code]


def test_no_literal_key_of_a_widget_is_one_of_the_session() -> None:
    keys = [value.value for file in UI for _, value in _keywords(file, "key") if isinstance(value, ast.Constant)]
    assert len(keys) > 30
    assert set(keys) & set(Key) == set()


CHANGING = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear"}


def test_the_pages_keep_nothing_in_the_globals_of_modules() -> None:
    changed = {_module_path(file): list(_changed_globals(ast.parse(file.read_text("utf-8")))) for file in UI}
    assert {name: changes for name, changes in changed.items() if changes} == {}


def _changed_globals(tree: ast.Module) -> Iterator[str]:
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)):
        stored = (node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        own = {node.id for node in stored} | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        for node in ast.walk(function):
            if isinstance(node, ast.Global) or getattr(_changed(node), "id", None) in names - own:
                yield ast.unparse(node)


def _changed(node: ast.AST) -> ast.expr | None:
    """What a statement or a call changes in its place."""
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
        return node.func.value
    return None


@pytest.mark.parametrize("change", ["A['b'] = 1", "A.update(b=1)", "del A['b']", "global A"])
def test_a_changed_global_would_be_seen(change: str) -> None:
    assert list(_changed_globals(ast.parse(f"A = dict()\ndef change():\n    {change}")))
