"""A run says whom it learns from, and how much it trusts."""

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.script import write_script
from mnist_dash.methods.space import find_varied
from mnist_dash.methods.spec import RunSpec


def test_the_spec_of_a_run_names_its_teacher_and_that_of_every_other_run_names_none() -> None:
    spec = RunSpec.of("distilled", "mine", teacher="three of them", trust=0.9)
    assert Distillation.of(spec.own) == Distillation("three of them", 0.9)
    assert RunSpec.from_json(spec.to_json()) == spec
    assert Distillation.of(RunSpec.of("champion", "mine").own) is None
    assert Distillation.of(RunSpec.of("fine_tuned", "mine").own) is None


def test_who_is_distilled_into_is_the_champion() -> None:
    assert METHODS["distilled"].layers == METHODS["champion"].layers


@pytest.mark.parametrize(("name", "value"), [("teacher", ""), ("teacher", 7), ("trust", 1.1), ("trust", "much")])
def test_what_is_not_allowed_is_refused_with_what_is(name: str, value: str | float) -> None:
    with pytest.raises(SpecError, match=rf"^{name} is .*; allowed is "):
        RunSpec.of("distilled", "mine", **{name: value})


def test_nobody_doubts_labels_by_what_a_teacher_says_who_has_learnt_them() -> None:
    with pytest.raises(SpecError, match="has learnt from elsewhere"):
        audit_spec("mine", "distilled")


def test_a_sweep_varies_how_much_is_trusted_and_not_who_is() -> None:
    assert find_varied(METHODS["distilled"], "trust").name == "trust"
    with pytest.raises(SpecError, match=r"^teacher is the same in all trials"):
        find_varied(METHODS["distilled"], "teacher")


def test_the_script_says_what_it_leaves_out() -> None:
    script = write_script(RunSpec.of("distilled", "mnist", teacher="three"))
    assert "# The run learnt what the model 'three' answers too; this script learns from labels alone." in script
    assert "answers too" not in write_script(RunSpec.of("champion", "mnist"))
