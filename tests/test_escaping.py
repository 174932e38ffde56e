import csv
import html
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.escaping import escape_cell, escape_html, escape_markdown, printable
from tests.typed import PICTURE, TYPED

ANY = st.one_of(st.text(), st.text("![]()<>:/.-=@$`*_#|~&;\\ \n1awht"), st.sampled_from(TYPED))
APART = re.compile(r":color\[\\([^\w\s])\]")
"""A span without a style, around one character."""
ACTIVE = re.compile(r"[`*{}\[\]|~$<&@]|(?<![^\W_])_|_(?![^\W_])|:(?!\s)")
"""With what spans, tables, strikes, directives, formulas and references begin or end, wherever it stands."""
FIRST = re.compile(r"[ \t\n#+\-=>]|\d+[.)]")
"""With what headings, quotes, lists, lines and code begin."""
AFTERWARDS = re.compile(
    r"https?://|www\.|\S@\S|:[\w+-]+:|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)|:material_\w+:", re.IGNORECASE
)
"""What is made to links, icons and signs once the markdown is read, within a single text."""


def rendered(markdown: str) -> list[str]:
    """The texts that are left, one after another: escapes and references are read, spans part what stands around."""
    assert not APART.search(APART.sub("", markdown))
    texts = APART.sub(lambda found: f"\0{found[1]}\0", markdown).split("\0")
    return [html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("&#32;", " ")) for text in texts]


def literal(text: str) -> str:
    """What people are to see of a text on one line."""
    return printable(re.sub(r"[\t\n\r]+", " ", text))


@given(ANY)
def test_markdown_shows_what_was_typed(text: str) -> None:
    # Only references that stand for spaces are left, so reading all of them would find those that were typed.
    escaped = escape_markdown(text).replace("&#32;", " ")
    plain = APART.sub(r"\1", escaped)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain) == literal(text)


@given(ANY)
def test_no_character_of_markdown_is_left_active(text: str) -> None:
    escaped = escape_markdown(text)
    assert not FIRST.match(escaped)
    plain = APART.sub("\N{BULLET}", escaped.replace("&#32;", " "))
    assert not ACTIVE.search(re.sub(r"\\[!-/:-@\[-`{-~]", "\N{BULLET}", plain))


@given(ANY)
def test_nothing_is_left_to_be_found_in_the_finished_text(text: str) -> None:
    assert [part for part in rendered(escape_markdown(text)) if AFTERWARDS.search(part)] == []


def test_a_text_of_several_lines_becomes_one() -> None:
    assert escape_markdown("one\r\n\n    two") == "one &#32;&#32;&#32;&#32;two"


@given(ANY)
def test_html_shows_what_was_typed(text: str) -> None:
    escaped = escape_html(text)
    assert html.unescape(escaped) == printable(text)
    assert not re.search(r"[<>$]|%\{", escaped)
    assert not re.search(r"&(?!(amp|lt|gt|#36|#37);)", escaped)


@given(ANY)
def test_a_terminal_is_given_letters_alone(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert all(character.isprintable() or character in "\u200e\u200f" or ord(character) > 127 for character in shown)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb", r"a\nb"),
        ("\u202egnp", r"\u202egnp"),
        ("\udce4.png", r"\udce4.png"),
        ("ä 字 👍", "ä 字 👍"),
    ],
)
def test_what_moves_a_cursor_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "-1+cmd|' /C calc'!A0", "＝1", "-"]
)
def test_a_cell_that_a_spreadsheet_would_compute_is_kept_from_it_and_looks_the_same(formula: str) -> None:
    escaped = escape_cell(formula)
    assert escaped == f"\N{WORD JOINER}{formula}"
    assert escape_cell(escaped) == escaped
    stream = io.StringIO()
    csv.writer(stream).writerow([escaped])
    assert not stream.getvalue().startswith(tuple("=+-@\t\r＝＋－＠"))


@pytest.mark.parametrize(
    "text", ["-3", "+3", "-3.5", "-1e-5", "-1,000", "-12.5 %", "dense, seed 1", "a=b", "", PICTURE]
)
def test_numbers_stay_numbers_and_words_stay_words(text: str) -> None:
    assert escape_cell(text) == text
