"""Python calls as text, for scripts that people read."""

import json

WIDTH = 100
"""Characters of a line; a longer call stands on several."""


class Code(str):
    """Python source, where a plain string is a value that is still to be written as source."""

    __slots__ = ()


def write_call(name: str, *values: object, **options: object) -> Code:
    """A call as source, on one line where it fits; an option that is empty or 0 is left out."""
    parts = [*map(write_source, values), *(f"{key}={write_source(value)}" for key, value in options.items() if value)]
    line = f"{name}({', '.join(parts)})"
    return Code(line if len(line) <= WIDTH else "\n    ".join([f"{name}(", *(f"{part}," for part in parts)]) + "\n)")


def write_source(value: object) -> str:
    """A value as source: `Code` as it is, strings in double quotes, large whole numbers as 60_000."""
    match value:
        case Code():
            return value
        case str():
            return json.dumps(value)
        case list():
            return f"[{', '.join(map(write_source, value))}]"
        case bool() | float():
            return str(value)
        case _:
            return f"{value:_}"
