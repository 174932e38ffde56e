"""Streamlit's room: what the pages share."""
