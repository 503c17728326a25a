"""What can be written for a type, as data."""

from __future__ import annotations

import pytest

from engine.lang.vocabulary import action_of, actions_of, filter_of, filters_of, modes, type_text
from engine.plugin.discover import catalog

CATALOG = catalog()
EVERY = sorted({t.word for t in map(CATALOG.provider.type, CATALOG.provider.words()) if t.origin == "curated"})
EC2 = CATALOG.provider.type("ec2")


@pytest.mark.parametrize("word", EVERY)
def test_every_element_says_what_it_is(word: str) -> None:
    type = CATALOG.provider.type(word)
    for element in [*filters_of(type, CATALOG), *actions_of(type, CATALOG)]:
        assert element.summary.endswith("."), element.word
        assert element.examples, element.word


def test_modes() -> None:
    assert all(mode.summary.endswith(".") for mode in modes())


def test_generic_filter() -> None:
    metrics = filter_of("metrics", EC2, CATALOG)
    options = {option.key: option for option in metrics.options}
    assert (options["name"].required, options["days"].default, options["days"].unit) == (True, 14, "days")
    assert options["op"].schema["enum"][0] == "eq"
    assert not metrics.bare


def test_word_of_a_record() -> None:
    age = filter_of("image-age", EC2, CATALOG)
    assert (age.summary, age.of) == ("Age of the image it was started from.", "related")
    assert "no other options can be given" in age.facts
    assert [option.key for option in age.options] == ["days", "op"]
    group = filter_of("security-group", EC2, CATALOG)
    assert {"key", "value", "op", "match-resource"} <= {option.key for option in group.options}
    assert "join" not in {option.key for option in group.options}


def test_operation() -> None:
    stop = action_of("stop", EC2, CATALOG)
    assert "undone by start" in stop.facts
    assert stop.bare
    assert action_of("set-monitoring", EC2, CATALOG).examples == ("{type: set-monitoring, state: enable}",)
    assert "undone by writing back what it was" in action_of("set-monitoring", EC2, CATALOG).facts
    assert any(f.startswith("cannot be undone: ") for f in action_of("terminate", EC2, CATALOG).facts)


def test_second_name() -> None:
    assert action_of("mark", EC2, CATALOG).rename == "tag"


@pytest.mark.parametrize("word", ["nope", "allow-stop", "missing", "age"])
def test_unknown(word: str) -> None:
    with pytest.raises(KeyError):
        filter_of(word, EC2, CATALOG)
    with pytest.raises(KeyError):
        action_of(word, EC2, CATALOG)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "any value"),
        ({"type": "string"}, "string"),
        ({"enum": ["a", 1]}, "one of a, 1"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"type": "number", "minimum": 1, "maximum": 5}, "number from 1 to 5"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "array", "items": {"$ref": "#/x"}}, "list of filter"),
        ({"type": "object"}, "mapping"),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, "{a, b}"),
    ],
)
def test_type_text(schema: object, expected: str) -> None:
    assert type_text(schema) == expected
