"""What does this filter text mean? Nodes to filter trees: words, blocks, and the one-key shorthand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.lang.words import BLOCKS, KINDS, ActionWords, filter_applies, filter_words
from engine.model.diagnostic import Message
from engine.model.json import Json
from engine.model.node import Entry, Node, node_of
from engine.model.record import Option, ResourceType, Word
from engine.plugin.catalog import Catalog
from engine.plugin.option import hold_to, option_fits
from engine.plugin.params import MISSING_OPTION, UNKNOWN_OPTION, Reading, problems_of, quoted, read
from engine.plugin.suggest import one_of
from engine.plugin.tree import Block, FilterTree, Leaf, facets_of

UNKNOWN_FILTER = Message("C201", "unknown filter '{word}' for {type}")
NOT_A_FILTER = Message("C220", "a filter is a word, a mapping with 'type', or one 'key: value', not {kind}")
NOT_FILTERS = Message("C221", "'{key}' is {kind}, not a list of filters")
TWO_KEYS = Message("C222", "a filter with {count} keys needs 'type'")
SHORTHAND_VALUE = Message("C223", "'{key}' is compared with {kind}")
TOO_COMPLEX = Message("C224", "{what} cannot be read: {reason}")

TOO_MUCH = (RecursionError, ValueError, OverflowError)
"""What reading options may run into that no option is to blame for alone: paths and patterns nested without end."""


_AS_LIST = "begin each filter with '- '"


def read_filters(
    node: Node | None, key: str, type: ResourceType, catalog: Catalog, reading: Reading
) -> tuple[FilterTree, ...]:
    """The filters of a list; problems go into `reading`."""
    if node is None or (node.value is None and node.items is None and node.entries is None):
        return ()
    if node.items is None:
        reading.add(NOT_FILTERS.at(node.span, _AS_LIST, key=key, kind=quoted(node)))
        return ()
    trees = (read_filter(each, type, catalog, reading) for each in node.items)
    return _in_order(tree for tree in trees if tree is not None)


def _in_order(trees: Iterable[FilterTree]) -> tuple[FilterTree, ...]:
    """Filters that must all hold, each told what stands before it, where it asks (`after`)."""
    found: list[FilterTree] = []
    for tree in trees:
        after = getattr(tree.piece, "after", None) if isinstance(tree, Leaf) else None
        earlier = [each.piece for each in found if isinstance(each, Leaf)]
        found.append(replace(tree, piece=after(earlier)) if after is not None and isinstance(tree, Leaf) else tree)
    return tuple(found)


def read_filter(node: Node, type: ResourceType, catalog: Catalog, reading: Reading) -> FilterTree | None:
    """One filter, or None with the problems in `reading`."""
    if isinstance(node.value, str):
        return _leaf(node.value, node, type, catalog, reading)
    if node.entries is None:
        reading.add(NOT_A_FILTER.at(node.span, "as in '- State.Name: running'", kind=quoted(node)))
        return None
    kind = node.get("type")
    if kind is not None:
        if not isinstance(kind.value, str):
            hint = f"all filters: engine schema {type.word}"
            reading.add(NOT_A_FILTER.at(kind.span, hint, kind=f"a mapping whose 'type' is {quoted(kind)}"))
            return None
        return _leaf(kind.value, node, type, catalog, reading)
    if reading.nested and node.get("key") is not None:
        return _leaf("value", node, type, catalog, reading)
    if len(node.entries) != 1:
        hint = "write one 'key: value' a filter, or 'type: value' with 'key' and 'value'"
        reading.add(TWO_KEYS.at(node.span, hint, count=len(node.entries)))
        return None
    (key, entry), *_ = node.entries.items()
    if key in BLOCKS:
        return _block(key, entry.node, type, catalog, reading)
    return _shorthand(key, entry, node, type, catalog, reading)


def _block(op: str, node: Node, type: ResourceType, catalog: Catalog, reading: Reading) -> FilterTree | None:
    if node.items is None:
        reading.add(NOT_FILTERS.at(node.span, _AS_LIST, key=op, kind=quoted(node)))
        return None
    children = tuple(read_filter(each, type, catalog, reading) for each in node.items)
    there = (child for child in children if child is not None)
    kept = _in_order(there) if op == "and" else tuple(there)
    if len(kept) < len(children):
        return None
    return Block("and" if op == "and" else "or" if op == "or" else "not", kept, node.span)


def _shorthand(
    key: str, entry: Entry, node: Node, type: ResourceType, catalog: Catalog, reading: Reading
) -> FilterTree | None:
    value = entry.node
    if value.entries is not None and not reading.nested:
        hint = "write 'type: value' with 'key', 'op' and 'value'"
        reading.add(SHORTHAND_VALUE.at(value.span, hint, key=key, kind=quoted(value)))
        return None
    written = {"key": Entry(entry.key_span, Node(entry.key_span, value=key)), "value": entry}
    cls = catalog.filters.get("value")
    if cls is None:
        raise LookupError("the catalog has no filter 'value'")
    full = Node(node.span, entries=written)
    what = f"filter '{key}'"
    try:
        piece = read(cls, full, what, reading)
    except TOO_MUCH as error:
        reading.add(TOO_COMPLEX.at(node.span, "write it shorter", what=what, reason=reason_of(error)))
        return None
    if piece is None:
        return None
    return _ready("value", piece, node, full, what, type, catalog, reading)


def _leaf(word: str, node: Node, type: ResourceType, catalog: Catalog, reading: Reading) -> FilterTree | None:
    record = type.filters.get(word)
    cls = catalog.filters.get(record.is_ if record else word)
    if cls is None or (record is None and (word in KINDS or not filter_applies(word, type))):
        where = node.get("type") or node
        hint = one_of(word, filter_words(type, catalog))
        reading.add(UNKNOWN_FILTER.at(where.span, hint, word=word, type=type.word))
        return None
    what = f"filter '{word}'"
    before = len(reading.diagnostics)
    options, presets = _own_options(record, node, what, reading) if record else (node, {})
    outer, nested = reading.read_filter, reading.nested
    reading.read_filter = lambda each: read_filter(each, type, catalog, reading)
    reading.nested = True
    try:
        choose = getattr(sys.modules[cls.__module__], "choose", None)
        target = choose(options.data()) if choose and options.entries is not None else cls
        piece = read(target, options, what, reading, ignore=("type",), presets=presets)
    except TOO_MUCH as error:
        reading.add(TOO_COMPLEX.at(node.span, "write it shorter", what=what, reason=reason_of(error)))
        return None
    finally:
        reading.read_filter, reading.nested = outer, nested
    if piece is None or len(reading.diagnostics) > before:
        return None
    return _ready(word, piece, node, node, what, type, catalog, reading)


def _ready(
    word: str,
    piece: Any,
    node: Node,
    written: Node,
    what: str,
    type: ResourceType,
    catalog: Catalog,
    reading: Reading,
) -> FilterTree | None:
    """A leaf whose options go together; inside another filter its paths are not the resource's, so it has no facets."""
    before = len(reading.diagnostics)
    ops = ActionWords(type, catalog) if word == "marked-for-op" else ()
    mapping = (value := written.get("value")) is not None and value.entries is not None
    try:
        if not (reading.nested and mapping):
            problems_of(piece, written, what, reading, type=type, ops=ops)
        if len(reading.diagnostics) > before:
            return None
        return Leaf(word, piece, node, () if reading.nested else facets_of(piece, type))
    except TOO_MUCH as error:
        reading.add(TOO_COMPLEX.at(node.span, "write it shorter", what=what, reason=reason_of(error)))
        return None


