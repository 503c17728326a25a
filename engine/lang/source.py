"""What does this file say, and where? Bytes of YAML or JSON to nodes with positions.

Takes any bytes; gives a Node, diagnostics, or both where the text can be read in spite of them. Never a traceback.
Nodes are made from the parser's events, so that nothing recurses on what a text nests, and aliases cost nothing until
their size is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.model.diagnostic import Diagnostic, Message
from engine.model.errors import UsageRejected
from engine.model.node import Entry, Node, node_of
from engine.model.span import Span
from engine.private_files import read_bounded

UNREADABLE = Message("P100", "cannot read '{file}': {reason}")
NOT_YAML = Message("P101", "this is not YAML: {reason}")
NOT_JSON = Message("P102", "this is not JSON: {reason}")
DUPLICATE_KEY = Message("P103", "duplicate key '{key}'")
BAD_KEY = Message("P104", "a key must be text, not {kind}")
TOO_LARGE = Message("P105", "the file expands to more than {most} values")
RECURSIVE = Message("P106", "the anchor '{name}' contains itself")
BAD_VALUE = Message("P107", "'{text}' is no {kind}")
UNKNOWN_TAG = Message("P108", "the tag '{tag}' means nothing in a policy")
TOO_DEEP = Message("P109", "nested more than {most} levels deep")

SUFFIXES = frozenset({".yml", ".yaml", ".json"})
MOST_NODES = 2_000_000
MOST_ALIASED = 200_000
MOST_DEPTH = 100

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CORE = "tag:yaml.org,2002:"
_KINDS: Mapping[str, str] = {
    f"{_CORE}int": "number",
    f"{_CORE}float": "number",
    f"{_CORE}bool": "true or false",
    f"{_CORE}timestamp": "date",
    f"{_CORE}null": "null",
}
_HINTS = (
    ("mapping values are not allowed", "a value that holds ': ' needs quotes; or the line is indented too far"),
    ("did not find expected key", "the indentation does not fit the lines above, or a quote or bracket is missing"),
    ("expected '-' indicator", "the indentation does not fit the lines above"),
    ("unexpected end of stream", "a quote is not closed"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("could not find expected ':'", "a key needs ': ' after it"),
    ("undefined alias", "an alias (*name) needs its anchor (&name) above it"),
    ("single document", "put each '---' part in a file of its own"),
    ("control characters are not allowed", "save the file as plain text in UTF-8"),
)


@dataclass(slots=True)
class Text:
    """One file's text, kept so that diagnostics can quote it."""

    file: str
    content: str = ""
    lines: list[str] = field(default_factory=list)

    def line(self, number: int) -> str:
        """The line with this number (from 1), or empty."""
        if not self.lines:
            self.lines = _LINE_ENDS.split(self.content)
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def files(paths: list[str]) -> list[Path]:
    """The policy files that these files and directories name, in order, once each, however they are spelled.

    A directory is read recursively: yml, yaml, json; names that start with a dot are left out.
    Raises UsageRejected when a path does not exist.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found += sorted(
                p
                for p in path.rglob("*")
                if p.suffix in SUFFIXES
                and p.is_file()
                and not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
        elif path.exists():
            found.append(path)
        else:
            raise UsageRejected(f"no such file or directory: '{path}'")
    once: dict[Path, Path] = {}
    for path in found:
        once.setdefault(path.resolve(), path)
    return list(once.values())


def load(path: Path) -> tuple[Node | None, Text, list[Diagnostic]]:
    """A file's root node, its text, and what is wrong with it. An empty file has no node."""
    try:
        raw = read_bounded(path)
    except OSError as error:
        span = Span(str(path))
        return None, Text(str(path)), [UNREADABLE.at(span, file=path, reason=error.strerror or error)]
    return loads(raw, str(path), as_json=path.suffix == ".json")


def loads(raw: bytes, file: str, as_json: bool = False) -> tuple[Node | None, Text, list[Diagnostic]]:
    """The same for bytes at hand; `file` is the name for messages."""
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        span = Span(file, line, error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1)
        return None, Text(file), [NOT_YAML.at(span, "save the file as UTF-8", reason="bytes that are not UTF-8")]
    text = Text(file, content)
    node, problems = _json(text) if as_json else _yaml(text)
    return node, text, problems


