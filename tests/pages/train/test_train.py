"""The Train page as a script: what it offers and says of a run in each of its states."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queue, spare, supervisor
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.finding import WINDOW
from mnist_dash.runs.pace import note_first_pace
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.words import duration, size
from tests.copied import copy_run
from tests.pages.conftest import Open
from tests.trained import begun, trained


def test_the_link_names_the_run_that_is_shown(opened: Open, finished: Run) -> None:
    assert opened("train").query_params["run"] == str(finished.id)


@pytest.mark.parametrize("run", ["abc", "-1", "9" * 4_400])
def test_a_link_that_names_no_run_shows_the_newest(opened: Open, finished: Run, run: str) -> None:
    app = opened("train", run=run)
    assert not app.exception
    assert app.header[0].value.startswith(f"Run {finished.id}")


def test_a_link_names_a_run_that_is_older_than_those_in_the_list(
    opened: Open, finished: Run, database: Database
) -> None:
    copies = copy_run(database, finished, WINDOW + 1)
    app = opened("train", run=str(finished.id))
    assert app.header[0].value.startswith(f"Run {finished.id}")
    listed = app.selectbox(key="chosen_run_0")
    assert [option.partition(":")[0] for option in listed.options] == [
        *(str(number) for number in copies[:0:-1]),
        str(finished.id),
    ]
    listed.select(copies[-1]).run()
    assert app.header[0].value.startswith(f"Run {copies[-1]}")


def test_train_invites_to_the_first_run(opened: Open) -> None:
    """In words, and by a picture of what will come."""
    app = opened("train")
    assert any("No runs yet" in info.value for info in app.info)
    assert any(caption.value.startswith("An example: the convolutional network") for caption in app.caption)
    assert app.button[0].label == "Start training"


def test_start_queues_what_was_chosen_and_puts_it_into_the_link(opened: Open, database: Database) -> None:
    app = opened("train")
    app.selectbox(key="method").select("dense_128").run()
    app.number_input(key="dense_128_epochs").set_value(3).run()
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert (run.spec.method, run.spec.epochs, run.state) == ("dense_128", 3, State.QUEUED)
    assert app.query_params["run"] == str(run.id)
    assert app.button(key="stop").label == "Cancel"


def test_train_offers_no_start_for_a_batch_larger_than_what_is_left_to_learn(opened: Open) -> None:
    app = opened("train")
    app.number_input(key="fast_batch_size").set_value(5_000).run()
    assert "choose a smaller batch" in app.error[0].value
    assert "Start training" not in [button.label for button in app.button]


@pytest.mark.parametrize(("images", "batch"), [(256, 128), (255, 64), (10, 4)])
def test_a_batch_begins_no_larger_than_half_of_few_images(
    opened: Open, with_data: Settings, database: Database, small: Digits, images: int, batch: int
) -> None:
    few = small.take(slice(0, images))
    named_sets.save(with_data, "few", Dataset("few", few, small, "the generator"))
    app = opened("train", data="few")
    assert app.number_input(key="fast_batch_size").value == batch
    assert chosen(database, app).batch_size == batch


@pytest.mark.parametrize("epochs", [0, -3, 1_001])
def test_values_beyond_the_widgets_limits_never_reach_a_run(opened: Open, database: Database, epochs: int) -> None:
    """The browser refuses them; a message made by hand finds the default in their place."""
    app = opened("train")
    app.number_input(key="fast_epochs").set_value(epochs)
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert run.spec.epochs == 2


def test_a_running_run_shows_its_figures_and_where_it_stands(opened: Open, running: Run) -> None:
    app = opened("train", run=str(running.id))
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Training accuracy"] == "81.23 %"
    assert figures["Validation accuracy"] == "84.56 %"
    assert figures["Test accuracy"] == "–"
    assert "Epoch 2 of 4" in app.progress[0].text


def test_what_it_answered_is_shown_of_now_until_an_epoch_is_chosen_and_the_page_never_moves_the_slider(
    opened: Open, database: Database
) -> None:
    told = EpochDetails(((5,) * 10,) * 10, Answers((1,) * 20, (0.5,) * 20), ())
    run, recorder = begun(database, RunSpec.of("dense_128", "generated", epochs=9), (0.8, 0.9), (told, told))
    app = opened("train", run=str(run.id))
    slider = app.select_slider(key=f"epoch_{run.id}")
    assert (slider.options, slider.value, slider.proto.set_value) == (["1", "2", "now"], "now", False)
    recorder.epoch(Epoch(3, 0.75, 0.625, 0.5, 0.9, 2.0, told), b"keras 3")
    app.run()
    slider = app.select_slider(key=f"epoch_{run.id}")
    assert (slider.options, slider.value, slider.proto.set_value) == (["1", "2", "3", "now"], "now", False)
    slider.set_value("2").run()
    assert "Validation digits, after epoch 2" in {caption.value for caption in app.caption}


def test_stop_asks_the_run_to_stop(opened: Open, running: Run, database: Database) -> None:
    app = opened("train", run=str(running.id))
    app.button(key="stop").click().run()
    assert run_of(database, running.id).stop_requested
    assert app.progress[0].text == "Stopping"


def test_a_failed_run_shows_its_reason(opened: Open, running: Run, database: Database) -> None:
    RunRecorder(database, running).fail("The loss became NaN in epoch 2.")
    assert "The loss became NaN in epoch 2." in [error.value for error in opened("train").error]


def test_a_run_whose_process_was_killed_says_so(opened: Open, running: Run, database: Database) -> None:
    queue.mark_dead(database, running.id, running.attempt, "Its process was killed.")
    (info,) = opened("train").info
    assert "was killed" in info.value
    assert "to go on from there" in info.value


def test_a_link_to_a_run_that_is_not_there_shows_the_newest(opened: Open, finished: Run) -> None:
    app = opened("train", run="99")
    assert "There is no run 99" in app.warning[0].value
    assert app.header[0].value.startswith(f"Run {finished.id}")


def test_another_run_can_be_chosen(opened: Open, finished: Run, running: Run) -> None:
    app = opened("train", run=str(running.id))
    app.selectbox(key="chosen_run_0").select(finished.id).run()
    assert app.query_params["run"] == str(finished.id)
    assert app.header[0].value.startswith(f"Run {finished.id}")
    app.selectbox(key="chosen_run_0").select(running.id).run()
    assert app.query_params["run"] == str(running.id)


def test_a_list_that_a_browser_has_not_taken_in_yet_chooses_nothing(
    opened: Open, finished: Run, database: Database
) -> None:
    app = opened("train")
    before = app._tree.get_widget_states()
    app.button[0].click().run()
    started = max(run.id for run in runs_of(database))
    assert started != finished.id
    app._run(before)
    assert app.query_params["run"] == str(started)
    assert app.header[0].value.startswith(f"Run {started}")


def test_start_takes_what_was_typed_just_before(opened: Open, database: Database) -> None:
    app = opened("train")
    app.number_input(key="fast_epochs").set_value(7)
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert run.spec.epochs == 7


def labels(app: AppTest) -> list[str]:
    """What the buttons of a page say."""
    return [button.label for button in app.button]


def chosen(database: Database, app: AppTest) -> RunSpec:
    """The spec that the page starts."""
    app.button[0].click().run()
    return runs_of(database)[0].spec


def test_a_running_run_can_be_paused_stepped_and_stopped(opened: Open, running: Run, database: Database) -> None:
    app = opened("train", run=str(running.id))
    app.button(key="hold").click().run()
    assert run_of(database, running.id).pause_at == 1
    assert app.progress[0].text == "Pausing"
    app.button(key="step").click().run()
    assert run_of(database, running.id).pause_at == 2
    assert app.progress[0].text == "Epoch 2 of 4, then it pauses"
    app.button(key="hold").click().run()
    assert run_of(database, running.id).pause_at is None


def test_a_paused_run_says_where_it_stands_and_goes_on(opened: Open, running: Run, database: Database) -> None:
    control.pause(database, running.id)
    RunRecorder(database, running).pause(attached=False)
    app = opened("train", run=str(running.id))
    assert "Paused in epoch 2 of 4" in app.progress[0].text
    app.button(key="hold").click().run()
    assert run_of(database, running.id).state is State.QUEUED


def test_an_ended_run_is_trained_further(opened: Open, running: Run, database: Database) -> None:
    RunRecorder(database, running).end(State.STOPPED, {}, None)
    app = opened("train", run=str(running.id))
    app.number_input(key=f"further_{running.id}").set_value(6)
    app.button(key="further").click().run()
    run = run_of(database, running.id)
    assert (run.state, run.spec.epochs, run.spec.continued) == (State.QUEUED, 7, (1,))


def test_a_waiting_run_shows_its_place_and_can_be_moved_and_cancelled(opened: Open, database: Database) -> None:
    first, second = (queue.submit(database, RunSpec.of("dense_128", "mnist", seed=seed)) for seed in (1, 2))
    app = opened("train", run=str(second.id))
    assert app.progress[0].text.startswith("Waiting behind 1 run, starts in about")
    app.button(key=f"move_{second.id}_-1").click().run()
    assert app.progress[0].text == "Starting"
    claimed = queue.claim(database, "here")
    assert claimed
    assert claimed.id == second.id
    app = opened("train", run=str(first.id))
    app.button(key="stop").click().run()
    assert run_of(database, first.id).state is State.STOPPED


def test_the_settings_of_a_run_can_be_copied_into_the_form(opened: Open, database: Database) -> None:
    spec = RunSpec.of("mlp_900", "mnist", epochs=9, schedule="cosine", rotation=12.5, train_size=123, patience=4)
    run = control.stop(database, queue.submit(database, spec).id)
    app = opened("train", run=str(run.id))
    app.button(key="copy").click().run()
    assert app.selectbox(key="method").value == "mlp_900"
    assert chosen(database, app) == spec


def test_the_whole_configuration_stands_in_the_link(opened: Open, database: Database) -> None:
    app = opened("train")
    app.number_input(key="fast_epochs").set_value(7)
    app.selectbox(key="fast_schedule").select("cosine")
    app.number_input(key="fast_shift").set_value(1.5).run()
    link = {name: str(value) for name, value in app.query_params.items()}
    assert link == {"method": "fast", "epochs": "7", "schedule": "cosine", "shift": "1.5"}
    assert chosen(database, opened("train", **link)) == RunSpec.of(
        "fast", "mnist", epochs=7, schedule="cosine", shift=1.5
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": "0"},
        {"method": "resnet"},
        {"method": "svm"} | {"epochs": "3"},
        {"learning_rate": "nan"},
        {"layers": "dense"},
    ],
)
def test_a_link_with_settings_that_are_not_allowed_says_so(opened: Open, wrong: dict[str, str]) -> None:
    app = opened("train", **{"method": "cnn"} | wrong)
    assert not app.exception
    assert "The link's settings were not taken." in app.warning[0].value


def test_own_layers_are_shown_with_their_shapes_and_trained(opened: Open, database: Database) -> None:
    app = opened("train", method="custom")
    app.text_area[0].set_value("conv 8 5\npool 4\nflatten").run()
    (table,) = (text.value for text in app.markdown if "Learns" in text.value)
    assert "24×24×8" in table
    spec = chosen(database, app)
    assert spec.layers == "conv 8 5, pool 4, flatten"


def test_layers_that_do_not_fit_are_named_and_cannot_be_started(opened: Open) -> None:
    app = opened("train", method="custom")
    app.text_area[0].set_value("conv 8 5\ndense 10").run()
    assert "Layer 2: dense 10 takes" in app.error[0].value
    assert "Start training" not in labels(app)


def test_what_a_run_will_cost_is_said_before_it_starts(opened: Open) -> None:
    (cost,) = (caption.value for caption in opened("train").caption if "for validation." in caption.value)
    assert "2 epochs on 450 images, 50 for validation. About " in cost
    assert cost.endswith(" GB of memory.")


def test_the_cost_is_that_on_this_machine_once_it_is_timed(opened: Open, settings: Settings) -> None:
    spec = RunSpec.of("champion", "mnist", epochs=1_000)
    app = opened("train", method="champion", epochs="1000")
    for pace in (None, 7.0):
        if pace:
            note_first_pace(settings, pace)
            app.run()
        (cost,) = (caption.value for caption in app.caption if "for validation." in caption.value)
        found = estimate_cost(spec, 450, pace, 2**60)
        assert found
        timed = "" if pace else " (not timed yet)"
        assert f". About {duration(found.seconds)}{timed} and {size(found.memory)} of memory." in cost


def test_a_run_that_needs_more_memory_than_there_is_cannot_be_started(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "read_memory", lambda: 512 * 2**20)
    app = opened("train")
    assert "of memory, and the machine has" in app.error[0].value
    assert "Start training" not in labels(app)


@pytest.mark.usefixtures("spared")
@pytest.mark.parametrize(("method", "ready"), [("cnn", True), ("nearest", False)])
def test_whoever_is_about_to_train_a_network_finds_a_process_ready(
    opened: Open, settings: Settings, monkeypatch: pytest.MonkeyPatch, method: str, ready: bool
) -> None:
    asked: list[Settings] = []
    monkeypatch.setattr(process, "read_free_memory", lambda: 2 * spare.ROOM)
    monkeypatch.setattr(supervisor, "ensure", asked.append)
    assert labels(opened("train", method=method))
    assert process.announced_run(settings).exists() is ready
    assert bool(asked) is ready


def test_where_no_process_is_to_be_kept_none_is_asked_for(
    opened: Open, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_SPARE", "0")
    assert labels(opened("train", method="cnn"))
    assert not process.announced_run(settings).exists()


def test_one_epoch_at_a_time_pauses_behind_the_first(opened: Open, database: Database) -> None:
    app = opened("train")
    next(button for button in app.button if button.label == "One epoch at a time").click().run()
    assert runs_of(database)[0].pause_at == 1


def test_the_coach_explains_a_broken_run_and_starts_a_better_one(
    opened: Open, running: Run, database: Database
) -> None:
    recorder = RunRecorder(database, running)
    recorder.batches(Batches(2, 0, (1.0, float("nan")), (0.3, 0.1), 1.0, 0.001))
    recorder.fail("The loss became NaN in epoch 2, batch 2: the steps were too large.")
    app = opened("train", run=str(running.id))
    assert any("NaN" in text.value and ":material/school:" in text.value for text in app.markdown)
    app.button(key="remedy_nan").click().run()
    assert runs_of(database)[0].spec.learning_rate == pytest.approx(0.0001)
    assert app.query_params["run"] == str(runs_of(database)[0].id)


def test_a_failed_run_shows_the_last_output_of_its_process(opened: Open, running: Run, database: Database) -> None:
    RunRecorder(database, running).fail("It broke.", "first\nlast words\n")
    assert opened("train", run=str(running.id)).code[0].value == "first\nlast words"


def test_disturbances_alone_are_shown_and_reach_the_run(opened: Open, database: Database) -> None:
    app = opened("train", method="cnn")
    assert not [button for button in app.button if button.key == "vary"]
    app.number_input(key="cnn_disturbance_1").set_value(0.5).run()
    assert not app.exception
    app.button(key="vary").click().run()
    assert not app.exception
    next(button for button in app.button if button.label == "Start training").click().run()
    (run,) = runs_of(database)
    assert (run.spec.disturbance, run.spec.rotation) == (0.5, 0.0)


WRITER = {"method": "cnn", "validation_by": "writer"}


@pytest.fixture
def hands(with_data: Settings, small: Digits) -> str:
    """The name of a data set whose writers are known, five digits each."""
    return named_sets.save(with_data, "hands", Dataset("hands", small, small, "the generator")).name


def test_validation_by_writer_is_said_with_how_many_and_reaches_the_run(
    opened: Open, database: Database, hands: str
) -> None:
    app = opened("train", data=hands)
    choice = app.selectbox(key="fast_validation_by")
    assert (choice.value, choice.disabled) == ("image", False)
    assert "Nothing says who wrote" not in choice.help
    choice.select("writer").run()
    assert any("450 images, 50 for validation, by 10 other writers. " in caption.value for caption in app.caption)
    assert chosen(database, app) == RunSpec.of("fast", hands, validation_by="writer")
    assert app.query_params["validation_by"] == "writer"


def test_where_no_writer_is_known_it_is_not_offered_and_said_why(opened: Open) -> None:
    choice = opened("train").selectbox(key="fast_validation_by_alone")
    assert (choice.value, choice.options, choice.disabled) == ("image", ["Image"], True)
    assert "Nothing says who wrote the images of this data set" in choice.help


def test_what_came_from_a_set_with_writers_is_refused_aloud_and_can_be_changed(
    opened: Open, database: Database, hands: str
) -> None:
    app = opened("train", data=hands)
    app.selectbox(key="fast_validation_by").select("writer").run()
    app.selectbox(key="data_list_0").select("mnist").run()
    assert not app.exception
    assert "nothing says who wrote the images of mnist; allowed is 'image' there." in app.error[0].value
    assert "Start training" not in labels(app)
    choice = app.selectbox(key="fast_validation_by")
    assert (choice.value, choice.disabled) == ("writer", False)
    choice.select("image").run()
    assert [error.value for error in app.error] == []
    assert app.selectbox(key="fast_validation_by_alone").disabled
    assert chosen(database, app).validation_by == "image"
    app.selectbox(key="data_list_0").select(hands).run()
    assert app.selectbox(key="fast_validation_by").value == "image"


def test_a_link_that_asks_for_unknown_writers_is_refused_aloud(opened: Open) -> None:
    app = opened("train", **WRITER)
    assert "validation_by is 'writer', but nothing says" in app.error[0].value
    assert "Start training" not in labels(app)
    app.selectbox(key="cnn_validation_by_1").select("image").run()
    app.switch_page("pages/runs.py").run()
    app.switch_page("pages/train.py").run()
    assert [error.value for error in app.error] == []
    assert app.selectbox(key="cnn_validation_by_1_alone").disabled
    assert "validation_by" not in app.query_params


def test_validation_without_room_for_any_writer_is_refused(opened: Open, hands: str) -> None:
    app = opened("train", data=hands, **WRITER, validation_split="0.008")
    assert "Validation has room for 4 images, but the writer with the fewest wrote 5" in app.error[0].value
    assert "Start training" not in labels(app)


@pytest.mark.parametrize(("share", "part"), [(0.1, "validation"), (0.0, "test")])
def test_an_ended_run_leads_to_what_it_confuses(opened: Open, database: Database, share: float, part: str) -> None:
    run = trained(database, RunSpec.of("dense_128", "mnist", validation_split=share), scores=(0.8 if share else None,))
    app = opened("models", model="cnn", images="train")
    app.switch_page("pages/train.py").run()
    app.button(key="confuses").click().run()
    assert not app.exception
    app.switch_page("pages/models.py").run()
    kept = {key: app.session_state[key] for key in ("model", "images", "model_view")}
    assert kept == {"model": str(run.id), "images": part, "model_view": "confusion"}


def test_a_run_at_work_leads_nowhere_yet(opened: Open, running: Run) -> None:
    app = opened("train", run=str(running.id))
    assert not [button for button in app.button if button.key == "confuses"]


def test_what_the_models_of_all_epochs_take_is_said_before_the_start(opened: Open, database: Database) -> None:
    app = opened("train", method="cnn", epochs="10", kept_models="every_epoch")
    assert any("The models of all epochs take about 4 MB" in text.value for text in app.caption)
    next(button for button in app.button if button.label == "Start training").click().run()
    assert runs_of(database)[0].spec.keeps_every_epoch


def test_several_seeds_are_trained_with_one_button(opened: Open, database: Database) -> None:
    trained(database, RunSpec.of("fast", "mnist", seed=1))
    app = opened("train")
    app.number_input(key="seeds").set_value(3).run()
    told = next(text.value for text in app.caption if "will be trained" in text.value)
    assert told.startswith("Seeds 0 and 2 will be trained. Taken as it stands: run 1 (seed 1, done). About ")
    app.button(key="several_seeds").click().run()
    queued = sorted(runs_of(database, State.QUEUED), key=lambda run: run.id)
    assert [run.spec for run in queued] == [RunSpec.of("fast", "mnist", seed=seed) for seed in (0, 2)]
    assert app.query_params["run"] == "2"
    assert app.button(key="several_seeds").disabled
    assert any(text.value.startswith("All are there already: run 2 (seed 0, queued)") for text in app.caption)


def test_the_same_seed_again_is_none_of_several(opened: Open, database: Database) -> None:
    """In a class most begin with the same settings and seed."""
    run = trained(database, RunSpec.of("dense_128", "mnist"))
    trained(database, run.spec)
    assert not any(text.value.startswith("One of") for text in opened("train", run=str(run.id)).markdown)


def test_a_run_that_is_one_of_several_seeds_says_so(opened: Open, database: Database) -> None:
    for seed, right in enumerate((940, 950)):
        trained(database, RunSpec.of("dense_128", "mnist", seed=seed), right)
    begun(database, RunSpec.of("dense_128", "mnist", seed=2))
    told = "One of 3 seeds, 2 of them tested: mean **94.50 %**, 95 % interval 88.15 % to 100.00 %."
    for run in (1, 3):
        assert told in [text.value for text in opened("train", run=str(run)).markdown]


def test_a_run_alone_says_nothing_of_seeds(opened: Open, database: Database) -> None:
    trained(database, RunSpec.of("dense_128", "mnist"))
    trained(database, RunSpec.of("dense_128", "mnist", epochs=9, seed=1))
    assert not any(text.value.startswith("One of") for text in opened("train").markdown)
