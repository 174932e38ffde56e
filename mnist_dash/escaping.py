"""Text that people and libraries wrote, shown as it stands wherever something would take it for mark-up.

Names, tags, file names and error texts may hold anything. Each kind of destination has one function here, and whatever
the program did not write itself goes through it: into markdown, into Plotly's HTML, into a cell of a table that can be
downloaded, onto a terminal. Where plain text is shown (options of a list, cells that are drawn, attributes) none is
needed.
"""

import html
import re

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What is no letter but moves the cursor, turns the direction of all that follows, or cannot be written as UTF-8."""
_MARKDOWN = re.compile(
    # Replaced in finished text, where a backslash is gone already: what makes icons, addresses and arrows.
    r"(?P<apart>:(?!\s)|@|(?<=www)\.|[-<>~=](?=[-<>~=])|(?<=[-<>~=])[-<>~=])"
    # Within a line, and at its beginning.
    r"|(?P<mark>[\\`*{}\[\]~$<|&]|(?<![^\W_])_|_(?![^\W_])|^[#+\-=>]|(?<=\A\d)[.)])"
    r"|(?P<number>\A\d{2,})(?P<end>[.)])"
    r"|(?P<space>^ | $|(?<= ) )",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d[\d,.]*(e[+-]?\d+)?( ?%)?", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"


def printable(text: object) -> str:
    r"""For terminals: what would move the cursor, colour or reverse what follows is written out, as `\x1b`."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(text))


def escape_markdown(text: object) -> str:
    """For whatever Streamlit reads as markdown: texts, headings, messages, labels of widgets, and their tooltips.

    A backslash keeps a character from being mark-up. Icons, emoji, addresses and arrows are found in the text that
    is left when the backslashes are gone; there a span without a style (`:color` with no colour) keeps their parts
    in texts of their own. Line ends become spaces, since what stands around the text is one line. Not for `st.badge`,
    which escapes brackets itself.
    """
    line = printable(re.sub(r"[\t\n\r]+", " ", str(text)))
    return _MARKDOWN.sub(_shielded, line)


def escape_html(text: object) -> str:
    """For Plotly, whose titles, labels and hovers are a little HTML, with `%{…}` filled in and `$…$` as formulas."""
    return html.escape(printable(text), quote=False).replace("$", "&#36;").replace("%{", "&#37;{")


def escape_cell(text: str) -> str:
    """For tables, which people download as CSV: what a spreadsheet would compute is kept from being a formula.

    A character that cannot be seen stands before it, so that the table shows what was typed; numbers stay numbers.
    """
    formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"{_JOINER}{text}" if formula else text


def _shielded(found: re.Match[str]) -> str:
    if found["apart"]:
        return f":color[\\{found['apart']}]"
    if found["number"]:
        return f"{found['number']}\\{found['end']}"
    return f"\\{found['mark']}" if found["mark"] else "&#32;"
