"""The pictures of the documents, taken anew: `python -m tests.browser.pictures [NAME …]`, all unless some are named.

`MNIST_DASH_DATA` names MNIST. Each is a page at 1440×900, in the light, as a person sees it once it has come to rest: a
new home, a few runs and an audit in it, digits that the mouse draws, own digits by an imaginary writer, and an
imaginary photo (`benchmarks.paper`). Some minutes, most of them for the audit.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from playwright.sync_api import FilePayload, Page, expect, sync_playwright

from benchmarks.paper import Condition, photo
from mnist_dash.data.generator.parameters import USUAL
from mnist_dash.data.generator.writers import write
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, started, tab
from tests.browser.test_pages import SEVEN, answer, draw, file_input, settled
from tests.drawn import an_answer, drawing, sketch

FOUR = ([(150, 60), (80, 165), (205, 165)], [(170, 110), (165, 240)])
WHOLE = """() => !document.querySelector("[data-testid=stSkeleton]") && document.fonts.status === "loaded"
  && [...document.images].every((image) => image.complete)"""
RUNS = (("fast", "--epochs", "2"), ("cnn", "--epochs", "5"))
OWN_DIGITS = 50
NUMBER = 42130
"""What stands on the photo."""


def main(names: Sequence[str]) -> None:
    """Fill a home, start the app on it, and take the pictures."""
    unknown = sorted(set(names) - set(SCENES))
    if unknown:
        sys.exit(f"{unknown[0]!r} is no picture; allowed are {', '.join(SCENES)}.")
    wanted = {name: scene for name, scene in SCENES.items() if not names or name in names}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        fill(home, audited="quality" in wanted)
        browser = playwright.chromium.launch(executable_path=chromium.find() or sys.exit(chromium.HELP), args=ARGUMENTS)
        with started(home) as server:
            for name, scene in wanted.items():
                with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
                    scene(page)
                    settled(page)
                    page.wait_for_function(WHOLE)
                    page.screenshot(path=ROOT / "docs" / f"{name}.png")
                sys.stdout.write(f"{name}\n")
        browser.close()


def fill(home: Path, *, audited: bool) -> None:
    """The runs, the own digits and, if wanted, the audit that the pictures show."""
    commands = [("train", *words) for words in RUNS] + ([("audit",)] if audited else [])
    for words in commands:
        environ = {**os.environ, "MNIST_DASH_HOME": str(home)}
        subprocess.run([sys.executable, "-m", "mnist_dash", *words], env=environ, cwd=ROOT, check=True)
    with open_database(Settings(home=home)) as database:
        for digit in write(OWN_DIGITS, 3, replace(USUAL, digits_each=OWN_DIGITS)):
            middle = (np.vstack(digit.strokes).max(axis=0) + np.vstack(digit.strokes).min(axis=0)) / 2
            points = [[(x, y) for x, y in 140 + 160 * (stroke - middle)] for stroke in digit.strokes]
            answered = an_answer(digit.label)
            collection.save(database, label_digit(sketch(*points), digit.label, answered, drawing(*points)))


def show_home(page: Page) -> None:
    """A 7 that was drawn and read."""
    page.goto("/")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")


def show_photo(page: Page) -> None:
    """A number on ruled paper, half of it in a shadow."""
    page.goto("/sketch?way=photo")
    settled(page)
    file_input(page, "Photo").set_input_files(take_photo())
    expect(answer(page)).to_have_text(str(NUMBER))


def take_photo() -> FilePayload:
    """MNIST's first test digits of NUMBER, written on ruled paper and photographed."""
    test = open_dataset(Settings.from_environment(os.environ), "mnist").test
    places = [int(np.flatnonzero(test.labels == int(digit))[0]) for digit in str(NUMBER)]
    file = io.BytesIO()
    photo(test.images[places], Condition.BOTH, np.random.default_rng(5)).image.save(file, "JPEG", quality=90)
    return {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def draw_four(page: Page, closer: str) -> None:
    """A 4 on Sketch, looked at in the view of that name, which stands in sight."""
    page.goto("/sketch")
    settled(page)
    for stroke in FOUR:
        draw(page, stroke)
        settled(page)
    expect(answer(page)).to_have_text("4")
    page.get_by_text(closer, exact=True).click()
    settled(page)


def show_why(page: Page) -> None:
    """What speaks for a 4, the edit that changes it, and its layers."""
    draw_four(page, "Why")
    expect(page.get_by_text("Their labels, the nearest first")).to_be_visible()
    scroll_to(page, page_heading="Why this answer")


def show_film(page: Page) -> None:
    """A 4 played back."""
    draw_four(page, "As it was drawn")
    scroll_to(page, page_heading="As it was drawn")


def scroll_to(page: Page, page_heading: str) -> None:
    """Bring a heading to the top."""
    settled(page)
    heading = page.get_by_role("heading", name=page_heading, exact=True)
    heading.evaluate("node => node.scrollIntoView({ block: 'start' })")


def show_lessons(page: Page) -> None:
    """A 1 whose upstroke has grown."""
    page.goto("/lessons?lesson=european-one&upstroke=80")
    expect(page.get_by_text("cnn reads 7")).to_be_visible()


def show_quality(page: Page) -> None:
    """What the audit doubts."""
    page.goto("/explore?view=quality")
    expect(page.get_by_role("heading", name="Labels that are probably wrong")).to_be_visible()


def show_map(page: Page) -> None:
    """MNIST by t-SNE, which a process of its own computes."""
    page.goto("/explore?view=map")
    settled(page)
    page.get_by_role("radio", name="t-SNE").click()
    page.get_by_role("button", name="Draw it").click()
    expect(page.get_by_role("figure", name="Map of digits")).to_be_visible()


def show_own_digits(page: Page) -> None:
    """A hand among those of MNIST's writers."""
    page.goto("/own_digits?own_view=handwriting")
    expect(page.get_by_role("heading", name="Digit by digit")).to_be_visible()


def show_runs(page: Page) -> None:
    """Two runs side by side."""
    page.goto("/runs?runs=1,2")
    expect(page.locator(".mnist-dash-chart svg.main-svg").first).to_be_visible()


def show_models(page: Page) -> None:
    """What the bundled reader reads wrong, once a process of its own has asked it."""
    page.goto("/models?model=reader&model_view=mistakes")
    expect(page.get_by_text("images are read wrong")).to_be_visible()


def show_stress(page: Page) -> None:
    """Turned digits, and how far two models hold."""
    page.goto("/stress?stress=rotate&amount=40&models=reader,cnn")
    settled(page)
    page.get_by_role("button", name=re.compile("^Measure on")).click()
    expect(page.get_by_role("figure", name=re.compile("^Accuracy of each model")).locator("svg").first).to_be_visible()


def _show(link: str) -> Callable[[Page], object]:
    return lambda page: page.goto(link)


SCENES: dict[str, Callable[[Page], object]] = {
    "home": show_home,
    "photo": show_photo,
    "why": show_why,
    "film": show_film,
    "lessons": show_lessons,
    "explore": _show("/explore?view=samples&digit=4&image=9"),
    "map": show_map,
    "quality": show_quality,
    "own_digits": show_own_digits,
    "train": _show("/train?run=2"),
    "runs": show_runs,
    "methods": _show("/methods?cost=parameters"),
    "models": show_models,
    "stress": show_stress,
}

if __name__ == "__main__":
    arguments = ArgumentParser(prog="python -m tests.browser.pictures", description="Take the documents' pictures.")
    arguments.add_argument("names", nargs="*", metavar="NAME")
    main(arguments.parse_args().names)