def _json(text: Text) -> tuple[Node | None, list[Diagnostic]]:
    """JSON is checked as what it is, and read as YAML for the positions."""
    try:
        data = json.loads(text.content, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return None, [NOT_JSON.at(Span(text.file, error.lineno, error.colno), reason=error.msg.lower())]
    except RecursionError:
        return None, [TOO_DEEP.at(Span(text.file, 1, 1), most=MOST_DEPTH)]
    except ValueError as error:
        reason = "a number has more than 4300 digits" if "set_int_max_str_digits" in str(error) else error
        return None, [NOT_JSON.at(Span(text.file, 1, 1), reason=reason)]
    node, problems = _yaml(text, as_json=True)
    if any(p.code == NOT_YAML.code for p in problems):
        return node_of(data, Span(text.file)), []
    return node, problems


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _yaml(text: Text, as_json: bool = False) -> tuple[Node | None, list[Diagnostic]]:
    builder = _Builder(text.file, as_json)
    try:
        return builder.read(text.content), builder.problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(text.file, mark.line + 1, mark.column + 1) if mark else Span(text.file, 1, 1)
        reason = " ".join((error.problem or str(error)).split())
        return None, [*builder.problems, NOT_YAML.at(span, _hint(reason, text, span), reason=reason)]
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or " ".join(str(error).split())[:120]
        span = _reader_span(text, error)
        return None, [*builder.problems, NOT_YAML.at(span, _hint(reason, text, span), reason=reason)]
    except _Stop as stop:
        return None, [*builder.problems, stop.diagnostic]


def _hint(reason: str, text: Text, span: Span) -> str:
    """What to do about a message of the YAML parser."""
    if "cannot start any token" in reason:
        character = text.line(span.line)[span.column - 1 : span.column]
        if character == "\t":
            return "indent with spaces: YAML takes no tabs"
        return f"put a value that begins with '{character}' in quotes" if character else ""
    return next((hint for part, hint in _HINTS if part in reason), "")


def _reader_span(text: Text, error: yaml.YAMLError) -> Span:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Span(text.file, 1, 1)
    before = text.content.encode()[:position].decode("utf-8", "ignore")
    return Span(text.file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


class _Stop(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(slots=True)
class _Anchor:
    """What an alias stands for: its node (none while it is being read), how many values it has, how deep they nest."""

    node: Node | None = None
    size: int = 0
    height: int = 0


class _Builder:
    """Turns the parser's events into nodes: positions kept, duplicate keys refused, aliases and `<<` resolved."""

    def __init__(self, file: str, as_json: bool) -> None:
        self.file = file
        self.as_json = as_json
        self.problems: list[Diagnostic] = []
        self.anchors: dict[str, _Anchor] = {}
        self.count = 0
        self.aliased = 0
        self.loader: Any = None

    def read(self, content: str) -> Node | None:
        self.loader = loader = _Loader(content)
        try:
            loader.get_event()
            first = loader.get_event()
            if isinstance(first, yaml.StreamEndEvent):
                return None
            node, _ = self.node(loader.get_event(), 1)
            loader.get_event()
            after = loader.get_event()
            if not isinstance(after, yaml.StreamEndEvent):
                reason = "a file holds a single document"
                self.problems.append(NOT_YAML.at(self.span(after, after), _HINTS[7][1], reason=reason))
            return node
        finally:
            loader.dispose()

    def span(self, start: Any, end: Any) -> Span:
        a, b = start.start_mark, end.end_mark
        return Span(self.file, a.line + 1, a.column + 1, b.column + 1 if b.line == a.line else 0)

    def node(self, event: Any, depth: int) -> tuple[Node, int]:
        """The node that begins with this event, and how deep it nests."""
        if depth > MOST_DEPTH:
            raise _Stop(TOO_DEEP.at(self.span(event, event), most=MOST_DEPTH))
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, depth)
        self.count += 1
        if self.count > MOST_NODES:
            raise _Stop(TOO_LARGE.at(self.span(event, event), most=MOST_NODES))
        if event.anchor is None:
            return self.plain(event, depth)
        before = self.count + self.aliased
        self.anchors[event.anchor] = anchor = _Anchor()
        node, height = self.plain(event, depth)
        anchor.node, anchor.size, anchor.height = node, self.count + self.aliased - before + 1, height
        return node, height

    def plain(self, event: Any, depth: int) -> tuple[Node, int]:
        if isinstance(event, yaml.ScalarEvent):
            return Node(self.span(event, event), value=self.scalar(event)), 1
        get = self.loader.get_event
        height = 0
        if isinstance(event, yaml.SequenceStartEvent):
            self.check_tag(event, ("seq",))
            items = []
            while not isinstance(below := get(), yaml.SequenceEndEvent):
                node, high = self.node(below, depth + 1)
                height = max(height, high)
                items.append(node)
            return Node(self.span(event, below), items=tuple(items)), height + 1
        self.check_tag(event, ("map",))
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        while not isinstance(below := get(), yaml.MappingEndEvent):
            height = max(height, self.entry(below, own, merged, depth + 1))
        return Node(self.span(event, below), entries={**merged, **own} if merged else own), height + 1

    def entry(self, key: Any, own: dict[str, Entry], merged: dict[str, Entry], depth: int) -> int:
        """Reads one key and its value into `own`, or what `<<` brings into `merged`."""
        span = self.span(key, key)
        word: str | None = None
        if isinstance(key, yaml.ScalarEvent):
            self.count += 1
            word = key.value if key.value not in ("", "~") or not key.implicit[0] else "null"
        else:
            found, _ = self.node(key, depth)
            if found.entries is None and found.items is None:
                word = str(found.value)
            else:
                self.problems.append(BAD_KEY.at(span, kind=f"a {found.kind}"))
        value, height = self.node(self.loader.get_event(), depth)
        if word is None:
            return height
        if word == "<<" and isinstance(key, yaml.ScalarEvent) and key.implicit[0] and not self.as_json:
            self.merge(value, merged)
        elif word in own:
            first = own[word].key_span.line
            self.problems.append(DUPLICATE_KEY.at(span, f"first given on line {first}", key=word))
        else:
            own[word] = Entry(span, value)
        return height

    def merge(self, value: Node, merged: dict[str, Entry]) -> None:
        for source in value.items if value.items is not None else (value,):
            if source.entries is None:
                self.problems.append(NOT_YAML.at(source.span, reason=f"'<<' takes a mapping, not a {source.kind}"))
            for key, entry in (source.entries or {}).items():
                merged.setdefault(key, entry)

    def alias(self, event: Any, depth: int) -> tuple[Node, int]:
        span = self.span(event, event)
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            reason = f"undefined alias '{event.anchor}'"
            self.problems.append(NOT_YAML.at(span, _HINTS[6][1], reason=reason))
            return Node(span), 1
        if anchor.node is None:
            raise _Stop(RECURSIVE.at(span, name=event.anchor))
        self.aliased += anchor.size
        if self.aliased > MOST_ALIASED:
            raise _Stop(TOO_LARGE.at(span, most=MOST_ALIASED))
        if depth + anchor.height > MOST_DEPTH + 1:
            raise _Stop(TOO_DEEP.at(span, most=MOST_DEPTH))
        return anchor.node, anchor.height

    def check_tag(self, event: Any, allowed: tuple[str, ...]) -> bool:
        tag = event.tag
        if tag is None or tag == "!" or (tag.startswith(_CORE) and tag[len(_CORE) :] in allowed):
            return True
        shown = tag.replace(_CORE, "!!")
        self.problems.append(UNKNOWN_TAG.at(self.span(event, event), "write the value without it", tag=shown))
        return False

    def scalar(self, event: Any) -> Any:
        value: str = event.value
        if self.as_json:
            return json.loads(value) if event.implicit[0] else value
        tag = event.tag
        if tag is None or tag == "!":
            tag = self.loader.resolve(yaml.ScalarNode, value, event.implicit)
        elif not self.check_tag(event, ("str", "int", "float", "bool", "timestamp", "null")):
            return value
        if tag not in _KINDS:
            return value
        node = yaml.ScalarNode(tag, value, event.start_mark, event.end_mark)
        try:
            return self.loader.yaml_constructors[tag](self.loader, node)
        except (ValueError, LookupError, ArithmeticError, AttributeError, TypeError, yaml.YAMLError) as error:
            reason = str(error) if isinstance(error, ValueError) and len(value) < 100 else ""
            hint = f"{reason}; put it in quotes if it is meant as text".removeprefix("; ")
            self.problems.append(BAD_VALUE.at(self.span(event, event), hint, text=value[:60], kind=_KINDS[tag]))
            return value
