"""Class room: what a phone sees that follows the link of a class, and nothing else of the program."""

from mnist_dash.ui.shell import frame

frame.enter()

# What follows is loaded with the frame of the page on the screen already.
from mnist_dash.ui import class_room
from mnist_dash.ui.shell import messages

with messages.explain_errors():
    class_room.show()
