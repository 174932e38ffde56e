"""What TensorFlow is told of graphics cards before it looks for them."""

import os
import subprocess
import sys

import pytest

GROWTH = "TF_FORCE_GPU_ALLOW_GROWTH"
LOOK = f"import os, sys, mnist_dash.training; print(os.environ['{GROWTH}'], 'tensorflow' in sys.modules)"


@pytest.mark.parametrize(("said", "heeded"), [(None, "true"), ("false", "false")])
def test_a_process_takes_of_a_card_what_it_needs_unless_its_host_says_otherwise(said: str | None, heeded: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != GROWTH}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=environ | ({GROWTH: said} if said else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [heeded, "False"]
