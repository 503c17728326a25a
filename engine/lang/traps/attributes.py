"""A key that no resource of the type has: a typing error that would match nothing, or everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic
from engine.plugin.suggest import did_you_mean

NO_ATTRIBUTE = warns("W347", "{type} has no attribute '{name}'")

_PATH = re.compile(r"[A-Za-z_]\w*(\[[\d*:]*\])*(\.[A-Za-z_]\w*(\[[\d*:]*\])*)*\Z")
_INDEX = re.compile(r"\[[\d*:]*\]")


def no_attribute(c: Compared, known: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The first two parts of a plain path, held against what the provider's models tell of the type.

    Args:     known: path → JSON type, to the second level; `*` among them, or nothing at all, says that there is more.
    """
    if not known or "*" in known or c.word != "value" or c.within or c.key in known or not _PATH.match(c.key):
        return
    first, *rest = _INDEX.sub("", c.key).split(".")
    top = {path for path in known if "." not in path}
    if first not in top:
        if first != "Tags":
            yield _warning(c, first, top)
        return
    members = {path.rpartition(".")[2] for path in known if path.startswith((f"{first}.", f"{first}[]."))}
    if rest and members and known[first] in ("mapping", "list") and rest[0] not in members:
        yield _warning(c, f"{first}.{rest[0]}", {f"{first}.{each}" for each in members})


def _warning(c: Compared, name: str, names: set[str]) -> Diagnostic:
    hint = did_you_mean(name, names) or f"all of them: engine schema {c.type.word}"
    return NO_ATTRIBUTE.at(c.key_span, hint, type=c.type.word, name=name)
