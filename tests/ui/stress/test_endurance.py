"""What curves are kept under: all that decides them."""

from dataclasses import replace

from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.stress.endurance import make_key


def test_the_key_tells_all_that_decides_the_curves(with_data: Settings, database: Database) -> None:
    data = open_dataset(with_data)
    other = replace(data, sha256={**data.sha256, "test_images": "another"})
    reader, cnn = (find_answering(database, name) for name in ("reader", "cnn"))
    key = make_key([cnn], data, "blur", 100)
    others = [
        make_key([reader], data, "blur", 100),
        make_key([cnn, reader], data, "blur", 100),
        make_key([cnn], other, "blur", 100),
        make_key([cnn], data, "noise", 100),
        make_key([cnn], data, "blur", 200),
    ]
    assert len({key, *others}) == 6
    assert key == make_key([cnn], replace(data, sha256=dict(reversed(list(data.sha256.items())))), "blur", 100)
