"""Are the keys of a policy's mapping right, those that no filter and no action owns?"""

from __future__ import annotations

from engine.model.diagnostic import Message
from engine.model.node import Node
from engine.plugin.params import Reading, quoted
from engine.plugin.suggest import did_you_mean, one_of

UNKNOWN_KEY = Message("C200", "unknown key '{key}' in a policy")
KEY_TYPE = Message("C205", "'{key}' is {kind}, not {expected}")
BAD_CHOICE = Message("C209", "'{key}' cannot be '{value}'")

_TEXTS = ("description", "comment", "comments", "title", "region", "start", "end", "tz")
KEYS = {
    "name", "resource", "description", "comment", "comments", "title", "tags", "metadata", "mode", "source", "query",
    "conditions", "filters", "actions", "max-resources", "max-resources-percent", "region", "start", "end", "tz",
    "on-unknown", "guard", "vars",
}  # fmt: skip
ON_UNKNOWN = ("report", "fail", "skip")
SOURCES = ("describe", "config", "cloudcontrol", "describe-trust-advisor", "resource-explorer")


def check_keys(node: Node, reading: Reading) -> None:
    """Unknown keys, and values of the wrong kind; problems go into `reading`."""
    for key, entry in (node.entries or {}).items():
        value = entry.node
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or "keys are: " + ", ".join(sorted(KEYS))
            reading.add(UNKNOWN_KEY.at(entry.key_span, hint, key=key))
        elif key in _TEXTS:
            _check_text(key, value, reading)
        elif key == "tags":
            if value.items is None or not all(isinstance(n.value, str) for n in value.items):
                hint = "as in 'tags: [cost, team:web]'"
                reading.add(KEY_TYPE.at(value.span, hint, key=key, kind=quoted(value), expected="a list of strings"))
        elif key in ("metadata", "vars") and value.entries is None:
            hint = f"as in '{key}: {{owner: finance}}'"
            reading.add(KEY_TYPE.at(value.span, hint, key=key, kind=quoted(value), expected="a mapping"))
        elif key in ("on-unknown", "source"):
            allowed = ON_UNKNOWN if key == "on-unknown" else SOURCES
            if value.value not in allowed:
                shown = quoted(value, plain=True)
                reading.add(BAD_CHOICE.at(value.span, one_of(shown, allowed), key=key, value=shown))


def _check_text(key: str, value: Node, reading: Reading) -> None:
    if not isinstance(value.value, str):
        hint = "put it in quotes" if value.value is not None else "write a text, or leave the key out"
        reading.add(KEY_TYPE.at(value.span, hint, key=key, kind=quoted(value), expected="a string"))
    elif (key in ("start", "end") and not _is_date(value.value)) or (key == "tz" and not _is_zone(value.value)):
        expected = "an IANA time zone such as Europe/Berlin" if key == "tz" else "a date such as 2026-11-21"
        reading.add(BAD_CHOICE.at(value.span, f"expected {expected}", key=key, value=quoted(value, plain=True)))


def _is_date(text: str) -> bool:
    from dateutil import parser

    try:
        parser.parse(text)
    except (ValueError, OverflowError, ArithmeticError, TypeError, LookupError):
        return False
    return True


def _is_zone(name: str) -> bool:
    from engine.plugin.zones import zone_named

    return zone_named(name) is not None
