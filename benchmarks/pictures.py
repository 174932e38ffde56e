"""The pictures of the documents, taken anew: `MNIST_DASH_DATA=FOLDER python -m benchmarks.pictures [NAME …]`.

A real server with a new home on real MNIST, a real browser at 1440×900; runs are trained for it by the command line. A
few minutes on 2 cores; without NAME all of them. Look at each picture before you commit it.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import FilePayload, Page, expect, sync_playwright

from benchmarks.paper import Condition, photo
from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import write
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.runs import process
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, await_health, free_port, serve
from tests.browser.test_pages import answer, draw, settled
from tests.conftest import DATA
from tests.drawn import an_answer, drawing, sketch
from tests.leftovers import end_workers

FOUR = ([(105, 60), (75, 150), (185, 150)], [(150, 85), (145, 230)])
SEVEN = ([(80, 60), (200, 60), (130, 230)],)
NUMBER = (4, 2, 1, 3, 0)
LONG = 600_000
"""Milliseconds within which a run or a map is done."""


def home(page: Page) -> None:
    """A 7 drawn with the mouse and read."""
    page.goto("/")
    written(page, SEVEN, "7")


def written(page: Page, strokes: tuple[list[tuple[int, int]], ...], digit: str) -> None:
    """Draw a digit, and wait until it is read."""
    settled(page)
    for stroke in strokes:
        draw(page, stroke)
    expect(answer(page)).to_have_text(digit)


def number(page: Page) -> None:
    """A number on a photo of paper, printed and half in a shadow."""
    page.goto("/sketch?way=photo")
    settled(page)
    page.locator("input[type=file]").first.set_input_files(paper())
    expect(answer(page)).to_have_text("".join(map(str, NUMBER)))


def paper() -> FilePayload:
    """Test digits as a pen writes them and a camera sees them."""
    test = open_dataset(Settings(home=Path(tempfile.mkdtemp()), data=Path(str(DATA)), offline=True)).test
    images = np.stack([test.images[test.labels == digit][8] for digit in NUMBER])
    file = io.BytesIO()
    photo(images, Condition.BOTH, np.random.default_rng(0)).image.save(file, "JPEG", quality=88)
    return {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def why(page: Page) -> None:
    """What speaks for a 4, and what would make it something else."""
    page.goto("/sketch?closer=why")
    written(page, FOUR, "4")
    heading = page.get_by_role("heading", name="Why this answer")
    page.get_by_role("listbox", name="Channels of Convolution 1").wait_for(timeout=LONG)
    heading.evaluate("node => node.scrollIntoView()")


def await_charts(page: Page) -> None:
    """Wait for the first chart; what is still to be loaded before it runs no script."""
    page.locator(".mnist-dash-chart svg.main-svg").first.wait_for(timeout=LONG)


def train(page: Page) -> None:
    """A run that is done."""
    page.goto("/train?run=1")
    await_charts(page)


def runs(page: Page) -> None:
    """Two runs compared."""
    page.goto("/runs?runs=1,2")
    await_charts(page)


def sweeps(page: Page) -> None:
    """A search for good settings that has come to its end."""
    page.goto("/sweeps?sweep=1")
    await_charts(page)


def methods(page: Page) -> None:
    """Accuracy against parameters, measured and published."""
    page.goto("/methods?cost=parameters&claim=cnn_10")
    await_charts(page)


def models(page: Page) -> None:
    """What the bundled reader reads wrong."""
    page.goto("/models")
    page.get_by_role("listbox").wait_for(timeout=LONG)


def stress(page: Page) -> None:
    """Digits turned, and how far both bundled models hold."""
    page.goto("/stress?stress=rotate&amount=40")
    settled(page)
    page.get_by_role("button", name="Measure on").click()
    page.get_by_role("figure", name="Accuracy of each model against rotate").wait_for(timeout=LONG)


def lessons(page: Page) -> None:
    """A 1 whose upstroke has grown until a network reads 7."""
    page.goto("/lessons?lesson=european-one&upstroke=80")
    page.get_by_role("figure", name="How likely a 7 each network finds it").wait_for(timeout=LONG)


def film(page: Page) -> None:
    """A 4 played back."""
    page.goto("/sketch?closer=drawn")
    written(page, FOUR, "4")
    page.get_by_role("heading", name="As it was drawn").evaluate("node => node.scrollIntoView()")


def own_digits(page: Page) -> None:
    """The hand of somebody among MNIST's writers, and who writes most alike."""
    page.goto("/own_digits?set=mine&own_view=handwriting")
    await_charts(page)


