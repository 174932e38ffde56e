"""Whether a step was done: answers, runs in every state, drawings; and what is said where it was not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mnist_dash.lessons.checks import (
    Standing,
    Verdict,
    check_choice,
    check_drawing,
    check_experiment,
    check_number,
    check_remedy,
)
from mnist_dash.lessons.lesson import Choice, Experiment, Fact, NumberQuestion, Question, Remedy, Wanted
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, RunScore, State

QUESTION = Question("Which?", (Choice("This", "Too small."), Choice("That", "Just so.", right=True)))
NUMBER = NumberQuestion("How many?", Fact.FEATURES, "{wanted:g} it is.", "Count again.", tolerance=0.5)
EXPERIMENT = Experiment("dense_128", {"epochs": 3})
DIVERGING = Experiment("dense_128", {"epochs": 3, "learning_rate": 1.0}, against="first", may_diverge=True)
REMEDY = Remedy("first", ("dropout", "patience"), {"Dropout": {"dropout": 0.5}})


def run(number: int, spec: RunSpec, state: State = State.DONE, reason: str | None = None) -> Run:
    """A run of that spec, with 91 % right where it is done."""
    score = RunScore(0.91, 0.9, 0.92, 1_000) if state is State.DONE else None
    return Run(
        id=number,
        name="a run",
        spec=spec,
        state=state,
        created=0.0,
        started=None,
        ended=None,
        host=None,
        attempt=1,
        epoch=1,
        best=None,
        phase="",
        reason=reason,
        stop_requested=False,
        pause_at=None,
        position=0.0,
        train_images=None,
        steps=None,
        seconds=1.0,
        score=score,
        tags=(),
    )


def same(number: int, state: State = State.DONE, **changes: int | str) -> Run:
    return run(number, RunSpec.of("dense_128", "mnist", epochs=3, **changes), state)


def stands(verdict: Verdict, standing: Standing, *words: str) -> None:
    assert verdict.standing is standing
    assert [word for word in words if word not in verdict.words] == []


def test_a_choice_is_explained_whether_right_or_wrong_and_nonsense_is_none() -> None:
    stands(check_choice(QUESTION, 0), Standing.WRONG, "Too small.")
    stands(check_choice(QUESTION, 1), Standing.DONE, "Just so.")
    for given in (None, 2, -1):
        assert check_choice(QUESTION, given) == Verdict(Standing.OPEN)


def test_a_number_is_compared_with_the_one_that_is_known() -> None:
    stands(check_number(NUMBER, 784.5, 784), Standing.DONE, "784 it is.")
    stands(check_number(NUMBER, 28, 784), Standing.WRONG, "It is not 28.", "Count again.")
    assert check_number(NUMBER, None, 784) == Verdict(Standing.OPEN)
    stands(check_number(NUMBER, 28, None), Standing.OPEN, "do the step before")


def test_any_run_of_the_settings_that_has_ended_counts_with_whatever_seed_and_data() -> None:
    verdict = check_experiment(EXPERIMENT, [same(4, State.RUNNING), same(3, seed=7), same(2)])
    stands(verdict, Standing.DONE, "Run 3", "91.00 % of the test images")
    other = run(5, RunSpec.of("dense_128", "own", epochs=3))
    assert check_experiment(EXPERIMENT, [other]).done
    assert check_experiment(EXPERIMENT, [same(3), same(2)], kept=2).run == same(2)


def test_a_run_of_other_settings_does_not_count() -> None:
    others = [RunSpec.of("dense_128", "mnist", epochs=4), RunSpec.of("mlp_900", "mnist", epochs=3)]
    runs = [run(number, spec) for number, spec in enumerate(others, 1)]
    continued = run(3, replace(RunSpec.of("dense_128", "mnist", epochs=3), continued=(2,)))
    assert check_experiment(EXPERIMENT, [*runs, continued]) == Verdict(Standing.OPEN)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.PAUSED])
def test_a_run_at_work_is_waited_for(state: State) -> None:
    stands(check_experiment(EXPERIMENT, [same(2, state)]), Standing.WAITING, f"Run 2 is {state}", "1 of 3 epochs")


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED])
def test_a_run_that_did_not_get_to_its_end_says_so(state: State) -> None:
    stands(check_experiment(EXPERIMENT, [same(2, state)]), Standing.WRONG, f"Run 2 was {state}", "once more")


def test_a_run_that_had_done_it_and_was_deleted_is_missed_until_another_has_done_it() -> None:
    stands(check_experiment(EXPERIMENT, [], kept=7), Standing.GONE, "Run 7", "was deleted", "once more")
    stands(check_experiment(EXPERIMENT, [same(8)], kept=7), Standing.DONE, "Run 8")
    stands(check_remedy(REMEDY, [same(1)], [same(1)], lambda _run: [0.5], kept=7), Standing.GONE, "Run 7")


def test_two_runs_whose_only_difference_is_the_one_asked_for() -> None:
    first = same(1, seed=3)
    second = RunSpec.of("dense_128", "mnist", epochs=3, learning_rate=1.0)
    stands(check_experiment(DIVERGING, [run(2, second)], partners=[first]), Standing.WRONG, "Run 2", "another seed")
    fitting = run(3, replace(second, seed=3))
    assert check_experiment(DIVERGING, [fitting], partners=[first]).done
    assert check_experiment(DIVERGING, [run(4, replace(second, seed=3, data="own"))], partners=[first]).run is not None
    assert check_experiment(DIVERGING, [fitting], partners=[]) == Verdict(Standing.OPEN)


def test_a_loss_that_is_no_number_counts_where_that_is_the_lesson() -> None:
    spec = RunSpec.of("dense_128", "mnist", epochs=3, learning_rate=1.0)
    broken = run(2, spec, State.FAILED, "The loss became NaN in epoch 1, batch 3: the steps were too large.")
    stands(check_experiment(DIVERGING, [broken], partners=[same(1)]), Standing.DONE, "no number any more")
    dead = run(2, spec, State.FAILED, "Its process ended three times.")
    assert not check_experiment(DIVERGING, [dead], partners=[same(1)]).done


def ends_at(**losses: float) -> dict[int, Sequence[float]]:
    return {int(name[1:]): (0.3, loss) for name, loss in losses.items()}


def test_a_remedy_is_a_run_that_ends_better_by_one_of_the_changes_alone() -> None:
    base, mended = same(1), run(2, RunSpec.of("dense_128", "mnist", epochs=3, dropout=0.5))
    stands(
        check_remedy(REMEDY, [mended, base], [base], lambda of: ends_at(_1=0.6, _2=0.4)[of.id]),
        Standing.DONE,
        *("run 2 ends at 0.400", "run 1 at 0.600"),
    )
    worse = check_remedy(REMEDY, [mended, base], [base], lambda of: ends_at(_1=0.6, _2=0.7)[of.id])
    stands(worse, Standing.WRONG, "ends at 0.700", "try another")
    other = run(3, RunSpec.of("dense_128", "mnist", epochs=3, dropout=0.5, batch_size=32))
    assert check_remedy(REMEDY, [other, base], [base], lambda _run: [0.1]) == Verdict(Standing.OPEN)
    stands(check_remedy(REMEDY, [mended], [], lambda _run: [0.1]), Standing.OPEN, "experiment above first")
    active = replace(mended, state=State.RUNNING)
    stands(check_remedy(REMEDY, [active, base], [base], lambda _run: [0.1]), Standing.WAITING, "Run 2")


def test_a_drawing_is_done_where_it_is_what_was_asked_for() -> None:
    stands(check_drawing(Wanted.DIGIT, []), Standing.OPEN, "no drawing")
    assert check_drawing(Wanted.DIGIT, [4, 9]).done
    assert check_drawing(Wanted.ONE_READ_AS_SEVEN, [7, 1]).done
    stands(check_drawing(Wanted.ONE_READ_AS_SEVEN, [1, 1]), Standing.WRONG, "They read 1,", "longer and flatter")
