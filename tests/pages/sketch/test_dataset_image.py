"""An image of a data set on the Sketch page: named by the link, read as it is, and nothing that was drawn is lost."""

import numpy as np

from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings
from mnist_dash.ui.shell import resources
from tests.pages.conftest import Open, put
from tests.pages.sketch.test_photo import answer, captions

ONE = [(140, 40), (140, 240)]


def test_the_image_that_the_link_names_is_read_as_it_stands_there(opened: Open, with_data: Settings) -> None:
    app = opened("sketch", way="image", split="train", image="7", model="cnn")
    train = open_dataset(with_data).train
    read = int(resources.bundled_model("cnn").probabilities(np.asarray(train.images[7:8]))[0].argmax())
    assert not app.exception
    assert answer(app) == str(read)
    assert f"Image 7 of the training images, label {train.labels[7]}." in captions(app)
    compared = "right" if read == train.labels[7] else "not what is read"
    assert f"Its label says {train.labels[7]}: {compared}." in captions(app)
    assert not [button for button in app.button if (button.key or "").startswith("label_")]


def test_its_values_and_why_are_shown(opened: Open) -> None:
    app = opened("sketch", way="image", image="3")
    assert "The image as it stands in the data set" in captions(app)
    assert not app.toggle
    app = opened("sketch", way="image", image="3", closer="why")
    assert not app.exception
    assert "What speaks for it, and against" in captions(app)


def test_an_image_that_is_not_there_gives_way_to_the_first(opened: Open) -> None:
    app = opened("sketch", way="image", image="99999")
    assert not app.exception
    assert "Image 0 of the test images" in captions(app)


def test_what_was_drawn_is_there_again(opened: Open) -> None:
    app = put(opened("sketch"), ONE)
    assert answer(app) == "1"
    app.button_group(key="way").set_value("image").run()
    assert "Image 0 of the test images" in captions(app)
    app.button_group(key="way").set_value("draw").run()
    assert answer(app) == "1"
