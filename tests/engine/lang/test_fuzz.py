"""Whatever a file or a Python value holds: diagnostics, never a traceback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.lang.check import Environment, check
from engine.lang.lint import lint
from engine.lang.load import policy_from
from engine.lang.parse import parse, same_names
from engine.lang.source import loads
from engine.model.diagnostic import Diagnostic
from engine.plugin.discover import catalog
from engine.plugin.params import parameters
from engine.report.diagnostics import Checked, report

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ENVIRONMENT = Environment(now=datetime(2026, 11, 21, tzinfo=UTC), variables={"owner": "finance", "list": [1, 2]})

VALID = """\
vars: {team: &team web}
policies:
  - name: idle-ec2
    resource: aws.ec2
    description: some text
    tags: [cost, "team:web"]
    metadata: {severity: low}
    mode: {type: periodic, schedule: rate(1 hour), role: arn}
    conditions: [{region: us-east-1}]
    query: [{instance-state-name: running}]
    max-resources: {amount: 5, percent: 10, op: and}
    filters:
      - State.Name: running
      - "tag:Owner": absent
      - or:
          - {type: value, key: LaunchTime, value_type: age, op: gt, value: 30}
          - not: [{type: value, key: ImageId, op: in, value: [a, b]}]
      - {type: metrics, name: CPUUtilization, days: 7, op: lt, value: 5}
      - {type: list-item, key: BlockDeviceMappings, attrs: [{Ebs.VolumeId: present}]}
      - {type: marked-for-op, op: stop, tz: et}
      - {type: offhour, offhour: 19, default_tz: et}
      - {type: reduce, group-by: "tag:App", sort-by: LaunchTime, limit-percent: 10}
      - {type: value, key: ImageId, op: not-in, value_from: {url: "s3://b/k.csv", expr: 0}}
    guard: [{"tag:AllowStop": "true"}]
    actions:
      - stop
      - {type: tag, key: Team, value: *team}
      - {type: mark-for-op, op: terminate, days: 4, msg: "x: {op}@{action_date}"}
      - {type: snapshot, copy-tags: [Name]}
