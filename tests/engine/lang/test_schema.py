"""The editor's schema accepts what the checker accepts, and refuses what it refuses for its form."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.lang.schema import policy_schema, schema_text
from engine.lang.vocabulary import actions_of, filters_of, modes
from engine.plugin.discover import catalog

ROOT = Path(__file__).parents[3]
CATALOG = catalog()
SCHEMA = policy_schema(CATALOG)
VALIDATOR = Draft7Validator(SCHEMA)
FILES = sorted(p for folder in ("policies", "examples") for p in (ROOT / folder).rglob("*.yml"))
SHIPPED = [p for p in FILES if "policies" in (yaml.safe_load(p.read_text(encoding="utf-8")) or {})]


class OneType:
    """A provider of one type, so that a validation looks at that type's definitions only."""

    def words(self) -> list[str]:
        return ["ec2"]

    def type(self, word: str) -> Any:
        if word.removeprefix("aws.") != "ec2":
            raise KeyError(word)
        return CATALOG.provider.type(word)

    def misfits(self, *call: Any) -> Any:
        return CATALOG.provider.misfits(*call)


SMALL: Any = dataclasses.replace(CATALOG, provider=OneType())  # type: ignore[arg-type]
QUICK = Draft7Validator(policy_schema(SMALL))
EVERY = sorted({t.word for t in map(CATALOG.provider.type, CATALOG.provider.words()) if t.origin == "curated"})


def refused(policy: Any, by: Draft7Validator = QUICK) -> list[str]:
    return [error.message for error in by.iter_errors({"policies": [policy]})]


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert json.loads(schema_text(SCHEMA)) == SCHEMA


def test_committed_copy_is_fresh() -> None:
    committed = (ROOT / "docs" / "policy.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(SCHEMA), "make it anew: engine schema --json > docs/policy.schema.json"


@pytest.mark.parametrize("path", SHIPPED, ids=[str(p.relative_to(ROOT)) for p in SHIPPED])
def test_shipped_policies(path: Path) -> None:
    errors = list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert [e.message for e in errors] == []


def examples() -> list[Any]:
    found = []
    for word in EVERY:
        type = CATALOG.provider.type(word)
        for key, elements in (("filters", filters_of(type, CATALOG)), ("actions", actions_of(type, CATALOG))):
            shared = [e for e in elements if word == "ec2" or e.facts or e.of]
            found += [pytest.param(word, key, e.examples, id=f"{word}.{key}.{e.word}") for e in shared]
    return found


@pytest.mark.parametrize(("word", "key", "texts"), examples())
def test_examples(word: str, key: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        if "…" in text:
            continue
        policy = {"name": "p", "resource": word, key: [yaml.safe_load(text)]}
        assert refused(policy, VALIDATOR) == [], text


@pytest.mark.parametrize("mode", [m.word for m in modes()])
def test_modes(mode: str) -> None:
    more = {"schedule": {"schedule": "rate(1 hour)"}, "config-poll-rule": {"schedule": "One_Hour"}}
    events = {
        "cloudtrail": ["RunInstances"],
        "ec2-instance-state": ["running"],
        "asg-instance-state": ["launch-success"],
    }
    own = more.get(mode, {}) | ({"events": events[mode]} if mode in events else {})
    assert refused({"name": "p", "resource": "ec2", "mode": {"type": mode, **own}}) == []


FORMS = {
    *("C200", "C201", "C202", "C203", "C204", "C205", "C207", "C210", "C211", "C212", "C213", "C214", "C217"),
    *("C220", "C221", "C222", "C223"),
}
BASE: dict[str, Any] = {
    "name": "p",
    "resource": "aws.ec2",
    "description": "x",
    "tags": ["a"],
    "mode": {"type": "periodic", "schedule": "rate(1 hour)"},
    "query": [{"instance-state-name": "running"}],
    "max-resources": {"amount": 5, "percent": 10, "op": "and"},
    "conditions": [{"region": "us-east-1"}],
    "guard": [{"tag:AllowStop": "true"}],
    "filters": [
        {"State.Name": "running"},
        "ephemeral",
        {
            "or": [
                {"not": [{"type": "value", "key": "a", "op": "in", "value": [1]}]},
                {"type": "instance-age", "days": 5},
            ]
        },
        {"type": "metrics", "name": "CPUUtilization", "value": 5, "days": 7},
        {"type": "list-item", "key": "A", "attrs": [{"type": "value", "key": "b", "value": 1}, {"c": {"d": 1}}]},
        {"type": "security-group", "key": "GroupName", "value": "x"},
        {"type": "image-age", "days": 30},
    ],
    "actions": [
        "stop",
        {"type": "tag", "key": "A", "value": "b"},
        {"type": "set-metadata-access", "tokens": "required"},
    ],
}
JUNK: list[Any] = [None, 5, "nonsense", ["nonsense"], {"type": "nonsense"}, {"a": 1, "b": 2}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, below in inner for place in places(below, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {k: put(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    return [put(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def problems(policy: Any) -> set[str]:
    parsed, found = policy_from(policy)
    if parsed is None:
        return {d.code for d in found}
    return {d.code for d in check(parsed, SMALL)[1]}


def test_base_is_right() -> None:
    assert problems(BASE) == set()
    assert refused(BASE) == []


@pytest.mark.parametrize("path", places(BASE), ids=lambda p: ".".join(map(str, p)) or "policy")
def test_mutants(path: tuple[Any, ...]) -> None:
    mutants = [put(BASE, path, junk) for junk in JUNK]
    if isinstance(at(BASE, path), dict):
        mutants.append(put(BASE, path, {**at(BASE, path), "nonsense": 1}))
    for mutant in mutants:
        codes = problems(mutant)
        if not codes:
            assert refused(mutant) == [], mutant
        elif codes & FORMS:
            assert refused(mutant), (codes, mutant)


def test_placeholders_may_stand_for_numbers() -> None:
    policy = {**BASE, "vars": {"n": 5}, "filters": [{"type": "metrics", "name": "x", "value": "{n}"}]}
    assert problems(policy) == set()
    assert refused(policy) == []
