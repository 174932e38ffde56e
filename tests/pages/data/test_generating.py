"""The view that generates: parameters, a live preview, and sets made under a name."""

from streamlit.testing.v1 import AppTest

from mnist_dash.data.generator.parameters import PARAMETERS, USUAL
from mnist_dash.data.store import named_sets
from mnist_dash.settings import Settings
from mnist_dash.ui.shell import resources
from tests.awaiting import deadline
from tests.pages.conftest import Open


def preview(app: AppTest) -> str:
    """The address of the picture, which holds the picture itself."""
    (picture,) = app.get("image")
    return str(picture.proto.imgs[0].url)


def test_every_parameter_has_a_widget_at_what_is_usual(opened: Open) -> None:
    app = opened("datasets", data_view="generate")
    assert not app.exception
    widgets = {widget.key: widget.value for widget in (*app.slider, *app.number_input)}
    assert {name: widgets[f"hand_{name}"] for name in PARAMETERS} == {name: getattr(USUAL, name) for name in PARAMETERS}


def test_the_preview_follows_a_slider_and_the_link_holds_it(opened: Open) -> None:
    app = opened("datasets", data_view="generate")
    before = preview(app)
    app.slider(key="hand_slant").set_value(30.0).run()
    assert preview(app) != before
    assert app.query_params["hand_slant"] == "30"
    assert "slant=30" in app.code[0].value
    next(button for button in app.button if button.label == "As usual").click().run()
    assert preview(app) == before
    assert "hand_slant" not in app.query_params


def test_a_link_brings_its_parameters(opened: Open) -> None:
    app = opened("datasets", data_view="generate", hand_pen="22.5", hand_digits_each="116")
    assert app.slider(key="hand_pen").value == 22.5
    assert app.number_input(key="hand_digits_each").value == 116


def test_a_link_out_of_range_is_refused_in_words(opened: Open) -> None:
    app = opened("datasets", data_view="generate", hand_pen="99")
    assert "The link's parameters were not taken. pen is 99.0; allowed" in app.warning[0].value
    assert app.slider(key="hand_pen").value == USUAL.pen


def test_a_set_is_made_under_a_name(opened: Open, with_data: Settings) -> None:
    app = opened("datasets", data_view="generate")
    app.number_input(key="generator_count").set_value(120)
    next(field for field in app.text_input if field.label == "Name").set_value("hands")
    next(button for button in app.button if button.label == "Make the set").click().run()
    job = resources.background_commands().find("generate hands")
    assert job
    assert job.wait(deadline())
    app.run()
    assert not app.exception
    assert app.success[0].value == "hands is here now."
    made = named_sets.open_set(with_data, "hands")
    assert (len(made.train), len(made.test), made.origin) == (120, 20, "pen-stroke generator 3, 120 digits, seed 0")


def test_a_name_that_cannot_be_used_is_refused_with_the_reason(opened: Open) -> None:
    app = opened("datasets", data_view="generate")
    next(field for field in app.text_input if field.label == "Name").set_value("mnist")
    next(button for button in app.button if button.label == "Make the set").click().run()
    assert "There is already a data set 'mnist'" in app.error[0].value
