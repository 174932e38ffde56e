"""The figures of the lessons, of real data: the data set, the models, the drawing and the runs of this person."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Float32s, Image
from mnist_dash.data.dataset import FEATURES, Dataset
from mnist_dash.data.present_digits import find_digits
from mnist_dash.figures import channels, digits, intervals, likelihood, overlay, training
from mnist_dash.figures.curves import extend_curves, start_curves
from mnist_dash.figures.intervals import Interval
from mnist_dash.figures.overlay import Metric, Track
from mnist_dash.lessons import upstroke
from mnist_dash.lessons.lesson import Figure, Lesson
from mnist_dash.lessons.luck import GUESSERS, try_luck
from mnist_dash.models.bundled import list_bundled, read_bundled_file
from mnist_dash.models.layers import run_layers
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.lessons.evidence import Evidence, Verdicts, find_own_run
from mnist_dash.ui.lessons.pictures import find_typical
from mnist_dash.ui.shell import cached_analysis, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty, percent

_MODEL = "cnn"
_MOVED = 4
"""Pixels by which a digit is moved: MNIST leaves as many free at its sides."""
_ONE, _FIRST = 1, 0


def show(figure: Figure, lesson: Lesson, evidence: Evidence, verdicts: Verdicts) -> None:
    """Show the figure of a step."""
    _SHOW[figure](lesson, evidence, verdicts)


def _show_two_runs(_lesson: Lesson, _evidence: Evidence, verdicts: Verdicts) -> None:
    """The runs that have done the experiments of this lesson, by their validation accuracies."""
    runs = [verdict.run for verdict in verdicts.values() if verdict.run and verdict.done]
    tracks = [Track(f"run {run.id}", resources.epochs_of(run.id, run.epoch)) for run in runs]
    if len(tracks) < 2:
        st.caption("Your two runs are compared here when both have ended.")
        return
    figure = plot_shared(overlay.plot_overlay, tracks, Metric.VALIDATION_ACCURACY, colours())
    chart(figure, "lesson_two_runs", overlay.HEIGHT, "Validation accuracy of both runs by epoch")
    for run in runs:
        last = resources.epochs_of(run.id, run.epoch)[-1:]
        read = f"{percent(last[0].validation_accuracy)} of the validation images right" if last else "no epoch finished"
        st.caption(f"Run {run.id}, {run.spec.layers}: {read}.")


def _show_losses(lesson: Lesson, evidence: Evidence, _verdicts: Verdicts) -> None:
    run = find_own_run(lesson, evidence)
    if run is None:
        st.caption("The two losses of your run stand here when it has ended.")
        return
    epochs = resources.epochs_of(run.id, run.epoch)
    curves = extend_curves(start_curves(run.steps or 1, run.spec.batch_size), [], epochs)
    figure = plot_shared(training.plot_loss, curves, run.spec.epochs, colours(), logarithmic=False)
    chart(figure, "lesson_losses", training.HEIGHT, f"Training and validation loss of run {run.id} by epoch")


def _show_shifted_channel(_lesson: Lesson, evidence: Evidence, verdicts: Verdicts) -> None:
    """What one filter answers to a digit, and to the same digit farther right; once somebody has decided."""
    if not verdicts["moved"].words:
        st.caption("Decide first: then two answers of a filter stand here.")
        return
    image = evidence.drawn if evidence.drawn is not None else find_typical(evidence.data, 4)
    moved = np.roll(image, _MOVED, axis=1)
    moved[:, :_MOVED] = 0
    before, after = (_answer_first_layer(each) for each in (image, moved))
    channel = int(before.max(axis=(0, 1)).argmax())
    answers = channels.draw_channels(np.stack([before[:, :, channel], after[:, :, channel]], axis=2))
    row = np.stack([image, answers[0], moved, answers[1]])
    name = f"A digit and the answer of filter {channel}, before and after it was moved"
    show_picture(draw_shared(digits.draw_sheet, row, colours(), 4, 8, 12), name, digits.sheet_width(4, 8, 12) // 2)
    st.caption(
        f"From left to right: your digit, what filter {channel} of {_MODEL} answers, your digit moved, and what it "
        "answers then. The more ink, the stronger. Of all 32 filters this one answers your digit most strongly."
    )


def _answer_first_layer(image: Image) -> Float32s:
    """(26, 26, 32): what the first layer makes of an image."""
    return run_layers(read_bundled_file(_MODEL), image)[0].values


def _show_upstroke(_lesson: Lesson, _evidence: Evidence, _verdicts: Verdicts) -> None:
    length = st.slider(
        "Length of the upstroke (%)", 0, 100, _FIRST, upstroke.LENGTHS[1], key=Key.UPSTROKE, bind="query-params"
    )
    image = upstroke.draw_one(length)
    told = "  \n".join(_tell_answer(model, image) for model in list_bundled())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        show_picture(draw_shared(digits.draw_digit, image, colours(), 8), f"A 1 with an upstroke of {length} %", 112)
        st.markdown(told, width="content")
    titles = "Length of the upstroke in %", "Probability of 7 in %"
    figure = plot_shared(likelihood.plot_likelihood, upstroke.LENGTHS, _ask_for_seven(), length, titles, colours())
    chart(figure, "lesson_upstroke", likelihood.HEIGHT, "How likely a 7 each network finds it, by length")


def _tell_answer(name: str, image: Image) -> str:
    shares = resources.bundled_model(name).probabilities(image[np.newaxis])[0]
    return f"{name} reads **{shares.argmax()}**. Sure: {certainty(float(shares.max()))}."


@resources.cache_once(entries=1)
def _ask_for_seven() -> dict[str, Float32s]:
    return {name: upstroke.ask_for_seven(resources.bundled_model(name)) for name in list_bundled()}


def _show_mean_one(_lesson: Lesson, evidence: Evidence, _verdicts: Verdicts) -> None:
    mean = np.rint(cached_analysis.class_means_of(evidence.data).mean[_ONE]).astype(np.uint8)
    count = int((evidence.data.train.labels == _ONE).sum())
    show_picture(
        draw_shared(digits.draw_digit, mean, colours(), 12),
        "The mean of all training 1s",
        digits.sheet_width(1, 12) // 2,
    )
    st.caption(f"The mean of {count:,} training images with the label 1.")


def _show_luck(_lesson: Lesson, evidence: Evidence, _verdicts: Verdicts) -> None:
    luck = try_luck(evidence.data.test.labels)
    if luck is None:
        st.caption("This data set has too few test images to try it.")
        return
    rows = [
        Interval(name, share, *wilson_interval(round(share * count), count), f"{count:,} digits")
        for name, share, count in (
            ("the 50 that chose it", luck.chosen, luck.few),
            ("all the others", luck.elsewhere, luck.rest),
        )
    ]
    figure = plot_shared(intervals.plot_intervals, rows, colours(), "The best guesser reads right, in %", rivals=False)
    chart(figure, "lesson_luck", intervals.height(len(rows)), "What the best guesser reads right, here and elsewhere")
    least, most = percent(float(luck.shares.min()), 0), percent(luck.chosen, 0)
    st.caption(f"The {GUESSERS} guessers read from {least} to {most} of the first {luck.few} right.")


def _show_wrong_summary(_lesson: Lesson, _evidence: Evidence, _verdicts: Verdicts) -> None:
    st.markdown("| The notebook's summary | |\n| :--- | ---: |\n| Features | 28 |\n| Classes | 2 |")


def _show_right_summary(_lesson: Lesson, evidence: Evidence, verdicts: Verdicts) -> None:
    """The summary with what has been found out so far."""
    data = evidence.data
    found = {"Features": ("features", FEATURES), "Classes": ("classes", _count_classes(data))}
    rows = [f"| {name} | {value if verdicts[step].done else '?'} |" for name, (step, value) in found.items()]
    st.markdown("\n".join(["| Your summary | |", "| :--- | ---: |", *rows]))
    shape = np.shape(data.train.images)
    st.caption(f"The training images here have the shape {shape}.")


def _count_classes(data: Dataset) -> int:
    return len(find_digits(data.train.labels, data.test.labels))


_SHOW: dict[Figure, Callable[[Lesson, Evidence, Verdicts], None]] = {
    Figure.TWO_RUNS: _show_two_runs,
    Figure.LOSSES: _show_losses,
    Figure.SHIFTED_CHANNEL: _show_shifted_channel,
    Figure.UPSTROKE: _show_upstroke,
    Figure.MEAN_ONE: _show_mean_one,
    Figure.LUCK: _show_luck,
    Figure.WRONG_SUMMARY: _show_wrong_summary,
    Figure.RIGHT_SUMMARY: _show_right_summary,
}
