"""Pictures that belong to the page itself."""

from base64 import b64encode
from typing import Literal

import streamlit as st


def show_picture(content: bytes, alt: str, width: int | Literal["stretch"] = "stretch") -> None:
    """Show a PNG or JPEG under the accessible name `alt`.

    Within the page: a file of its own would be gone before a slow browser asks for it, where the page has moved on.
    """
    st.image(picture_address(content), width=width, alt=alt)


def picture_address(content: bytes) -> str:
    """A PNG or JPEG as an address that holds the picture itself."""
    kind = "jpeg" if content.startswith(b"\xff\xd8") else "png"
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"
