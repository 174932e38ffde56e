"""The entry point: page set-up and navigation, nothing else."""

from mnist_dash.ui.shell import frame, messages, resources, state

page = frame.navigation()
state.enter(page.url_path)
with messages.explain_errors():
    page.run()
    resources.settle(page.url_path)
