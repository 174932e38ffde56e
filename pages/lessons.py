"""Lessons: six short ones on the real pages, each with something to do, and a duel against the networks."""

from mnist_dash.ui.shell import frame

frame.head("Lessons", "Short lessons on the real pages: each has something to do, and sees whether you have done it.")

# What follows is loaded with the head of the page on the screen already.
from mnist_dash.ui import lessons
from mnist_dash.ui.shell import messages

name = lessons.find()
data = messages.open_with_progress()
with messages.explain_errors():
    lessons.show(name, data)