def explore(page: Page) -> None:
    """The data set as a whole."""
    page.goto("/explore?view=samples")


def digits_by_tsne(page: Page) -> None:
    """Digits laid out alike near alike."""
    page.goto("/explore?view=map&map_method=t-SNE")
    settled(page)
    page.get_by_role("button", name="Draw it").click()
    page.get_by_role("figure", name="The map of digits").wait_for(timeout=LONG)


SCENES: dict[str, Callable[[Page], None]] = {
    **{"home": home, "photo": number, "why": why, "explore": explore},
    **{"map": digits_by_tsne, "train": train, "runs": runs, "models": models},
    **{
        "sweeps": sweeps,
        "methods": methods,
        "lessons": lessons,
        "stress": stress,
        "film": film,
        "own_digits": own_digits,
    },
}
LEARNT = {"train", "runs"}
"""Scenes that need runs."""
SWEEP = (
    *("cnn", "--vary", "learning_rate", "dropout", "batch_size"),
    *("--trials", "24", "--epochs", "2", "--train-size", "2000"),
)
"""What is searched for the picture of a sweep."""


def write_own(home: Path) -> None:
    """A set of own digits, as an imaginary writer of the generator's writes them on the sheet."""
    hand = parse_handwriting({"digits_each": "60", "difference": "1.5"})
    with open_database(Settings(home=home)) as database:
        key = make_own_set(database, "mine", "").key
        for digit in write(60, 5, hand):
            # A unit is the height of a digit.
            points = [stroke * 170 + 140 - 170 * np.concatenate(digit.strokes).mean(axis=0) for stroke in digit.strokes]
            strokes = [[(float(x), float(y)) for x, y in stroke] for stroke in points]
            save(database, label_digit(sketch(*strokes), digit.label, an_answer(digit.label), drawing(*strokes)), key)


def take(names: list[str], folder: Path) -> None:
    """Take pictures of these scenes."""
    port = free_port()
    with (folder / "server.log").open("wb") as log, sync_playwright() as playwright:
        server = serve(ROOT / "app.py", folder, port, log)
        try:
            await_health(f"http://localhost:{port}", server)
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
            for name in names:
                page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=f"http://localhost:{port}")
                SCENES[name](page)
                settled(page)
                page.mouse.move(5, 5)
                page.screenshot(path=ROOT / "docs" / f"{name}.png")
                page.close()
            browser.close()
        finally:
            server.terminate()
            server.wait()
            end_workers(folder)


def main() -> None:
    """Train what is to be seen, and take the pictures."""
    if not DATA:
        sys.exit("MNIST_DASH_DATA names no MNIST, and the pictures show MNIST. Name its folder.")
    names = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory() as folder:
        environ = {**process.make_environment(), "MNIST_DASH_HOME": folder, "MNIST_DASH_DATA": DATA}
        for method in ("cnn", "dense_128") if LEARNT & set(names) else ():
            subprocess.run(process.make_command("train", method), env=environ, check=True)
        if "sweeps" in names:
            subprocess.run(process.make_command("sweep", *SWEEP), env=environ, check=True)
        if "own_digits" in names:
            write_own(Path(folder))
        take(names, Path(folder))


if __name__ == "__main__":
    main()
