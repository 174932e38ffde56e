"""How digits come to the page: by pen, from a photo, or out of a data set; each has what stands beside the answer."""

from collections.abc import Collection
from enum import StrEnum

from mnist_dash.sketch.mnist_preprocessing import Stages, Step
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sketch import dataset_image, pad, photo
from mnist_dash.ui.sketch.answer import DRAWN, Source


class Way(StrEnum):
    """The ways, by what they are in the page's link."""

    DRAW = "draw"
    PHOTO = "photo"
    IMAGE = "image"


_TITLES = {
    Way.DRAW: ":material/draw: Draw",
    Way.PHOTO: ":material/photo_camera: Photo",
    Way.IMAGE: ":material/image: Image",
}
_WAYS = "Your drawing and your photo are kept while you look at something else."


def choose() -> Way:
    """The way that is chosen, asked for above the pad."""
    return linked_choice.choose("Where digits come from", _TITLES, Key.WAY, label_visibility="collapsed", help=_WAYS)


def find_width(way: Way) -> int:
    """Pixels of the column in which it is shown."""
    return pad.make_room() if way is Way.DRAW else photo.WIDTH


def show(way: Way, model: str, without: Collection[Step] = ()) -> tuple[list[Stages], Source]:
    """Show it; its digits, on their way to 28×28 `without` some steps, and what there is to say of them.

    The model of that name answers while somebody draws.
    """
    match way:
        case Way.DRAW:
            return pad.show_pad(model, without), DRAWN
        case Way.PHOTO:
            return photo.show_photo(without), photo.source()
        case Way.IMAGE:
            return dataset_image.show()
