"""What is said of a process that has ended without having recorded how."""


def explain_end(code: int | None, said: str) -> str:
    """What is known of the end of a process with that exit status, None where nobody saw it, and with these words."""
    last = _last_line(said) if code and code > 0 else ""
    return f"Its process {_ending(code)}{last}."


def _ending(code: int | None) -> str:
    if code is None:
        return "died while nobody watched"
    if code in (-9, 137):
        return "was killed (by a person, or by the system when memory ran out)"
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit status {code}"


def _last_line(said: str) -> str:
    last = next((line.strip() for line in reversed(said.split("\n")) if line.strip()), "")
    return f"; its last line was “{last[:200]}”" if last else ""
