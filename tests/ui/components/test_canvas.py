"""What the canvas' helper takes hold of is there: a new version of the canvas package may call it otherwise."""

import importlib.util
import re
from pathlib import Path

import pytest

from mnist_dash.ui.components import canvas

RELIES_ON = (".upper-canvas", ".dc-container", ".dc-toolbar", "[aria-label='Update the app with this drawing']")
SCRIPT = Path(canvas.__file__).with_suffix(".js").read_text("utf-8")


@pytest.fixture(scope="module")
def package() -> str:
    """The program of the canvas package, as browsers are given it."""
    found = importlib.util.find_spec("streamlit_drawable_canvas")
    assert found is not None
    assert found.origin is not None
    scripts = (Path(found.origin).parent / "frontend" / "build").glob("*.js")
    return "\n".join(script.read_text("utf-8") for script in scripts)


def test_the_helper_looks_in_the_canvas_for_nothing_else() -> None:
    asked = re.findall(r"(?:root|shadowRoot)\??\.querySelector(?:All)?\(\"([^\"]+)\"\)", SCRIPT)
    assert set(asked) == set(RELIES_ON)


@pytest.mark.parametrize("selector", RELIES_ON)
def test_the_canvas_package_still_has_what_the_helper_looks_for(selector: str, package: str) -> None:
    name = re.sub(r"^\.|^\[aria-label='|'\]$", "", selector)
    # Whole: upper-canvas is not upper-canvases.
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", package), (
        f"streamlit-drawable-canvas has no {selector} any more. Look in a browser for what it calls this now, name it "
        "so in mnist_dash/ui/components/canvas.js and here, and run tests/browser/test_canvas.py."
    )
