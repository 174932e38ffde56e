"""What is said of a process that has ended without having recorded how."""

from pathlib import Path


def explain_end(code: int | None, log: Path) -> str:
    """What is known of the end of a process with that exit status, None where nobody saw it, which wrote into `log`."""
    said = _last_line(log) if code and code > 0 else ""
    return f"Its process {_ending(code)}{said}."


def _ending(code: int | None) -> str:
    if code is None:
        return "died while nobody watched"
    if code in (-9, 137):
        return "was killed (by a person, or by the system when memory ran out)"
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit status {code}"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"; its last line was “{said[:200]}”" if said else ""