def _own_options(record: Word, node: Node, what: str, reading: Reading) -> tuple[Node, Mapping[str, Json]]:
    """A word's options under the generic filter's names, and the presets of its record.

    An option that goes nowhere else is one that the record's expression sees, among `options`.
    """
    before = len(reading.diagnostics)
    entries = dict(node.entries or {})
    seen: dict[str, Json] = {}
    for name, option in record.options.items():
        entry = entries.pop(name, None) if name in entries else _default(option, node)
        if entry is None and option.required:
            reading.add(MISSING_OPTION.at(node.span, option.says, key=name, what=what))
        if entry is not None and not option_fits(option, entry.node, name, what, reading):
            continue
        if option.to:
            if entry is not None:
                entries[option.to] = entry
        else:
            seen[name] = entry.node.data() if entry is not None else None
    if len(reading.diagnostics) == before:
        asked = {name: entry.node.data() for name, entry in (node.entries or {}).items()}
        hold_to(record.rules, {**dict.fromkeys(record.options), **asked}, node, what, reading)
    presets = {**record.with_, "options": seen} if seen else record.with_
    if not set(node.entries or ()) - {"type"}:
        presets = {**presets, **record.bare}
    if record.fixed:
        own = {"type", *record.options}
        for key, entry in (node.entries or {}).items():
            if key not in own:
                hint = "options are: " + ", ".join(sorted(record.options)) if record.options else "it takes none"
                reading.add(UNKNOWN_OPTION.at(entry.key_span, hint, key=key, what=what))
                entries.pop(key, None)
    return Node(node.span, entries=entries), presets


def _default(option: Option, node: Node) -> Entry | None:
    return None if option.default is None else Entry(node.span, node_of(option.default, node.span))


def reason_of(error: Exception) -> str:
    """A parser's complaint in one line."""
    return "it nests too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())[:120].lower()
