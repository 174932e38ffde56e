"""The entry point: what the server answers, and for every visitor page set-up and navigation; nothing else.

`streamlit run app.py` finds `app` by reading this file and imports it; with every visitor it runs the file as a script.
"""

if __name__ == "__main__":
    from mnist_dash.ui.shell import frame, messages, resources, state

    with resources.lull().interrupt(), frame.measure_page():
        page = frame.navigation()
        state.enter(page.url_path)
        with frame.mark_end(), messages.explain_errors():
            frame.show_user()
            page.run()
            resources.settle(page.url_path)
else:
    import os

    import streamlit as st
    from starlette.middleware import Middleware

    from mnist_dash.ui.shell import served
    from mnist_dash.ui.shell.door import Door
    from mnist_dash.ui.shell.first_paint import FirstPaint
    from mnist_dash.ui.shell.presses import Presses
    from mnist_dash.ui.shell.server import lifespan
    from mnist_dash.ui.sketch import while_drawing

    app = st.App(
        __file__,
        routes=[*served.routes(), *while_drawing.routes()],
        middleware=[Middleware(Door, os.environ), Middleware(FirstPaint), Middleware(Presses)],
        lifespan=lifespan,
    )
