"""What may an editor offer and mark? The JSON schema of policy files, made from the parameter classes and the records.

Draft-07, which YAML language servers know best. A policy's `resource` decides (by `if`/`then`) which filters and
actions are offered; each is told by its `type`. The schema is never stricter than the checker: it knows words, keys,
kinds and limits, not what options mean together. Where a number may stand, a placeholder may.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.lang.keys import ON_UNKNOWN, SOURCES
from engine.lang.vocabulary import Choice, Element, actions_of, filters_of, generic, modes
from engine.lang.words import BLOCKS
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import Catalog

Schema = dict[str, Json]

DRAFT = "http://json-schema.org/draft-07/schema#"
_PLACEHOLDER: Schema = {"type": "string", "pattern": r"^\{[A-Za-z_][^{}]*\}$"}
_DOTTED = r"^(aws\.)?[a-z0-9-]+\.[a-z0-9-]+$"
_TEXTS = {
    "description": "what the policy is for",
    "comment": "a note",
    "comments": "a note",
    "title": "a short title",
    "region": "old: use conditions",
    "start": "old: use conditions",
    "end": "old: use conditions",
    "tz": "has no effect",
}


def schema_text(schema: Schema) -> str:
    """A schema as it is kept in a file: a definition a line, so that a change is one line of a diff."""

    def text(value: Json) -> str:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    definitions = ",\n".join(f"{text(name)}:{text(each)}" for name, each in sorted(schema["definitions"].items()))
    rest = [f"{text(key)}:{text(value)}" for key, value in sorted(schema.items()) if key != "definitions"]
    return "{\n" + ",\n".join(rest) + ',\n"definitions":{\n' + definitions + "\n}\n}\n"


def policy_schema(catalog: Catalog) -> Schema:
    """The schema of a policy file. Types that only the SDK's models tell of are known by the form of their words."""
    types = {word: catalog.provider.type(word) for word in catalog.provider.words() if "." not in word}
    own = {type.word: type for type in types.values()}
    spelled: dict[str, list[str]] = {word: [] for word in own}
    for word, type in types.items():
        spelled[type.word] += [word, f"aws.{word}"]
    definitions: Schema = {
        "placeholder": {**_PLACEHOLDER, "description": "a variable that is a number"},
        "modes": {"anyOf": [_typed(mode) for mode in modes()]},
        "shorthand": _shorthand(nested=False),
        "member": _member(catalog),
    }
    for type in own.values():
        definitions |= _of_type(type, catalog, definitions)
    definitions["policy"] = _policy(own, spelled)
    return {
        "$schema": DRAFT,
        "title": "policies",
        "type": "object",
        "properties": {
            "policies": {"type": "array", "items": {"$ref": "#/definitions/policy"}},
            "vars": {"type": ["object", "null"], "description": "variables: {name} in a policy takes the value"},
        },
        "required": ["policies"],
        "additionalProperties": False,
        "definitions": definitions,
    }


def _policy(types: Mapping[str, ResourceType], spelled: Mapping[str, list[str]]) -> Schema:
    every = sorted(word for words in spelled.values() for word in words)
    texts = {key: {"type": "string", "description": text} for key, text in _TEXTS.items()}
    lists = ("filters", "guard", "conditions", "actions")
    return {
        "type": "object",
        "required": ["name", "resource"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "pattern": "^[A-z][A-z0-9]*(-[A-z0-9]+)*$", "description": "a name of its own"},
            "resource": {"anyOf": [{"enum": every}, {"pattern": _DOTTED}], "description": "the resource type"},
            **texts,
            "tags": {"type": "array", "items": {"type": "string"}, "description": "labels of the policy"},
            "metadata": {"type": "object", "description": "anything; conditions may read it"},
            "vars": {"type": "object", "description": "variables of this policy"},
            "mode": {"$ref": "#/definitions/modes", "description": "when it runs, where it is deployed"},
            "source": {"enum": list(SOURCES), "description": "where resources are read from"},
            "on-unknown": {"enum": list(ON_UNKNOWN), "description": "what becomes of what could not be judged"},
            "query": {"type": ["array", "null"], "items": {"type": "object"}, "description": "asked of the list call"},
            "max-resources": _limit(),
            "max-resources-percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
            "filters": {"description": "what a resource must pass"},
            "guard": {"description": "what it must pass besides before anything is changed"},
            "conditions": {"description": "what must hold for the policy to run at all"},
            "actions": {"description": "what to do with those that pass"},
        },
        "allOf": [
            {
                "if": {"properties": {"resource": {"enum": spelled[word]}}, "required": ["resource"]},
                "then": {
                    "properties": {
                        key: {
                            "type": ["array", "null"],
                            "items": {"$ref": f"#/definitions/{word}.{'action' if key == 'actions' else 'filter'}"},
                        }
                        for key in lists
                    }
                },
            }
            for word in types
        ],
    }  # fmt: skip


