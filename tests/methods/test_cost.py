"""What a training costs is told from its layers, near to what was measured."""

from collections.abc import Callable

import pytest

from mnist_dash.methods import cost
from mnist_dash.methods.architecture import parse_network
from mnist_dash.methods.layers import Conv, Dense, Flatten, Layer
from mnist_dash.methods.parameters import Optimizer

CNN = parse_network("conv 32 3, pool 2, conv 64 3, pool 2, conv 64 3, flatten, dense 64")
DENSE = parse_network("flatten, dense 128, dense 128")
WIDE = parse_network("flatten, dense 900, dense 900")
HUGE = parse_network("flatten, dense 4096, dense 4096")
BIG = parse_network(
    "conv 64 3 same, conv 64 3 same, pool 2, conv 128 3 same, conv 128 3 same, pool 2, flatten, dense 256"
)
NORM = parse_network("conv 32 3 same, norm, pool 2, conv 64 3 same, norm, pool 2, conv 128 3 same, norm, global")
MIB = 2**20


def test_an_epoch_goes_once_forward_and_twice_as_much_back() -> None:
    forward = 24 * 24 * 2 * 25 + 24 * 24 * 2 * 10
    assert cost.count_operations((Conv(2, 5), Flatten(), Dense(10)), 1_000) == 3 * forward * 1_000


@pytest.mark.parametrize(
    ("layers", "batch_size", "optimizer", "milliseconds"),
    [
        (CNN, 16, "adam", 1.94),
        (CNN, 64, "adam", 5.66),
        (CNN, 512, "adam", 42.3),
        (DENSE, 8, "adam", 0.51),
        (DENSE, 32, "sgd", 0.21),
        (DENSE, 64, "adam", 0.57),
        (WIDE, 64, "adam", 3.46),
        (WIDE, 64, "sgd", 2.10),
        (WIDE, 2_048, "adam", 46.7),
        (HUGE, 64, "adam", 91.7),
        (HUGE, 64, "sgd", 43.8),
        (BIG, 64, "adam", 76.0),
        (BIG, 256, "adam", 311.9),
        (NORM, 64, "adam", 16.1),
    ],
)
def test_the_time_of_a_batch_is_near_to_what_was_measured(
    layers: tuple[Layer, ...], batch_size: int, optimizer: str, milliseconds: float
) -> None:
    estimated = 1_000 * cost.estimate_seconds(layers, batch_size, 1, batch_size, optimizer)
    assert milliseconds / 1.7 < estimated < milliseconds * 1.7


def test_a_norm_looks_twice_at_what_comes_out_of_it() -> None:
    without, normed, twice = (
        cost.estimate_seconds(parse_network(f"conv 32 3, {between}global"), 6_400, 1, 64)
        for between in ("", "norm, ", "dropout 0.1, dropout 0.1, ")
    )
    assert normed - without == pytest.approx(twice - without, rel=0.02)


@pytest.mark.parametrize(
    ("layers", "batch_size", "optimizer", "mebibytes"),
    [
        (CNN, 64, "adam", 1_061),
        (DENSE, 64, "adam", 1_091),
        (WIDE, 64, "adam", 1_012),
        (CNN, 4_096, "adam", 2_494),
        (HUGE, 64, "adam", 2_224),
        (HUGE, 64, "sgd", 1_822),
        (BIG, 256, "adam", 1_475),
    ],
)
def test_the_memory_of_a_run_is_near_to_what_was_measured(
    layers: tuple[Layer, ...], batch_size: int, optimizer: str, mebibytes: int
) -> None:
    assert mebibytes * MIB / 1.2 < cost.estimate_memory(layers, batch_size, optimizer) < mebibytes * MIB * 1.2


def test_time_grows_with_images_and_epochs_and_a_last_small_batch_counts_as_one() -> None:
    once = cost.estimate_seconds(CNN, 6_400, 1, 64)
    assert cost.estimate_seconds(CNN, 6_400, 7, 64) == pytest.approx(7 * once)
    assert cost.estimate_seconds(CNN, 12_800, 1, 64) == pytest.approx(2 * once)
    one_more = cost.estimate_seconds(WIDE, 6_401, 1, 64) - cost.estimate_seconds(WIDE, 6_400, 1, 64)
    assert one_more > 0.5 * cost.estimate_seconds(WIDE, 64, 1, 64)


def test_a_larger_batch_saves_time_and_takes_memory() -> None:
    assert cost.estimate_seconds(WIDE, 60_000, 1, 512) < cost.estimate_seconds(WIDE, 60_000, 1, 32)
    assert cost.estimate_memory(CNN, 512, "adam") > cost.estimate_memory(CNN, 256, "adam")


@pytest.mark.parametrize(
    "measure", [cost.estimate_memory, lambda layers, batch, name: cost.estimate_seconds(layers, batch, 1, batch, name)]
)
def test_an_optimizer_costs_by_the_numbers_that_it_keeps(measure: Callable[..., float]) -> None:
    costs = {str(name): measure(HUGE, 64, name) for name in Optimizer}
    assert costs["sgd"] < costs["momentum"] == costs["nesterov"] == costs["rmsprop"] < costs["adam"] == costs["adamw"]
