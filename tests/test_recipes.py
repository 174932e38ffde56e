"""The recipes of CONTRIBUTING.md, each followed to the letter in a copy of the program, with no other edit."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.discovery import complete_splits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import State
from mnist_dash.runs.supervisor import Supervisor
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.documents import DOCUMENTS, LINK, PLACEHOLDERS, ROOT, paragraphs, places, section
from tests.leftovers import end_workers

pytestmark = pytest.mark.slow

FOLDERS = ("pages", "mnist_dash", "tests", "benchmarks", "docs", "hosting", ".streamlit")


@dataclass
class Copy:
    """A copy of the program in a folder of its own, and which files each recipe has changed there."""

    root: Path
    changed: dict[str, list[str]] = field(default_factory=dict)
    recipe: str = ""

    def begin(self, recipe: str) -> None:
        """Follow another recipe from here on."""
        self.recipe = recipe
        self.changed[recipe] = []

    def write(self, path: str, text: str) -> None:
        """A new file."""
        assert not (self.root / path).exists()
        (self.root / path).parent.mkdir(exist_ok=True)
        (self.root / path).write_text(text, "utf-8")
        self.changed[self.recipe].append(path)

    def change(self, path: str, old: str, new: str) -> None:
        """Other words for those that stand once in a file."""
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        (self.root / path).write_text(text.replace(old, new), "utf-8")
        self.changed[self.recipe].append(path)

    def insert(self, path: str, before: str, new: str) -> None:
        """New words before some that stand once in a file."""
        self.change(path, before, new + before)

    def python(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a module of the copy to its end."""
        foreign = ("PYTEST_", "PYTHONSAFEPATH")
        mine = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env=mine | {"PYTHONPATH": str(self.root)} | environ,
            timeout=4 * deadline(),
        )


MEANS = '''\
"""Class means: the digit whose mean image is nearest, in the manner of Rocchio (1971)."""

import numpy as np

from mnist_dash.arrays import AnyNumbers, Images, Probabilities
from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.methods.fitted.shared import (
    check_finite,
    list_hyperparameters,
    make_defaults,
    read_number,
    scale_rows,
    soften,
    spread_shares,
    take_array,
    take_digits,
)
from mnist_dash.methods.kinds import Group, Number
from mnist_dash.methods.method import Arrays, Classifier, Cost, Method, Report, Values

_SHARPNESS = Number("sharpness", "Sharpness", "How sure it is of what is near.", 0.1, 9.0, Group.RUN, whole=False)


class MeanImages:
    """Answers by `means` (k, 784) of the `digits` (k,)."""

    def __init__(self, means: AnyNumbers, digits: AnyNumbers, sharpness: float) -> None:
        """Keep them."""
        self._means, self._digits, self._sharpness = means, digits, sharpness

    def probabilities(self, images: Images) -> Probabilities:
        """Probabilities (n, 10) for images (n, 28, 28)."""
        away = np.linalg.norm(scale_rows(images)[:, np.newaxis] - self._means, axis=2)
        return spread_shares(soften(-self._sharpness * away), self._digits)


class _Fitting:
    plainly = "It knows the mean of each digit, and says which one is nearest."

    def fit(self, digits: Digits, _values: Values, _report: Report) -> Arrays:
        present = np.unique(digits.labels)
        means = [scale_rows(digits.images[digits.labels == digit]).mean(axis=0) for digit in present]
        return {"means": np.array(means), "digits": present.astype(np.uint8)}

    def open(self, arrays: Arrays, values: Values) -> Classifier:
        digits = take_digits(arrays)
        means = take_array(arrays, "means", np.float64, len(digits), FEATURES)
        check_finite(arrays, "means")
        return MeanImages(means, digits, read_number(values, "sharpness"))

    def estimate(self, _values: Values, images: int) -> Cost | None:
        return Cost(1.0, 300_000_000 + 10_000 * images)

    def write_script(self, values: Values, _images: int) -> str:
        return f"# The nearest mean image, seed {values['seed']}."


METHOD = Method(
    "means",
    "Mean images",
    "The digit whose mean image is nearest.",
    "A recipe",
    None,
    make_defaults(sharpness=2.0),
    fitting=_Fitting(),
    hyperparameters=list_hyperparameters(_SHARPNESS),
    first=("train_size", "sharpness"),
)
'''


