"""Many runs, as copies of one that was trained: their rows differ in number and name alone, or in what is asked for."""

from sqlalchemy import insert, select

from mnist_dash.runs.records import Run
from mnist_dash.store import tables
from mnist_dash.store.database import Database

AT_ONCE = 5_000


def copy_run(database: Database, run: Run, count: int, **values: object) -> list[int]:
    """So many copies with these `values` of their rows; their numbers, the oldest first."""
    with database.write() as connection:
        row = connection.execute(select(tables.runs).where(tables.runs.c.id == run.id)).mappings().one()
        kept = {name: value for name, value in row.items() if name != "id"}
        for first in range(0, count, AT_ONCE):
            copies = range(first, min(count, first + AT_ONCE))
            connection.execute(insert(tables.runs), [{**kept, "name": f"copy {number}", **values} for number in copies])
        newest = select(tables.runs.c.id).order_by(tables.runs.c.id.desc()).limit(count)
        return [*connection.scalars(newest)][::-1]
