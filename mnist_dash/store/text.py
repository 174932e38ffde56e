"""Text as every database keeps it."""

from sqlalchemy import Dialect, String, Text, TypeDecorator


class _WithoutNul(TypeDecorator[str]):
    """Text in which U+FFFD stands for NUL, which PostgreSQL takes in no text, whether it is written or looked for."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """The text as it is kept."""
        return None if value is None else value.replace("\0", "\ufffd")


class Name(_WithoutNul):
    """Text of a length that PostgreSQL keeps to, unlike SQLite."""

    cache_ok = True


class Words(_WithoutNul):
    """Text of any length."""

    impl = Text
    cache_ok = True
