"""Bytes to nodes: positions, what is refused, and what stands in for it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.lang import source
from engine.lang.source import Text, files, load, loads
from engine.model.errors import UsageRejected
from engine.model.span import Span

from .told import Told, cases, told

TEXTS = cases("""
policies: [
    P101 this is not YAML: did not find expected node content

a: b: c
    P101 this is not YAML: mapping values are not allowed in this context
         a value that holds ': ' needs quotes; or the line is indented too far

a: 'x
    P101 this is not YAML: found unexpected end of stream
         a quote is not closed

policies: @x
    P101 this is not YAML: found character that cannot start any token
         put a value that begins with '@' in quotes

policies:
<tab>- a
    P101 this is not YAML: found character that cannot start any token
         indent with spaces: YAML takes no tabs

x: [1, 2
y: 3
    P101 this is not YAML: did not find expected ',' or ']'
         a bracket is not closed, or a comma is missing

a: 1
 b: 2
    P101 this is not YAML: mapping values are not allowed in this context
         a value that holds ': ' needs quotes; or the line is indented too far

a: *b
policies: []
    P112 unknown key 'a' in a policy file
         expected: policies, vars
    P101 this is not YAML: undefined alias 'b'
         an alias (*name) needs its anchor (&name) above it

policies: []
---
b: 2
    P101 this is not YAML: a file holds a single document
         put each '---' part in a file of its own

policies: []
policies: []
    P103 duplicate key 'policies'
         first given on line 1

? [a]
: 1
? {b: c}
: 2
policies: []
    P104 a key must be text, not a list
    P104 a key must be text, not a mapping

policies: &x [*x]
    P106 the anchor 'x' contains itself

policies: [2026-13-45]
    P107 '2026-13-45' is no date
         month must be in 1..12; put it in quotes if it is meant as text
    P115 a policy is a mapping, not the string '2026-13-45'
         a policy begins with '- name:'

policies: [!!int '', !!bool q]
    P107 '' is no number
         put it in quotes if it is meant as text
    P115 a policy is a mapping, not the string ''
         a policy begins with '- name:'
    P107 'q' is no true or false
         put it in quotes if it is meant as text
    P115 a policy is a mapping, not the string 'q'
         a policy begins with '- name:'

policies: !Ref x
    P108 the tag '!Ref' means nothing in a policy
         write the value without it
    P114 'policies' is the string 'x', not a list
         begin each policy with '- name:'

policies: !!binary aGk=
    P108 the tag '!!binary' means nothing in a policy
         write the value without it
    P114 'policies' is the string 'aGk=', not a list
         begin each policy with '- name:'

<<: 3
policies: []
    P101 this is not YAML: '<<' takes a mapping, not a number
""")


@pytest.mark.parametrize(("given", "expected"), TEXTS)
def test_text(given: str, expected: list[Told]) -> None:
    assert told(given) == expected


NOT_UTF = ("P101", "this is not YAML: bytes that are not UTF-8", "save the file as UTF-8")
PLAIN = "save the file as plain text in UTF-8"


@pytest.mark.parametrize(
    ("raw", "as_json", "expected"),
    [
        (b"\xff\xfea", False, (*NOT_UTF, 1, 1)),
        (b"a: 1\n\xe9", False, (*NOT_UTF, 2, 1)),
        (b"a: \x00", False, ("P101", "this is not YAML: control characters are not allowed", PLAIN, 1, 4)),
        (b"{,}", True, ("P102", "this is not JSON: expecting property name enclosed in double quotes", "", 1, 2)),
        (b"[NaN]", True, ("P102", "this is not JSON: NaN is no JSON value", "", 1, 1)),
        (b'{"a": 1, "a": 2}', True, ("P103", "duplicate key 'a'", "first given on line 1", 1, 10)),
        (b"[" * 101 + b"]" * 101, False, ("P109", "nested more than 100 levels deep", "", 1, 101)),
        (b"[" * 5000, True, ("P109", "nested more than 100 levels deep", "", 1, 1)),
    ],
)  # fmt: skip
def test_bytes(raw: bytes, as_json: bool, expected: tuple[object, ...]) -> None:
    _, _, (found,) = loads(raw, "f", as_json)
    assert (found.code, found.summary, found.hint, found.span.line, found.span.column) == expected


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_NODES", 10)
    _, _, problems = loads(b"[1,2,3,4,5,6,7,8,9,10,11]", "f")
    assert [(d.code, d.summary) for d in problems] == [("P105", "the file expands to more than 10 values")]


def test_positions() -> None:
    node, _, problems = loads(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - {c: 'x', d: |\r\n", "f")
    assert problems
    node, _, problems = loads(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - {c: 'x'}\r\n", "f")
    assert node is not None
    assert node.entries is not None
    assert node.entries["b"].key_span == Span("f", 2, 1, 2)
    (item,) = node.get("b").items  # type: ignore[union-attr, misc]
    assert item.span == Span("f", 3, 5, 13)
    assert item.get("c").span == Span("f", 3, 9, 12)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a: 1, b: 1.5, c: true, d: null}", {"a": 1, "b": 1.5, "c": True, "d": None}),
        ("{a: x, b: '1', c: ~}", {"a": "x", "b": "1", "c": None}),
        ("{on: 1, 2: 3, null: 4, true: 5}", {"on": 1, "2": 3, "null": 4, "true": 5}),
        ("{a: &x {k: 1}, b: {<<: *x, l: 2}}", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
        ("{a: &x {k: 1}, c: {<<: [*x, {k: 3, m: 4}], k: 5}}", {"a": {"k": 1}, "c": {"k": 5, "m": 4}}),
        ("{a: '<<', b: =, c: \"<<\"}", {"a": "<<", "b": "=", "c": "<<"}),
        ("[!!str 5, !!int '5', !!seq [1], !!map {a: b}]", ["5", 5, [1], {"a": "b"}]),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ],
)  # fmt: skip
def test_values(text: str, expected: object) -> None:
    node, _, problems = loads(text.encode(), "f")
    assert not problems
    assert node is not None
    assert node.data() == expected


@pytest.mark.parametrize(
    "data", [{"a": [1e5, 1.5, -2, True, None, "x/y", "é\u2028", "1e5", "2026-01-01", "<<"]}, [], 5, "\U0001f600"]
)
def test_json_is_read_as_json(data: object) -> None:
    for text in (
        json.dumps(data),
        json.dumps(data, indent=2, ensure_ascii=False),
        json.dumps(data).replace("/", "\\/"),
    ):
        node, _, problems = loads(text.encode(), "f", as_json=True)
        assert not problems
        assert node is not None
        assert node.data() == data


def test_lines_are_those_of_yaml() -> None:
    text = Text("f", "a\r\nb\x0bc\u2028d\n")
    assert [text.line(n) for n in range(6)] == ["", "a", "b\x0bc", "d", "", ""]


def test_files(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.json", "d.txt", ".hidden.yml", "sub/e.yml", ".git/f.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = files([str(tmp_path), str(tmp_path / "d.txt"), str(tmp_path / "b.yml")])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["a.yaml", "b.yml", "c.json", "sub/e.yml", "d.txt"]
    with pytest.raises(UsageRejected, match="no such file or directory"):
        files([str(tmp_path / "none")])


def test_one_file_under_several_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link, another spelling, the directory it is in: read once, under the first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yml").write_text("")
    (tmp_path / "link.yml").symlink_to(tmp_path / "d" / "a.yml")
    for first, *others in (
        ("d/a.yml", "link.yml", "d/../d/a.yml", "d", str(tmp_path / "d" / "a.yml")), ("link.yml", "d/a.yml"),
    ):  # fmt: skip
        assert files([first, *others]) == [Path(first)]


def test_unreadable(tmp_path: Path) -> None:
    _, _, (found,) = load(tmp_path)
    assert (found.code, found.summary) == ("P100", f"cannot read '{tmp_path}': Is a directory")


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A pipe would be waited for, a device would never end."""
    os.mkfifo(tmp_path / "p.yml")
    (tmp_path / "big.yml").write_bytes(b"#" * 20_000_001)
    for path, reason in (
        (tmp_path / "p.yml", "Not a regular file"),
        (Path("/dev/zero"), "Not a regular file"),
        (tmp_path / "big.yml", "Larger than 20 MB"),
    ):
        _, _, (found,) = load(path)
        assert (found.code, found.summary) == ("P100", f"cannot read '{path}': {reason}")
