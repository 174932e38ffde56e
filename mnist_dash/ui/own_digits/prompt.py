"""What is asked for now, and what a person does with it: keep, skip, take back, say that it is another digit."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import MnistDashError
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.asking import Order, Tally, choose_digit
from mnist_dash.own_digits.records import OwnDigit, Saved, clean_name, key_of, name_label
from mnist_dash.own_digits.summary import read_tally
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess
from mnist_dash.sketch.sheet import Sheet, from_text, to_text
from mnist_dash.ui.components.read_digit import describe_kept, read_digit
from mnist_dash.ui.components.sheet import WRITING, is_new
from mnist_dash.ui.shell import link, resources, state
from mnist_dash.ui.shell.keys import Key

GOALS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Digits of each that a person may want to write."""
MOST_BACK = 100
"""Digits that can be taken back one after another."""
_CHANGED = "It was changed or deleted meanwhile, so it stays as it is."


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """What a session is asked for in a set: this `digit`, `since` a moment (monotonic), None where nobody knows.

    `kept` are the last digits that this session has kept, the newest last; `told` is what was said last. As long as it
    is `fresh`, the browser tab may know more of it.
    """

    set_key: str
    digit: int
    since: float | None
    skipped: frozenset[int] = frozenset()
    kept: tuple[Saved, ...] = ()
    told: str = ""
    fresh: bool = True


def recall(set_key: str) -> Prompt:
    """What is asked for in that set; what is on the sheet already keeps its digit."""
    known: Prompt | None = st.session_state.get(Key.OWN_PROMPT)
    if known is None or known.set_key != set_key:
        drawn = known is not None and bool(_sheet().drawing)
        digit = known.digit if known and drawn else _choose(set_key)
        known = Prompt(set_key, digit, None if drawn else time.monotonic(), fresh=known is None)
        _put(known)
    elif is_new(WRITING):
        # Something else was looked at meanwhile.
        known = _put(replace(known, since=None if _sheet().drawing else time.monotonic()))
    return known


def write_text(prompt: Prompt) -> str | None:
    """What the browser tab keeps: the drawing, and what was asked for; None where it may know more than this."""
    if prompt.fresh and _sheet().untouched:
        return None
    return json.dumps(json.loads(to_text(_sheet())) | {"digit": prompt.digit}, separators=(",", ":"))


def restore(found: object) -> None:
    """Take what the browser tab has kept, where this session has done nothing yet; what is in the set already goes."""
    prompt, back = _known(), from_text(found)
    if back is None or not prompt.fresh or not _sheet().untouched:
        return
    if back.ink is not None and _is_kept(prompt.set_key, key_of(back.ink)):
        back = Sheet()
    told = json.loads(str(found)).get("digit")
    digit = told if type(told) is int and told in range(CLASSES) else prompt.digit
    since = None if back.drawing else time.monotonic()
    _put(replace(prompt, digit=digit, since=since, fresh=False))
    _show(back)


def keep() -> None:
    """Keep what is drawn as the digit that is asked for, and ask for the next one; or say why not, and ask on."""
    prompt = _known()
    ink = _sheet().ink
    sketch = None if ink is None else preprocess(ink)
    if sketch is None:
        _put(replace(prompt, told=f"The sheet is empty. Write the {prompt.digit} on it first."))
        return
    _try(lambda: _keep(prompt, sketch))


def _keep(prompt: Prompt, sketch: Stages) -> None:
    digit = _label(prompt, sketch)
    there = collection.keep_once(resources.database(), digit, prompt.set_key)
    if there is not None:
        told = f"This very drawing is in the set already, as {name_label(there.label)}. Write it anew."
        _put(replace(prompt, told=told, since=time.monotonic(), fresh=False))
    else:
        kept = (*prompt.kept, Saved(digit, None))[-MOST_BACK:]
        _ask(replace(prompt, kept=kept, told=describe_kept(digit)))
    _show(Sheet())


def _label(prompt: Prompt, sketch: Stages) -> OwnDigit:
    took = None if prompt.since is None else time.monotonic() - prompt.since
    writer = clean_name(st.session_state.get(Key.OWN_WRITER) or "", "writer")
    return read_digit(sketch, prompt.digit, _sheet().drawing, writer, took)


def skip() -> None:
    """Ask for another digit; this one waits until nothing else is left. What is drawn goes."""
    prompt = _known()
    _try(lambda: _ask(replace(prompt, skipped=prompt.skipped | {prompt.digit}, told="")))
    _show(Sheet())


def take_back() -> None:
    """Take the digit back that was kept last, and ask for it again; what is drawn goes."""
    prompt = _known()
    if not prompt.kept:
        return
    *before, last = prompt.kept

    def undo() -> None:
        done = collection.undo(resources.database(), last, prompt.set_key)
        told = f"The last {last.digit.label} is taken back." if done else _CHANGED
        digit = prompt.digit if last.digit.label is None else last.digit.label
        _put(replace(prompt, digit=digit, since=time.monotonic(), kept=tuple(before), told=told, fresh=False))
        _show(Sheet())

    _try(undo)


def ask_for(digit: int) -> None:
    """What is on the sheet, or comes next, is this digit."""
    _put(replace(_known(), digit=digit, told="", fresh=False))


def ask_anew() -> None:
    """Ask by another order or for another goal, where nothing is drawn yet."""
    if not _sheet().drawing:
        _try(lambda: _ask(replace(_known(), skipped=frozenset())))


def read_goal() -> int:
    """How many digits of each this person wants to write."""
    return int(st.session_state.get(Key.OWN_GOAL) or GOALS[0])


def raise_goal() -> None:
    """Want more of each digit."""
    link.keep_text(Key.OWN_GOAL, str(next((goal for goal in GOALS if goal > read_goal()), GOALS[-1])))
    ask_anew()


def read(set_key: str) -> Tally:
    """What there is of each digit in that set."""
    return read_tally(resources.database(), set_key)


def _ask(prompt: Prompt) -> None:
    digit = _choose(prompt.set_key, prompt.skipped)
    _put(replace(prompt, digit=digit, since=time.monotonic(), fresh=False))


def _choose(set_key: str, skipped: frozenset[int] = frozenset()) -> int:
    order = Order(st.session_state.get(Key.OWN_ORDER) or Order.BALANCED)
    return choose_digit(order, read(set_key), read_goal(), crc32(set_key.encode()), skipped)


def _is_kept(set_key: str, key: str) -> bool:
    return collection.find(resources.database(), key, set_key) is not None


def _try(action: Callable[[], None]) -> None:
    """Do it, or say why it cannot be done; what is drawn stays."""
    try:
        action()
    except MnistDashError as e:
        _put(replace(_known(), told=str(e)))


def _known() -> Prompt:
    prompt: Prompt = st.session_state[Key.OWN_PROMPT]
    return prompt


def _put(prompt: Prompt) -> Prompt:
    st.session_state[Key.OWN_PROMPT] = prompt
    return prompt


def _sheet() -> Sheet:
    return state.sketch(Key.OWN_SKETCH).sheet


def _show(sheet: Sheet) -> None:
    state.put_sketch(state.sketch(Key.OWN_SKETCH).anew(sheet), Key.OWN_SKETCH)