def add_a_method(copy: Copy) -> None:
    """The smallest of networks."""
    copy.insert(
        "mnist_dash/methods/registry.py",
        "    Method(\n        CUSTOM,\n",
        """\
    Method(
        "pooled",
        "Pooled pixels",
        "The mean ink of 49 squares and eight units: as small as it gets.",
        "A recipe",
        parse_network("average 4, flatten, dense 8"),
        _defaults(epochs=1, batch_size=20),
    ),
""",
    )
    tests = "tests/methods/test_registry.py"
    copy.insert(tests, '        ("random", 0),\n', '        ("pooled", 490),\n')
    copy.change(tests, '"cnn_1000", "random"]', '"cnn_1000", "random", "pooled"]')
    copy.insert(tests, '        ("random", {"epochs": 1}),\n', '        ("pooled", {"epochs": 1, "batch_size": 20}),\n')
    copy.insert("docs/pages.md", "| `random` |", "| `pooled` | average, dense 8, dense 10 | 490 |\n")
    add_a_method_that_is_no_network(copy)


def add_a_method_that_is_no_network(copy: Copy) -> None:
    """The digit whose mean image is nearest."""
    copy.write("mnist_dash/methods/fitted/means.py", MEANS)
    registry = "mnist_dash/methods/registry.py"
    copy.change(registry, "import forest, logistic, nearest,", "import forest, logistic, means, nearest,")
    copy.insert(registry, "    random_guess.METHOD,\n", "    means.METHOD,\n")
    copy.change("tests/methods/test_registry.py", '"forest", "svm"]', '"forest", "svm", "means"]')
    copy.insert("docs/pages.md", "| `random` |", "| `means` | the nearest of ten mean images | 0 |\n")


def add_a_page(copy: Copy) -> None:
    """A page with one choice."""
    copy.write(
        "pages/wall.py",
        '''\
"""Wall: digits by the dozen."""

from mnist_dash.ui.shell import frame

frame.head("Wall", "Digits by the dozen.")

# What follows is loaded with the head of the page on the screen already.
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.shell import messages
from mnist_dash.ui.wall import dozens

dozens.show(messages.open_with_progress(dataset_picker.choose()))
''',
    )
    copy.write("mnist_dash/ui/wall/__init__.py", '"""What the page Wall shows."""\n')
    copy.write(
        "mnist_dash/ui/wall/dozens.py",
        '''\
"""How many digits are on the wall."""

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.ui.shell.keys import Key


def show(data: Dataset) -> None:
    """As many dozens as are wanted."""
    dozens = st.slider("Dozens", 1, 9, key=Key.DOZENS, bind="query-params")
    st.caption(f"{12 * dozens} of {len(data.train)} digits")
''',
    )
    copy.change("tests/test_architecture.py", '"ui.data", "ui.explore")', '"ui.data", "ui.explore", "ui.wall")')
    copy.change("docs/architecture.md", "data/ explore/   one room", "data/ explore/ wall/   one room")
    at, shell = '            st.Page("pages/datasets.py"', "mnist_dash/ui/shell/"
    copy.insert(f"{shell}frame.py", at, '            st.Page("pages/wall.py", title="Wall", icon=":material/apps:"),\n')
    copy.insert(f"{shell}keys.py", '    PREVIEW = "preview"\n', '    DOZENS = "dozens"\n')
    copy.write("tests/pages/wall/__init__.py", "")
    copy.write(
        "tests/pages/wall/test_wall.py",
        '''\
"""The wall as a script."""

from tests.pages.conftest import Open


def test_the_wall_is_in_the_navigation(opened: Open) -> None:
    # Once the navigation is known, a page that is not in it is refused.
    assert opened("home").switch_page("pages/wall.py").run().title[0].value == "Wall"


def test_the_link_says_how_many_digits_are_on_the_wall(opened: Open) -> None:
    app = opened("wall", dozens="7")
    assert "84 of 500 digits" in [caption.value for caption in app.caption]
''',
    )
    copy.change("tests/pages/test_pages.py", '"models", "stress")', '"models", "stress", "wall")')
    copy.insert("tests/browser/test_pages.py", '    "runs": "Runs",\n', '    "wall": "Wall",\n')
    copy.insert("docs/pages.md", "## Runs\n", "## Wall\n\nDigits by the dozen.\n\n")


