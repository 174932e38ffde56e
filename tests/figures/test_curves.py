import numpy as np

from mnist_dash.figures.curves import Curves, extend_curves, start_curves
from mnist_dash.runs.records import Batches, Epoch

STEPS, SIZE = 4, 32


def record(epoch: int, step: int, values: tuple[float, ...], seconds: float, rate: float | None = None) -> Batches:
    return Batches(epoch, step, values, tuple(1 - value for value in values), seconds, rate)


FIRST = record(1, 0, (0.8, 0.7), 1.0, 0.1)
SECOND = record(1, 2, (0.6, 0.5), 1.5, 0.05)
THIRD = record(2, 0, (0.4, 0.3, 0.2), 3.5)


def curves(*batches: Batches) -> Curves:
    return extend_curves(start_curves(STEPS, SIZE), batches, [])


def test_batches_are_numbered_through_the_run() -> None:
    shown = curves(FIRST, SECOND, THIRD)
    assert list(shown.step) == [1, 2, 3, 4, 5, 6, 7]
    np.testing.assert_allclose(shown.batch_loss, [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
    np.testing.assert_allclose(shown.batch_accuracy, 1 - shown.batch_loss, atol=1e-6)


def test_a_step_is_known_by_its_epoch_and_its_place_in_it() -> None:
    assert curves().places_of(np.array([1, 4, 5])).tolist() == [[1, 1, 1], [1, 4, 4], [2, 1, 5]]


def test_a_run_is_as_far_as_its_last_batch_or_its_last_epoch() -> None:
    assert start_curves(STEPS, SIZE).latest == 0
    assert curves(FIRST, SECOND, THIRD).latest == 1.75
    assert extend_curves(curves(FIRST), [], [Epoch(1, 0.5, 0.9, None, None, 3.0)]).latest == 1


def test_the_learning_rate_stands_where_its_record_ends() -> None:
    shown = curves(FIRST, SECOND)
    assert list(shown.chunk) == [2, 4]
    assert list(shown.rate) == [0.1, 0.05]


def test_a_record_without_a_learning_rate_has_no_number_for_it() -> None:
    assert np.isnan(curves(THIRD).rate).all()


def test_throughput_counts_the_images_between_two_records() -> None:
    np.testing.assert_allclose(curves(FIRST, SECOND, THIRD).throughput, [np.nan, 2 * SIZE / 0.5, 3 * SIZE / 2])


def test_the_first_record_of_an_attempt_has_no_throughput() -> None:
    anew = [record(2, 0, (0.4, 0.3), 0.9), record(2, 2, (0.2, 0.1), 1.4)]
    shown = curves(FIRST, SECOND, *anew)
    np.testing.assert_allclose(shown.throughput, [np.nan, 128, np.nan, 128])


def test_two_records_at_one_moment_have_no_throughput() -> None:
    assert np.isnan(curves(FIRST, record(1, 2, (0.6, 0.5), FIRST.seconds)).throughput).all()


def test_what_grows_piece_by_piece_equals_what_is_read_at_once() -> None:
    grown = start_curves(STEPS, SIZE)
    for piece in ([FIRST], [], [SECOND, THIRD]):
        grown = extend_curves(grown, piece, [])
    whole = curves(FIRST, SECOND, THIRD)
    for name in ("step", "batch_loss", "batch_accuracy", "chunk", "seconds", "rate", "throughput"):
        np.testing.assert_array_equal(getattr(grown, name), getattr(whole, name))


def test_growing_reads_no_record_again() -> None:
    grown = extend_curves(curves(FIRST), [SECOND], [])
    assert list(grown.step) == [1, 2, 3, 4]
    assert extend_curves(grown, [], []).batch_loss is grown.batch_loss


def test_an_epoch_that_is_trained_anew_takes_the_place_of_the_interrupted_one() -> None:
    anew = record(2, 0, (0.9, 0.9), 60.0)
    shown = extend_curves(curves(FIRST, SECOND, THIRD), [anew], [])
    assert list(shown.step) == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(shown.batch_loss[-2:], 0.9)
    # The clock of the attempt that was interrupted does not measure this one.
    assert np.isnan(shown.throughput[-1])


def test_epochs_are_taken_as_they_are_now() -> None:
    shown = extend_curves(curves(FIRST), [], [Epoch(1, 0.5, 0.9, 0.6, 0.8, 3.0)])
    assert (list(shown.loss), list(shown.accuracy)) == ([0.5], [0.9])
    assert (list(shown.val_loss), list(shown.val_accuracy)) == ([0.6], [0.8])


def test_epochs_without_held_out_images_have_no_number_for_them() -> None:
    shown = extend_curves(start_curves(STEPS, SIZE), [], [Epoch(1, 0.5, 0.9, None, None, 3.0)])
    assert np.isnan(shown.val_loss).all()
    assert np.isnan(shown.val_accuracy).all()
