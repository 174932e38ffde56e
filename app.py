"""The entry point: page set-up and navigation, nothing else."""

from mnist_dash.ui.shell import frame, messages, resources, state

page = frame.navigation()
state.enter(page.url_path)
with messages.explained():
    page.run()
    resources.settled(page.url_path)
