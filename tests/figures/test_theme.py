import re
import subprocess
import sys
from itertools import combinations, pairwise

import numpy as np
import pytest

from mnist_dash.figures.theme import CONFIG, MNIST_SCALE, Palette, fade, make_scale, make_template
from tests.figures.colour import XYZ, Floats, contrast, linear

ROOT = CONFIG.parents[1]

# Matrices on linear RGB at full severity, from Machado, Oliveira and Fernandes, "A physiologically-based model for
# simulation of color vision deficiency", 2009.
EYES = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
WHITE = np.array([0.95047, 1.0, 1.08883])


def cielab(colour: str, eye: Floats) -> Floats:
    ratios = XYZ @ np.clip(eye @ linear(colour), 0, 1) / WHITE
    f = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("role", ["ink", "muted", "accent", "right", "wrong"])
@pytest.mark.parametrize("surface", ["paper", "panel"])
def test_text_reads_on_every_surface(colours: Palette, role: str, surface: str) -> None:
    assert contrast(getattr(colours, role), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark", "light.sidebar", "dark.sidebar"])
def test_buttons_carry_white_text_and_stand_out(mode: str) -> None:
    section = re.search(rf"\[theme\.{re.escape(mode)}\]\n(.*?)(?:\n\[|\Z)", CONFIG.read_text("utf-8"), re.DOTALL)
    assert section
    values = dict(re.findall(r'^(\w+) = "(#\w+)"', section[1], re.MULTILINE))
    assert contrast(values["primaryColor"], "#ffffff") >= 4.5
    assert contrast(values["primaryColor"], values["backgroundColor"]) >= 3


def test_digits_stand_out_from_the_paper(colours: Palette) -> None:
    assert min(contrast(colour, colours.paper) for colour in colours.digits) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_no_two_digits_look_alike(colours: Palette, eye: str) -> None:
    seen = [cielab(colour, EYES[eye]) for colour in colours.digits]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= 18


def test_the_sequential_scale_goes_one_way_in_lightness(colours: Palette) -> None:
    lightness = [cielab(colour, EYES["full"])[0] for colour in colours.sequential]
    steps = [after - before for before, after in pairwise(lightness)]
    assert all(step < -3 for step in steps) or all(step > 3 for step in steps)


@pytest.mark.parametrize("eye", EYES)
def test_the_ends_of_the_diverging_scale_are_told_apart(colours: Palette, eye: str) -> None:
    low, high = (cielab(colours.diverging[i], EYES[eye]) for i in (0, -1))
    assert np.linalg.norm(low - high) >= 30


def test_each_palette_has_ten_colours(colours: Palette) -> None:
    assert [len(set(c)) for c in (colours.digits, colours.sequential, colours.diverging)] == [10, 10, 10]


def test_streamlit_knows_every_setting() -> None:
    command = [sys.executable, "-m", "streamlit", "config", "show"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "not a valid config option" not in shown.stdout + shown.stderr
    assert 'address = "localhost"' in shown.stdout


def test_no_other_file_names_a_colour() -> None:
    sources = [*(ROOT / "mnist_dash" / "figures").glob("*.py"), *(ROOT / "mnist_dash" / "ui").glob("chart.*")]
    assert [path.name for path in sources if re.search(r"#[0-9a-fA-F]{6}\b", path.read_text("utf-8"))] == []


def test_a_colour_fades_without_changing() -> None:
    assert fade("#102030", 0.5) == "rgba(16, 32, 48, 0.5)"


def test_a_scale_is_evenly_spaced_from_0_to_1() -> None:
    assert make_scale(("a", "b", "c")) == [(0.0, "a"), (0.5, "b"), (1.0, "c")]


def test_the_template_lets_the_page_show_through(colours: Palette) -> None:
    layout = make_template(colours).layout
    assert layout.paper_bgcolor.endswith(", 0)")
    assert layout.plot_bgcolor.endswith(", 0)")
    assert layout.font.color == colours.ink


def test_mnist_is_white_on_black() -> None:
    assert MNIST_SCALE == ((0.0, "black"), (1.0, "white"))
