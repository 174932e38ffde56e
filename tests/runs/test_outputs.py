"""What a process said last is kept with its run, as much as a person reads, and goes with it."""

from pathlib import Path

from mnist_dash.runs import queue
from mnist_dash.runs.outputs import LINES, LONGEST, cut_output, keep_output, output_of, read_output
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run
from mnist_dash.store.database import Database


def test_the_last_lines_of_a_long_file_are_read_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("".join(f"line {number}\n" for number in range(100_000)) + "the last, and no fi\xadnal end ü")
    said = read_output(path).splitlines()
    assert (len(said), said[0]) == (LINES, f"line {100_000 - LINES + 1}")
    assert said[-1].startswith("the last")
    path.write_bytes(b"\xff\xfe" * LONGEST)
    assert len(read_output(path)) == LONGEST
    assert read_output(tmp_path / "of another machine") == ""


def test_nothing_but_spaces_is_nothing() -> None:
    assert cut_output(" \n\n") == ""


def test_what_was_said_at_an_earlier_end_is_replaced(database: Database, run: Run) -> None:
    queue.mark_dead(database, run.id, run.attempt, "Dead.", "first \0 words")
    assert output_of(database, run.id) == "first \ufffd words"
    again = queue.claim(database, "here")
    assert again is not None
    RunRecorder(database, again).fail("There is no such data set.")
    assert output_of(database, run.id) == ""


def test_an_attempt_that_is_out_of_date_keeps_nothing(database: Database, run: Run) -> None:
    queue.mark_dead(database, run.id, run.attempt + 1, "Dead.", "words of another")
    assert output_of(database, run.id) == ""


def test_it_goes_with_its_run(database: Database, run: Run) -> None:
    with database.write() as connection:
        keep_output(connection, run.id, "words")
        connection.exec_driver_sql("DELETE FROM runs")
    assert output_of(database, run.id) == ""