def add_a_data_format(copy: Copy) -> None:
    """Sparse rows: a label, then number and value of every pixel that is not 0."""
    copy.write(
        "mnist_dash/data/io/sparse_rows.py",
        '''\
"""Digits as sparse rows: a line each, with the label and the number and value of each pixel that is not 0."""

import re

import numpy as np

from mnist_dash.data.dataset import FEATURES
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.raw_images import Files, RawDataset, combine_pairs
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError


def is_sparse(head: bytes) -> bool:
    """Whether a file begins as these do."""
    return re.match(rb"[0-9] [0-9]+=[0-9]+ ", head) is not None


def read_sparse_set(files: Files, _progress: Progress) -> RawDataset:
    """The rows of one file; raises DataError with the line that is wrong."""
    (path,) = files
    with open_file(path) as stream:
        lines = stream.read(MAX_ARRAYS).splitlines()
    images, labels = np.zeros((len(lines), FEATURES), np.uint8), np.zeros(len(lines), np.uint8)
    for row, line in enumerate(lines):
        try:
            label, *pixels = line.split()
            labels[row] = int(label)
            for pixel in pixels:
                number, value = map(int, pixel.split(b"="))
                images[row, number - 1] = value
        except (ValueError, IndexError, OverflowError) as e:
            raise DataError(f"Line {row + 1} of {path} is no label with NUMBER=VALUE. Correct or drop it.") from e
    return combine_pairs(path, [(images, labels)])


READER = FileReader("Sparse rows", (".sparse",), "one file of sparse rows", is_sparse, read_sparse_set)
''',
    )
    readers = "mnist_dash/data/io/readers.py"
    copy.insert(readers, "    parquet_files,\n", "    sparse_rows,\n")
    copy.insert(readers, "    # The last one, for any text", "    sparse_rows.READER,\n")
    copy.change("docs/pages.md", "with Keras' names, IDX, QMNIST", "with Keras' names, IDX, sparse rows, QMNIST")


