"""Browsers open the camera on some pages only, and the page knows which."""

import pytest

from mnist_dash.ui.sketch.photo import is_secure


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://lab.example/sketch", True),
        ("http://localhost:8501/sketch", True),
        ("http://lab.localhost/", True),
        ("http://127.0.0.1:8501/sketch", True),
        ("http://[::1]:8501/", True),
        ("http://lab.example/sketch", False),
        ("http://192.168.1.7:8501/sketch", False),
        ("http://localhost.example/", False),
        (None, True),
        ("", True),
    ],
)
def test_the_camera_needs_https_or_this_machine(url: str | None, secure: bool) -> None:
    assert is_secure(url) is secure