"""
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 10**400, 2**63, 0.5, float("inf"), float("nan"), "", "{", "}", "{now:", "{owner}",
    "{policy[x]}", "{policy.name}", "{account_id:9999d}", "{now:+99999999999999d}", "{{", "*", "(", "[[", "a[", "a[?",
    "`", "tag:", "tag:x", "\x00", "\ud800", "é\u2028", "x" * 5000, "(" * 3000, "a[" + "9" * 5000 + "]", "{1,2}",
    [], {}, [[]], [{}], [None], {"type": None}, {"type": []}, {"type": "value"}, {"and": []}, {"or": {}}, {"not": [5]},
    {"": ""}, {"a": 1, "b": 2}, [1, "2", {"c": [3]}], {"type": "mark-for-op", "op": {}}, b"bytes", {1, 2}, object(),
    "a|" * 4000, "a[?" + "b&&" * 900 + "c]", "(?:" * 500, "(a|aa)+$", "\x1b[2J\u202e",
)  # fmt: skip


def complaints(raw: bytes, as_json: bool = False) -> list[Diagnostic]:
    node, text, problems = loads(raw, "fuzz.yml", as_json)
    policies, wrong = parse(node, "fuzz.yml")
    problems = [*problems, *wrong, *same_names(policies)]
    for policy in policies:
        checked, found = check(policy, catalog(), ENVIRONMENT)
        problems += found if checked is None else lint(checked)
    report(Checked(problems, policies, {"fuzz.yml": text}), color=False).encode()
    return problems


def complaints_of(data: Any) -> list[Diagnostic]:
    policy, problems = policy_from(data)
    if policy is None:
        assert problems
        return problems
    checked, found = check(policy, catalog(), ENVIRONMENT)
    found = found if checked is None else lint(checked)
    report(Checked(found), color=False).encode()
    return found


def test_seed() -> None:
    assert [d.code for d in complaints(VALID.encode())] == ["W325"]


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    assert complaints(raw)
    complaints(raw, as_json=True)


@QUICK
@given(st.text(alphabet="policies:nam-er[]{},&*!|>'\"\\#%@`?<~\t\n\r\ufeff 0123.éx", max_size=120))
def test_yaml_like(text: str) -> None:
    assert complaints(text.encode())


@QUICK
@given(st.data())
def test_mutated_text(data: st.DataObject) -> None:
    text = VALID
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = at + data.draw(st.integers(0, 12))
        extra = ["", " ", "\t", "\n", ": ", "- ", "[", "}", "&a ", "*a", "<<: ", "!!int ", "2026-13-45", "{x}", "\r\n"]
        text = text[:at] + data.draw(st.sampled_from(extra)) + text[until:]
    complaints(text.encode())


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, below in inner for place in places(below, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {k: put(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    return [put(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


POLICY = yaml.safe_load(VALID)["policies"][0]


@pytest.mark.parametrize("path", places(POLICY), ids=lambda p: ".".join(map(str, p)))
def test_junk_everywhere(path: tuple[Any, ...]) -> None:
    for junk in JUNK:
        complaints_of(put(POLICY, path, junk))


@pytest.mark.parametrize("key", ["filters", "conditions", "guard", "actions", "query", "mode", "vars", "metadata"])
@QUICK
@given(
    value=st.recursive(
        st.sampled_from(JUNK) | st.sampled_from(["value", "metrics", "stop", "tag", "related", "age", "state"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "key", "op", "value", "and", "not", "days"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_nested_junk(key: str, value: Any) -> None:
    complaints_of({"name": "a", "resource": "ec2", key: value})


def pieces() -> st.SearchStrategy[tuple[str, str, Any]]:
    shelves = (("filters", catalog().filters), ("actions", catalog().actions))
    return st.sampled_from([(key, word, shelf.get(word)) for key, shelf in shelves for word in shelf.words()])


@settings(QUICK, max_examples=500)
@given(piece=pieces(), data=st.data())
def test_pieces_with_junk(piece: tuple[str, str, Any], data: st.DataObject) -> None:
    key, word, cls = piece
    names = st.sampled_from([p.key for p in parameters(cls)] or ["x"])
    options = data.draw(st.dictionaries(names, st.sampled_from(JUNK), max_size=4))
    complaints_of({"name": "a", "resource": "ec2", key: [{"type": word, **options}]})


def cycle() -> Any:
    value: list[Any] = []
    value += [value, value]
    return value


@pytest.mark.parametrize(
    "data",
    [None, 5, "x", [], {}, object(), {"name": cycle(), "resource": "ec2"}, {5: 5, None: None}, [[[[]]]]],
    ids=str,
)
def test_any_value(data: Any) -> None:
    assert complaints_of(data)


HOSTILE = {
    "deep-flow": ("[" * 100_000).encode(),
    "deep-block": b"- " * 100_000,
    "deep-maps": b"? " * 50_000,
    "bomb": b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 10)) for c in range(98, 112)),
    "merge-bomb": b"a: &a {x: 1}\n"
    + b"".join(b"%c: &%c {<<: [*%c, *%c], y: *%c}\n" % (c, c, c - 1, c - 1, c - 1) for c in range(98, 122)),
    "cycle": b"policies: &a [*a]",
    "cycle-map": b"policies: &a {b: *a}",
    "binary": b"policies: !!binary aGk=",
    "python": b"policies: !!python/object:os.system []",
    "huge-int": b"policies: " + b"9" * 5000,
    "hex-int": b"policies: 0x" + b"f" * 5000,
    "bad-date": b"policies: [2026-13-45]",
    "tabs": b"policies:\n\t- name: x",
    "bom": b"\xef\xbb\xbfpolicies: []x",
    "utf-16": "policies: []".encode("utf-16"),
    "crlf": b"policies:\r\n- nam: x\r\n",
    "duplicates": b"policies: [{name: a, name: b, resource: ec2, filters: [{x: 1, x: 2}]}]\npolicies: []",
    "keys": b"policies: [{1: 2, [3]: 4, {5: 6}: 7, null: 8, true: 9, 2026-01-01: 10}]",
    "documents": b"a: 1\n---\nb: 2",
    "nul": b"policies: \x00",
    "long-line": b"policies: [{name: " + b"x" * 100_000 + b"]",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.timeout(5)
def test_hostile(raw: bytes) -> None:
    assert complaints(raw)
    assert complaints(raw, as_json=True)


@pytest.mark.parametrize(
    "text", ["NaN", "[NaN]", '"\\ud800"', '{"policies": "\\ud800"}', "[" * 5000, "1e999", "9" * 5000, "{,}"]
)
def test_hostile_json(text: str) -> None:
    assert complaints(text.encode(), as_json=True)


def test_json_and_yaml_agree() -> None:
    data = yaml.safe_load(VALID)
    text = json.dumps(data, indent=2).encode()
    assert [d.code for d in complaints(text, as_json=True)] == [d.code for d in complaints(text)]


@pytest.mark.parametrize(
    "number", ["0x" + "f" * 5000, "9" * 5000, "-" + "9" * 4000, "1e999999", ":".join(["59"] * 3000)]
)
def test_numbers_of_thousands_of_digits(number: str) -> None:
    """Python itself refuses to write them out; the message must not try."""
    for key in ("value", "key", "op"):
        text = f"policies: [{{name: a, resource: ec2, filters: [{{type: value, key: k, value: 1, {key}: {number}}}]}}]"
        assert complaints(text.encode())
        assert complaints(
            f'{{"policies": [{{"name": "a", "resource": "ec2", "max-resources": {number}}}]}}'.encode(), as_json=True
        )