RECIPES: dict[str, Callable[[Copy], None]] = {
    "Add a method": add_a_method,
    "Add a page": add_a_page,
    "Add a data format": add_a_data_format,
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy in which the three recipes that end in a file were followed."""
    copy = Copy(tmp_path_factory.mktemp("copy"))
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"):
        shutil.copy2(file, copy.root)
    for recipe, follow in RECIPES.items():
        copy.begin(recipe)
        follow(copy)
    return copy


@pytest.fixture
def home(settings: Settings) -> Iterator[Path]:
    """The home of the test, whose supervisor ends with it."""
    yield settings.home
    end_workers(settings.home)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_names_every_file_that_is_changed(copy: Copy, recipe: str) -> None:
    named = _named(section(DOCUMENTS["CONTRIBUTING.md"], recipe))
    assert [path for path in copy.changed[recipe] if not any(re.match(name, path) for name in named)] == []


def _named(text: str) -> list[str]:
    """Patterns of the paths that a recipe names, between backticks or as a link."""
    found = [path for part in paragraphs(text) for _, paths in places(part) for path in paths]
    found += [link.partition("#")[0] for link in LINK.findall(text)]
    names = [re.sub("|".join(PLACEHOLDERS), r"\\w+", re.escape(path)) for path in found]
    return [name if name.endswith("/") and r"\w+" in name else f"{name}$" for name in names]


def test_the_house_keeps_its_order_with_what_was_added(copy: Copy) -> None:
    """Its own tests say so, those that the recipes added among them."""
    page = "tests/pages/test_pages.py::test_every_page_opens_without_an_error_and_with_a_title[wall]"
    files = ("tests/test_architecture.py", "tests/test_docs.py", "tests/methods/test_registry.py", page)
    done = copy.python("pytest", "-q", "-p", "no:cacheprovider", *files, "tests/pages/wall")
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]


FORM = '''\
"""A method that was added to the registry alone."""

from tests.pages.conftest import Open


def test_the_form_offers_the_method_with_its_cost_and_its_code(opened: Open) -> None:
    app = opened("train")
    assert "Pooled pixels" in app.selectbox(key="method").options
    app.selectbox(key="method").select("pooled").run()
    said = " ".join(caption.value for caption in app.caption)
    assert "as small as it gets. 490 parameters" in said
    assert "1 epoch on 450 images, 50 for validation. About 1 s (not timed yet) and" in said
    assert app.number_input(key="pooled_batch_size").value == 20
    next(button for button in app.button if button.label == "As Keras code").click().run()
    assert "layers.AveragePooling2D(4)," in app.code[0].value


def test_a_method_that_is_no_network_is_offered_with_what_it_has_and_nothing_else(opened: Open) -> None:
    app = opened("train", method="means", sharpness="3")
    assert app.number_input(key="means_sharpness_1").value == 3
    labels = {widget.label for kind in ("number_input", "selectbox", "select_slider") for widget in app.get(kind)}
    assert {"Sharpness", "Validation", "Seed"} <= labels
    assert not {"Epochs", "Learning rate", "Rotation"} & labels
    said = " ".join(caption.value for caption in app.caption)
    assert "450 images, 50 for validation. About 1 s and" in said
'''


def test_the_form_offers_a_method_that_was_added(copy: Copy) -> None:
    (copy.root / "tests/pages/train/test_pooled.py").write_text(FORM, "utf-8")
    done = copy.python("pytest", "-q", "-p", "no:cacheprovider", "tests/pages/train/test_pooled.py")
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]


@pytest.mark.training
@pytest.mark.usefixtures("with_data", "home")
def test_a_method_that_was_added_is_trained(copy: Copy, tmp_path: Path) -> None:
    assert "pooled" in copy.python("mnist_dash", "train", "--help").stdout
    done = copy.python("mnist_dash", "train", "pooled", "--train-size", "300", "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert (run["method"], run["state"], run["parameters"], run["epoch"]) == ("pooled", "done", 490, 1)
    assert 0 <= run["test_accuracy"] <= 1
    script = tmp_path / "script.py"
    copy.python("mnist_dash", "export", str(run["run"]), "--format", "script", "--out", str(script))
    assert "layers.AveragePooling2D(4)," in script.read_text("utf-8")


@pytest.mark.usefixtures("with_data", "home")
def test_a_method_that_is_no_network_is_fitted_asked_and_exported(copy: Copy, tmp_path: Path) -> None:
    done = copy.python("mnist_dash", "train", "means", "--hyperparameter", "sharpness=3", "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert (run["method"], run["state"], run["epoch"], run["spec"]["sharpness"]) == ("means", "done", 1, 3)
    assert run["test_accuracy"] > 0.5
    asked = copy.python("mnist_dash", "evaluate", str(run["run"]), "--json")
    assert json.loads(asked.stdout)["accuracy"] == run["test_accuracy"]
    kept = tmp_path / "means.npz"
    assert (
        copy.python("mnist_dash", "export", str(run["run"]), "--format", "arrays", "--out", str(kept)).returncode == 0
    )
    assert np.load(kept)["means"].shape == (10, 784)
    refused = copy.python("mnist_dash", "train", "means", "--hyperparameter", "epochs=3")
    assert (
        "allowed is KEY=VALUE with one of sharpness, train_size, validation_split, validation_by, seed."
        in refused.stderr
    )


def _sparse(digits: Digits) -> bytes:
    rows = digits.images.reshape(len(digits), -1)
    lines = (" ".join(f"{at + 1}={row[at]}" for at in np.flatnonzero(row)) for row in rows)
    return "".join(f"{label} {line}\n" for label, line in zip(digits.labels, lines, strict=True)).encode()


def test_a_format_that_was_added_is_imported(copy: Copy, small: Digits, settings: Settings, tmp_path: Path) -> None:
    digits = small.take(slice(100))
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("mine/digits.sparse", _sparse(digits))
        archive.writestr("mine/about.txt", "Mine.")
    done = copy.python("mnist_dash", "import", str(tmp_path / "mine.zip"), "--name", "mine", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["format"] == "Sparse rows in a ZIP"
    kept, expected = open_dataset(settings, "mine"), complete_splits(tmp_path, digits, None)
    for split, wanted in ((kept.train, expected.train), (kept.test, expected.test)):
        assert np.array_equal(split.images, wanted.images)
        assert np.array_equal(split.labels, wanted.labels)


def test_a_format_that_was_added_may_stand_for_mnist(copy: Copy, small: Digits, tmp_path: Path) -> None:
    (tmp_path / "mnist").write_bytes(gzip.compress(_sparse(small), mtime=0))
    done = copy.python("mnist_dash", "data", "--json", MNIST_DASH_DATA=str(tmp_path / "mnist"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["train"] + json.loads(done.stdout)["test"] == len(small)


def test_a_file_of_that_format_that_is_cut_off_is_refused(copy: Copy, small: Digits, tmp_path: Path) -> None:
    content = _sparse(small)
    (tmp_path / "mine.sparse").write_bytes(content[: content.rindex(b"=") + 1])
    done = copy.python("mnist_dash", "import", str(tmp_path / "mine.sparse"), "--name", "mine")
    assert done.returncode == 2
    assert "Line 500 of" in done.stderr
    (tmp_path / "poem").write_bytes(b"A poem")
    done = copy.python("mnist_dash", "import", str(tmp_path / "poem"), "--name", "mine")
    assert "poem (no known format, 6 bytes that begin with 'A poem') is no set of digits. Save" in done.stderr
    assert re.search(r"Allowed are NPZ, .*Sparse rows, ", done.stderr)


@pytest.mark.training
def test_a_run_is_started_by_hand_as_another_engine_would(
    with_data: Settings, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(with_data, db=f"sqlite:///{tmp_path / 'shared.db'}")
    monkeypatch.setenv("MNIST_DASH_DB", str(settings.db))
    with open_database(settings) as database:
        spec = RunSpec.of("custom", "mnist", layers="average 4, flatten", epochs=2, batch_size=50)
        run_id = queue.submit(database, spec, pause_at=1).id
        lock = process.run_lock(settings, run_id)

        first = queue.claim(database, "elsewhere")
        assert first
        working = start("run", str(first.id), "--attempt", str(first.attempt))
        until(lambda: run_of(database, run_id).state is State.PAUSED)
        assert process.is_held(lock)
        Supervisor(settings, database).tick()
        assert run_of(database, run_id).host == "elsewhere"

        working.kill()
        working.wait(deadline())
        assert not process.is_held(lock)
        control.resume(database, run_id, slots=1)
        assert queue.mark_dead(database, run_id, first.attempt, "It was killed.").state is State.QUEUED

        second = queue.claim(database, "elsewhere")
        assert second
        assert (second.attempt, second.epoch) == (2, 1)
        said, complained = start("run", str(second.id), "--attempt", "2").communicate(timeout=deadline())
        done = run_of(database, run_id)
        assert (done.state, done.epoch) == (State.DONE, 2), complained
        assert done.score
        assert b"done, 2 of 2 epochs" in said
    assert not process.supervisor_start(settings).exists()
    assert not (settings.home / "mnist-dash.db").exists()