def _limit() -> Schema:
    amount = {"type": "integer", "minimum": 1}
    percent = {"type": "number", "minimum": 0, "maximum": 100}
    both = {"amount": amount, "percent": percent, "op": {"enum": ["and", "or"]}}
    mapping = {"type": "object", "properties": both, "additionalProperties": False}
    return {"anyOf": [amount, {"$ref": "#/definitions/placeholder"}, mapping], "description": "stop where more match"}


def _of_type(type: ResourceType, catalog: Catalog, known: Mapping[str, Json]) -> Schema:
    """The definitions of one type's filters and actions; what is the same for every type is defined once."""
    made: Schema = {}
    for kind, elements in (("filter", filters_of(type, catalog)), ("action", actions_of(type, catalog))):
        alternatives: list[Json] = []
        bare = [e.word for e in elements if e.bare and e.word not in BLOCKS]
        if bare:
            alternatives.append({"enum": bare})
        for element in elements:
            if element.word in BLOCKS:
                continue
            shared = not element.facts and not element.of
            name = f"{kind}.{element.word}" if shared else f"{type.word}.{kind}.{element.word}"
            if name not in known:
                made[name] = _typed(element)
            if element.of and (cls := catalog.filters.get(element.of)) is not None:
                options = f"options.{element.of}"
                made[options] = known.get(options) or _options(generic(element.of, cls))
                _share(made[name], made[options], f"#/definitions/{options}")
            alternatives.append({"$ref": f"#/definitions/{name}"})
        if kind == "filter":
            alternatives += [_blocks(f"{type.word}.filter"), {"$ref": "#/definitions/shorthand"}]
        made[f"{type.word}.{kind}"] = {"anyOf": alternatives} if alternatives else False
    return made


def _options(element: Element) -> Schema:
    """The options of a generic filter, for the words that records make from it."""
    typed = _typed(element)
    return {"type": "object", "properties": {**typed["properties"], "type": True}, "additionalProperties": False}


def _share(schema: Schema, base: Schema, where: str) -> None:
    """Says by a reference what a record's word has in common with the generic filter, all of it or option by option."""
    properties, known = schema["properties"], base["properties"]
    for key in set(properties) & set(known) - {"type"}:
        if _kind(properties[key]) == _kind(known[key]):
            properties[key] = {"$ref": f"{where}/properties/{key}"}
    if set(properties) == set(known) and all("$ref" in properties[key] for key in properties if key != "type"):
        schema["properties"] = {"type": properties["type"]}
        schema["allOf"] = [{"$ref": where}]
        del schema["additionalProperties"]


def _kind(schema: Json) -> Json:
    """A schema without what is said only for people."""
    return {k: v for k, v in schema.items() if k not in ("description", "default")}


def _member(catalog: Catalog) -> Schema:
    """A filter inside a filter: value filters and blocks of them."""
    cls = catalog.filters.get("value")
    value = [_typed(generic("value", cls))] if cls is not None else []
    return {"anyOf": [*value, _blocks("member"), _shorthand(nested=True)]}


def _blocks(of: str) -> Schema:
    members = {"type": "array", "items": {"$ref": f"#/definitions/{of}"}}
    blocks = dict.fromkeys(BLOCKS, members)
    return {
        "type": "object",
        "properties": blocks,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _shorthand(nested: bool) -> Schema:
    value: Json = True if nested else {"not": {"type": "object"}}
    return {
        "type": "object",
        "description": "key: value, short for a value filter",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"not": {"enum": ["type", *BLOCKS]}},
        "additionalProperties": value,
    }


def _typed(element: Element) -> Schema:
    """The mapping form of an element, told by its `type`."""
    properties = {o.key: _option(o) for o in element.options}
    return {
        "type": "object",
        "description": element.summary,
        "properties": {"type": {"const": element.word, "description": element.summary}, **properties},
        "required": ["type", *(o.key for o in element.options if o.required)],
        "additionalProperties": False,
    }


def _option(choice: Choice) -> Schema:
    schema = _rewritten(choice.schema)
    unit = f" ({choice.unit})" if choice.unit else ""
    if choice.text or unit:
        schema = {**schema, "description": f"{choice.text}{unit}"}
    if choice.default not in (None, ""):
        schema = {**schema, "default": choice.default}
    return schema


def _rewritten(schema: Mapping[str, Json]) -> Schema:
    """Filters inside a filter point to `member`; a number may be a placeholder."""
    if schema.get("$ref"):
        return {"$ref": "#/definitions/member"}
    if schema.get("type") in ("number", "integer"):
        return {"anyOf": [dict(schema), {"$ref": "#/definitions/placeholder"}]}
    made: Schema = dict(schema)
    if "anyOf" in schema:
        made["anyOf"] = _flat(_rewritten(each) for each in schema["anyOf"])
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), Mapping):
            made[key] = _rewritten(schema[key])
    if isinstance(schema.get("properties"), Mapping):
        made["properties"] = {name: _rewritten(each) for name, each in schema["properties"].items()}
    return made


def _flat(schemas: Iterable[Schema]) -> list[Schema]:
    """Alternatives without alternatives inside them, each once."""
    flat = [inner for each in schemas for inner in (each["anyOf"] if set(each) == {"anyOf"} else [each])]
    return [each for i, each in enumerate(flat) if each not in flat[:i]]
