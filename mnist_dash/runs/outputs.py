"""What the process of a run printed last: kept with the run where it came to a bad end, on whatever machine."""

from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from mnist_dash.store.database import Database
from mnist_dash.store.shared_tables import run_outputs

LINES, LONGEST = 30, 8_000
"""How many lines of an output are kept, and how many characters of them."""


def read_output(log: Path) -> str:
    """The last lines of a file; empty where it is not there, or not here."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 4 * LONGEST))
            return cut_output(stream.read().decode(errors="replace"))
    except OSError:
        return ""


def cut_output(said: str) -> str:
    """The last lines of what was said."""
    return "\n".join(said.rstrip().splitlines()[-LINES:])[-LONGEST:]


def keep_output(connection: Connection, run_id: int, said: str) -> None:
    """Keep the last lines of what was said instead of those of an earlier end."""
    connection.execute(delete(run_outputs).where(run_outputs.c.run == run_id))
    if kept := cut_output(said):
        connection.execute(insert(run_outputs).values(run=run_id, content=kept))


def output_of(database: Database, run_id: int) -> str:
    """The last lines of the process of a run that came to a bad end; empty where it said nothing."""
    with database.read() as connection:
        return connection.scalar(select(run_outputs.c.content).where(run_outputs.c.run == run_id)) or ""
