"""What does this file say, and where? Bytes of YAML or JSON to nodes with positions.

Takes any bytes; gives a Node, or diagnostics. Never a traceback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.model.diagnostic import Diagnostic, Message
from engine.model.errors import UsageRejected
from engine.model.node import Entry, Node, node_of
from engine.model.span import Span

UNREADABLE = Message("P100", "cannot read '{file}': {reason}")
NOT_YAML = Message("P101", "this is not YAML: {reason}")
NOT_JSON = Message("P102", "this is not JSON: {reason}")
DUPLICATE_KEY = Message("P103", "duplicate key '{key}'")
BAD_KEY = Message("P104", "a key must be text, not {kind}")
TOO_LARGE = Message("P105", "the file expands to more than {most} values")
RECURSIVE = Message("P106", "an anchor contains itself")

SUFFIXES = frozenset({".yml", ".yaml", ".json"})
MOST_NODES = 2_000_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Text:
    """One file's text, kept so that diagnostics can quote it."""

    file: str
    content: str = ""
    lines: list[str] = field(default_factory=list)

    def line(self, number: int) -> str:
        """The line with this number (from 1), or empty."""
        if not self.lines:
            self.lines = self.content.splitlines()
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def files(paths: list[str]) -> list[Path]:
    """The policy files that these files and directories name, in order, once each.

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
    return list(dict.fromkeys(found))


def load(path: Path) -> tuple[Node | None, Text, list[Diagnostic]]:
    """A file's root node, its text, and what is wrong with it. An empty file has no node."""
    try:
        raw = path.read_bytes()
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
    if as_json:
        return _json(text)
    node, problems = _yaml(text)
    return node, text, problems


def _json(text: Text) -> tuple[Node | None, Text, list[Diagnostic]]:
    try:
        data = json.loads(text.content)
    except json.JSONDecodeError as error:
        return None, text, [NOT_JSON.at(Span(text.file, error.lineno, error.colno), reason=error.msg)]
    except RecursionError:
        return None, text, [TOO_LARGE.at(Span(text.file), most=MOST_NODES)]
    node, problems = _yaml(text)
    if node is None and not any(p.code == DUPLICATE_KEY.code for p in problems):
        return node_of(data, Span(text.file)), text, []
    return node, text, problems


def _yaml(text: Text) -> tuple[Node | None, list[Diagnostic]]:
    builder = _Builder(text.file)
    try:
        loader = _Loader(text.content)
        try:
            root = loader.get_single_node()
            node = None if root is None else builder.build(loader, root, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(text.file, mark.line + 1, mark.column + 1) if mark else Span(text.file)
        return None, [NOT_YAML.at(span, reason=" ".join((error.problem or str(error)).split()))]
    except yaml.YAMLError as error:
        return None, [NOT_YAML.at(_reader_span(text, error), reason=" ".join(str(error).split())[:120])]
    except RecursionError:
        return None, [NOT_YAML.at(Span(text.file), reason="nested too deeply")]
    except _Stop as stop:
        return None, [*builder.problems, stop.diagnostic]
    return (None if builder.problems else node), builder.problems


def _reader_span(text: Text, error: yaml.YAMLError) -> Span:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Span(text.file, 1, 1)
    before = text.content[:position]
    return Span(text.file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


class _Stop(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


class _Builder:
    """Turns PyYAML's nodes into ours, keeping positions, refusing duplicate keys, expanding aliases and `<<`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self.problems: list[Diagnostic] = []

    def span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.column + 1 if end.line == start.line else 0)

    def build(self, loader: Any, node: yaml.Node, above: tuple[int, ...]) -> Node:
        self.count += 1
        if self.count > MOST_NODES:
            raise _Stop(TOO_LARGE.at(self.span(node), most=MOST_NODES))
        if id(node) in above:
            raise _Stop(RECURSIVE.at(self.span(node)))
        inside = (*above, id(node))
        if isinstance(node, yaml.MappingNode):
            return Node(self.span(node), entries=dict(self.entries(loader, node, inside)))
        if isinstance(node, yaml.SequenceNode):
            return Node(self.span(node), items=tuple(self.build(loader, n, inside) for n in node.value))
        return Node(self.span(node), value=self.scalar(loader, node))

    def scalar(self, loader: Any, node: yaml.Node) -> Any:
        try:
            return loader.construct_object(node)
        except (ValueError, OverflowError) as error:
            raise _Stop(NOT_YAML.at(self.span(node), reason=f"'{node.value}': {error}")) from error

    def entries(self, loader: Any, node: yaml.MappingNode, inside: tuple[int, ...]) -> Iterator[tuple[str, Entry]]:
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                merged |= {k: e for k, e in self.merge(loader, value, inside) if k not in merged}
                continue
            if not isinstance(key, yaml.ScalarNode):
                kind = "a mapping" if isinstance(key, yaml.MappingNode) else "a list"
                self.problems.append(BAD_KEY.at(self.span(key), kind=kind))
                continue
            word = str(key.value) if key.tag != "tag:yaml.org,2002:null" else "null"
            if word in own:
                first = own[word].key_span.line
                self.problems.append(DUPLICATE_KEY.at(self.span(key), f"first given on line {first}", key=word))
                continue
            own[word] = Entry(self.span(key), self.build(loader, value, inside))
        yield from {**merged, **own}.items()

    def merge(self, loader: Any, value: yaml.Node, inside: tuple[int, ...]) -> Iterator[tuple[str, Entry]]:
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for source in sources:
            built = self.build(loader, source, inside)
            if built.entries is None:
                raise _Stop(NOT_YAML.at(built.span, reason="'<<' takes a mapping"))
            yield from built.entries.items()
