"""A new sweep: what is trained, what is varied and how, and what all of it may take."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.space import list_varied
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.pace import describe_duration
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.cost import estimate_sweep
from mnist_dash.sweeps.records import TRIALS, USUAL_TRIALS, Pruner, Sampler
from mnist_dash.ui.shell import link, machine, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sweeps import dimension
from mnist_dash.users import refuse_training

_EPOCHS = 3
"""What is bad is seen early; a sweep would take a day with as many as a single run."""
_IMAGES = 5_000
_FIRST = ("learning_rate", "dropout", "batch_size")
"""What is varied where nobody has chosen yet, as far as the method has it."""
_SAMPLERS = {Sampler.TPE: "TPE, learns from trials", Sampler.RANDOM: "Random"}
_SAMPLER = (
    "Who chooses what is tried next. TPE (a tree-structured Parzen estimator) draws ten trials at random and then "
    "looks where good ones lie; random search never learns, and is what others are measured by."
)
_PRUNERS = {Pruner.MEDIAN: "Worse than half", Pruner.QUARTER: "Worse than the best quarter", Pruner.NONE: "None"}
_PRUNER = (
    "Which trials are given up before their last epoch: those whose best validation accuracy so far lies below the "
    "median (or the best quarter) of the finished trials after that epoch. The first five are never given up."
)
_VARIED = "Which settings are tried in a range. All others are the method's own."
_HELP_EPOCHS = "Of each trial. A trial is compared by what it reads after its last epoch."
_HELP_IMAGES = "How many images each trial learns from; its validation images are among them. Few are quick."
_BUTTON = "Each trial is a run like any other. The sweep goes on when you leave; nothing of it reads test images."


def show_form(data: Dataset) -> None:
    """Ask for a sweep on that data set, say what it may take, and start it."""
    names = [name for name, method in METHODS.items() if method.learns]
    method = METHODS[
        st.selectbox(
            "Method",
            names,
            format_func=lambda name: METHODS[name].title,
            key=Key.SWEEP_METHOD,
            persist_state="session",
            help="What is trained in each trial.",
        )
    ]
    try:
        base = _ask_base(method, data)
        plan = _ask_plan(method, base, base.split(len(data.train))[0])
        learnt = len(draw_run_split(base, data.train).train)
        memory, slots = resources.machine_memory(), resources.settings().slots
        pace = machine.find_pace()
        seconds = estimate_sweep(plan, learnt, pace, memory, slots)
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    st.caption(f"{plan.trials} trials on {learnt:,} images, at most {describe_duration(max(1.0, seconds), pace)}.")
    refused = refuse_training(resources.database().user)
    words = escape_markdown(refused or _BUTTON)
    if st.button(
        "Start sweep",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        help=words,
        disabled=bool(refused),
    ):
        link.SWEEP.keep(start_sweep(resources.settings(), resources.database(), plan).id)
        st.rerun()


def _ask_base(method: Method, data: Dataset) -> RunSpec:
    """What all trials share."""
    images = len(data.train)
    sizes = [*(size for size in (500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000) if size < images), images]
    left, right = st.columns(2, gap="small")
    changes: dict[str, int | None] = {}
    with left:
        chosen = st.selectbox(
            "Images",
            sizes,
            sizes.index(_IMAGES) if _IMAGES in sizes else len(sizes) - 1,
            format_func="{:,}".format,
            # Of that data set: another one has other sizes.
            key=f"sweep_images_{data.name}",
            persist_state="session",
            help=_HELP_IMAGES,
        )
        changes["train_size"] = None if chosen == images else chosen
    if method.layers:
        with right:
            changes["epochs"] = st.number_input(
                "Epochs", 1, 1_000, _EPOCHS, key=Key.SWEEP_EPOCHS, persist_state="session", help=_HELP_EPOCHS
            )
    return RunSpec.of(method.name, data.name, **changes)


def _ask_plan(method: Method, base: RunSpec, images: int) -> SweepPlan:
    names = list_varied(method)
    first = [name for name in _FIRST if name in names] or names[:2]
    varied: Sequence[str] = st.multiselect(
        "Vary",
        names,
        first,
        format_func=lambda name: method.hyperparameters[name].label,
        key=f"sweep_varied_{method.name}",
        persist_state="session",
        placeholder="Choose settings",
        help=_VARIED,
    )
    space = tuple(dimension.ask(method, name, images) for name in varied)
    with st.expander("How it searches", icon=":material/tune:"):
        sampler = st.selectbox(
            "Sampler",
            list(Sampler),
            format_func=_SAMPLERS.__getitem__,
            key=Key.SWEEP_SAMPLER,
            persist_state="session",
            help=_SAMPLER,
        )
        pruner = st.selectbox(
            "Give up what is",
            list(Pruner),
            format_func=_PRUNERS.__getitem__,
            key=Key.SWEEP_PRUNER,
            persist_state="session",
            help=_PRUNER,
            disabled=not method.layers,
        )
    low, high = int(TRIALS.low), int(TRIALS.high)
    trials = st.number_input(
        TRIALS.label, low, high, USUAL_TRIALS, key=Key.SWEEP_TRIALS, persist_state="session", help=TRIALS.help
    )
    return SweepPlan(base, space, int(trials), sampler or Sampler.TPE, pruner or Pruner.MEDIAN)
