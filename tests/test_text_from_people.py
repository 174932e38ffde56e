"""Forgetting is hard: what people or libraries wrote reaches markdown and the terminal through `escaping` alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOWN = [*sorted((ROOT / "mnist_dash" / "ui").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
TERMINAL = sorted((ROOT / "mnist_dash" / "cli").rglob("*.py"))
READ = {
    *("title", "header", "subheader", "markdown", "write", "caption", "badge", "divider", "write_stream"),
    *("error", "warning", "info", "success", "exception", "toast", "spinner", "status", "progress", "report"),
    *("expander", "popover", "tabs", "dialog", "metric", "page_link", "link_button"),
    *("button", "form_submit_button", "download_button", "checkbox", "toggle", "radio"),
}
"""Calls whose texts Streamlit reads as markdown, wherever they are made: on the page or in a place of it."""
LABELLED = {
    *("selectbox", "multiselect", "segmented_control", "pills", "slider", "select_slider", "text_input", "text_area"),
    *("number_input", "date_input", "time_input", "file_uploader", "camera_input", "color_picker", "data_editor"),
}
"""Calls whose first text and help are markdown, while what they hold is shown as it is."""
FORMATTED = {"segmented_control", "pills", "radio"}
"""Calls whose options are markdown too."""
APART = {"key", "icon", "on_click", "on_change", "args", "kwargs", "type", "width", "height", "query_params", "gap"}
FOREIGN = {
    *("name", "tags", "title", "notice", "origin", "reason", "reasons", "note", "notes", "owner", "writer"),
    *("error", "refused", "data", "text", "names", "format", "sizes"),
}
"""Fields of records that hold, or may hold, what the program did not write."""
OWN = {
    "bundled cards": ("card", "card_of"),
    "methods and their hyperparameters": ("method", "parameter", "METHODS", "PARAMETERS"),
    "claims of methods, lessons and their steps": ("claim", "lesson", "step", "choice"),
    "layers, measures and advice": ("layer", "measure", "ORDERS", "_BY_NAME"),
    "what the coach says": ("found",),
    "downloads": ("download",),
}
"""What has fields of those names and was written by the program, by what it is called."""


def offences(tree: ast.AST) -> Iterator[int]:
    """The lines on which a text of others is read as markdown."""
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for scope in (tree, *scopes):
        foreign = caught | _assigned(scope, caught)
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and any(_foreign(text, foreign) for text in _texts(node)):
                yield node.lineno


def _texts(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that are read as markdown."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in READ:
        files = 1 if name == "download_button" else len(call.args)
        yield from call.args[:files]
        yield from (word.value for word in call.keywords if word.arg not in APART)
    elif name in LABELLED:
        yield from call.args[: 2 if name in FORMATTED else 1]
        yield from (word.value for word in call.keywords if word.arg in ("label", "help"))


def _foreign(text: ast.AST, names: set[str]) -> bool:
    """Whether a text of others stands in an expression, outside of what escapes it."""
    match text:
        case ast.Call(func=ast.Name(id="escape_markdown" | "len" | "bool")) | ast.Constant():
            return False
        case ast.Call(func=ast.Attribute(attr="container" | "columns")):
            return False
        case ast.Name(id=name) if name in names:
            return True
        case ast.Attribute(value=value, attr=attr) if attr in FOREIGN and not _own(value):
            return True
        case ast.Attribute() | ast.Subscript() if _own(text):
            return False
        case ast.IfExp(body=body, orelse=other):
            return _foreign(body, names) or _foreign(other, names)
        case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each):
            return _foreign(each, names)
    return any(_foreign(child, names) for child in ast.iter_child_nodes(text))


def _own(value: ast.AST) -> bool:
    while isinstance(value, ast.Attribute | ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and any(value.id in names for names in OWN.values())


def _assigned(scope: ast.AST, names: set[str]) -> set[str]:
    """The names in a function that were given a text of others: by an assignment, or one after another."""
    found: set[str] = set()
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _foreign(value, names) and not _opaque(value):
                found.add(name)
            case (
                ast.For(target=ast.Name(id=name), iter=value) | ast.comprehension(target=ast.Name(id=name), iter=value)
            ):
                if _foreign(value, names):
                    found.add(name)
    return found


def _opaque(value: ast.AST) -> bool:
    """Whether the value is what a call made of its arguments, which is no text of others any more."""
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") not in ("str", "listed")


@pytest.mark.parametrize("file", SHOWN, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_what_others_wrote_is_shown_as_it_stands(file: Path) -> None:
    lines = sorted(set(offences(ast.parse(file.read_text("utf-8")))))
    assert lines == [], f"Use escape_markdown in {file.relative_to(ROOT)}, lines {lines}."


@pytest.mark.parametrize(
    "code",
    [
        "st.subheader(f'Run {run.id}: {run.name}')",
        "try:\n    pass\nexcept DataError as e:\n    st.error(str(e))",
        "def show(run):\n    name = f'{run.id} {run.name}'\n    st.markdown(f'**{name}**')",
        "st.write('\\n'.join(f'- {reason}' for reason in understood.reasons))",
        "st.toast(kept.error, icon=':material/error:')",
        "place.progress(0.5, job.text or text)",
        "st.segmented_control('Run', [run.name for run in runs])",
        "st.selectbox(run.name, [1])",
    ],
)
def test_a_text_that_is_not_escaped_is_found(code: str) -> None:
    assert list(offences(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "st.subheader(f'Run {run.id}: {escape_markdown(run.name)}')",
        "st.caption(f'{len(understood.reasons)} left out')",
        "st.selectbox('Run', [run.name for run in runs])",
        "st.button('Delete', key=f'delete_{run.name}')",
        "st.download_button('CSV', content, f'{data.name}.csv')",
    ],
)
def test_what_is_shown_as_it_is_needs_no_escaping(code: str) -> None:
    assert not list(offences(ast.parse(code)))


def test_the_command_line_speaks_through_one_function() -> None:
    """`terminal` alone prints: what stands in names can reach no terminal past it."""
    speaking = {file.name for file in TERMINAL if _prints(ast.parse(file.read_text("utf-8")))}
    assert speaking == {"terminal.py"}


def _prints(tree: ast.AST) -> bool:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(func, ast.Name) and func.id == "print" for func in calls)
