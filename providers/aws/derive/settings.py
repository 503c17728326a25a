"""Settings of an account: operations that need no input and answer with one structure."""

from __future__ import annotations

from collections.abc import Collection

from engine.model.json import Json
from providers.aws.derive.api import Api, Op, is_list, is_table, members
from providers.aws.derive.facets import SECRET
from providers.aws.derive.vocabulary import ABSENT, PLANE
from providers.aws.derive.words import kebab, low

_ENDINGS = (
    "configuration", "setting", "preference", "policy", "status", "option", "attribute", "default", "limit", "hub",
    "recorder", "bydefault", "encryption", "registry", "state", "subscription", "access", "organization", "block",
    "profile", "feature", "lake", "graph", "detail", "contact", "information", "logging", "administrator", "instance",
    "mode", "level", "account", "summary", "details", "rule", "template", "endpoint", "quota", "permission", "config",
)  # fmt: skip
"""Last parts of nouns of settings, as against figures and reports."""

_OF_THINGS = ("id", "name", "names", "arn", "group", "script")
"""Ends of inputs, optional ones too, by which an operation is told whose it is to read."""


def settings_of(api: Api, taken: Collection[str]) -> dict[str, dict[str, Json]]:
    """Settings as partial records by noun in kebab-case. `taken`: nouns that are types."""
    found: dict[str, dict[str, Json]] = {}
    if api.service in PLANE:
        return found
    for op in api.ops.values():
        if not _is_setting(op) or op.noun in taken:
            continue
        words = (*op.words, *op.beside)
        word = kebab(words)
        if word in found:
            continue
        tables = [n for n, s in op.output.items() if is_table(s)]
        items = tables[0] if len(op.output) == 1 and tables else "@"
        codes = [code for code in op.errors if any(part in code for part in ABSENT)]
        listing: dict[str, Json] = {"call": op.name, "items": items, **({"none": codes} if codes else {})}
        required = dict.fromkeys(op.required, "_account")
        if required:
            listing["with"] = required
        found[word] = {"list": listing, "identity": {"id": "_account"}, "words": words}
    return found


def _is_setting(op: Op) -> bool:
    if op.verb not in ("Get", "Describe") or op.deprecated or not op.words or not op.output:
        return False
    if op.beside not in ((), ("By", "Default")):
        return False
    if any(low(n) not in ("accountid", "awsaccountid") for n in op.required) or low(op.words[-1]) in SECRET:
        return False
    others = [low(n) for n in op.input if "account" not in low(n) and not low(n).startswith(op.noun)]
    if any("token" in n or n.endswith(_OF_THINGS) for n in others):
        return False
    if any(n for n, s in op.output.items() if is_list(s) and is_table(s.member)) and len(op.output) == 1:
        return False
    if any("nexttoken" in low(n) for n in op.output) or not op.noun.endswith(_ENDINGS):
        return False
    first = next(iter(op.output.values()))
    return len(op.output) > 1 or not is_table(first) or bool(members(first))
