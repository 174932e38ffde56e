"""Figures as people read them, the same in every place."""

from collections.abc import Sequence


def percent(share: float | None, digits: int = 2) -> str:
    """A share from 0 to 1 as 99.18 %; – where there is none."""
    return "–" if share is None else f"{share:.{digits}%}".replace("%", " %")


def certainty(share: float) -> str:
    """A probability from 0 to 1 with one digit; near certainty and near nothing are not rounded away."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return percent(share, 1)


def interval(low: float, high: float) -> str:
    """A 95 % interval of a share."""
    return f"95 % interval {percent(low)} to {percent(high)}"


def duration(seconds: float) -> str:
    """Seconds as 8 s, 1:05 min or 2:10 h."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    clock, unit = (whole, "min") if whole < 3600 else (whole // 60, "h")
    return f"{clock // 60}:{clock % 60:02} {unit}"


def size(count: int) -> str:
    """Bytes as 60 kB, 120 MB or 1.5 GB."""
    if count < 1e6:
        return f"{count / 1e3:,.0f} kB"
    return f"{count / 1e6:,.0f} MB" if count < 1e9 else f"{count / 1e9:,.1f} GB"


def join_words(words: Sequence[str], most: int = 5, last: str = "and") -> str:
    """Words as a, b and c, with `last` before the last one; of very many the first and how many more."""
    shown = [*words[:most], *([f"{len(words) - most:,} more"] if len(words) > most else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else "none"
