"""How does a text that others wrote look on a terminal without doing anything there? Control characters made visible.

Tags, names and error messages come from whoever may write them. A terminal obeys some of what they can hold: escape
sequences move the cursor, rewrite lines and set the clipboard, bidirectional controls turn text round, zero-width
characters and line separators forge what is read. Each becomes its escape, as in `\\x1b` and `\\u202e`.
"""

from __future__ import annotations

import re

_TEXT_CONTROLS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default-ignorable, bidirectional and separating characters. Source: Unicode 15, DerivedCoreProperties and UAX #9."""

_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f{_TEXT_CONTROLS}]")
_UNSAFE_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_TEXT_CONTROLS}]")
_UNSAFE_BUT_STYLE = re.compile(
    f"\x1b\\[(?:[0-9]{{1,2}}(?:;[0-9]{{1,2}}){{0,3}})?m|[\x00-\x08\x0b-\x1f\x7f-\x9f{_TEXT_CONTROLS}]"
)
_STYLES = re.compile("\x1b\\[(?:0|1|2|3|4|22|3[0-7]|39|9[0-7])?(?:;(?:0|1|2|3|4|22|3[0-7]|39|9[0-7]))*m\\Z")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """A text fit for one line: everything that a terminal would obey, line ends too, is its escape."""
    return _UNSAFE.sub(_escaped, text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines: line ends and tabs stay."""
    return _UNSAFE_IN_LINES.sub(_escaped, text)


def visible_styled(text: str) -> str:
    """The same for lines that are styled already: bold, dim, underlined and foreground colours stay, nothing else.

    What cannot be seen (concealed text, black on black through a background) is no style of ours.
    """
    return _UNSAFE_BUT_STYLE.sub(lambda m: m[0] if _STYLES.match(m[0]) else visible(m[0]), text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
