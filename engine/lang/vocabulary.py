"""What can be written for this type? Every filter, action and mode with its options, from classes and records alone.

What `engine schema` shows and what the editor's schema is made from; nothing is written down here a second time.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.lang.modes import MODES
from engine.lang.words import BLOCKS, action_applies, action_words, filter_words
from engine.model.json import Json
from engine.model.record import Operation, Option, ResourceType, Word
from engine.plugin.catalog import ALIASES, Catalog
from engine.plugin.params import parameters, schema_of

_BLOCK_TEXTS = {
    "and": "All of a list of filters pass.",
    "or": "At least one of a list of filters passes.",
    "not": "The filters of a list do not all pass.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its JSON schema, whether it must be given, its default, its unit, and what it means."""

    key: str
    schema: Mapping[str, Json]
    required: bool = False
    default: Json = None
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One filter, action or mode: a sentence, the whole text, options, facts about it, and examples.

    `of`: for a word that a record makes from a generic filter, that filter's word. `rename`: it is a second name of
    this word.
    """

    word: str
    summary: str
    text: str = ""
    options: tuple[Choice, ...] = ()
    facts: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    of: str = ""
    rename: str = ""
    presets: Mapping[str, Json] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether the word alone is enough."""
        return not any(option.required for option in self.options)


def filters_of(type: ResourceType, catalog: Catalog) -> list[Element]:
    """Every filter of a type, in the order of their words."""
    return [filter_of(word, type, catalog) for word in filter_words(type, catalog)]


def filter_of(word: str, type: ResourceType, catalog: Catalog) -> Element:
    """One filter of a type. Raises KeyError for a word it does not have."""
    if word in BLOCKS:
        return Element(word, _BLOCK_TEXTS[word], examples=(f"{word}: [{{State: a}}, {{State: b}}]",))
    if word not in filter_words(type, catalog):
        raise KeyError(word)
    record = type.filters.get(word)
    cls = catalog.filters.get(record.is_ if record else word)
    if cls is None:
        raise KeyError(word)
    return _made(word, record, cls) if record is not None else generic(word, cls)


def generic(word: str, cls: type) -> Element:
    """A filter, action or mode made by a parameter class."""
    text = inspect.cleandoc(cls.__doc__ or "")
    return Element(word, _sentence(text), text, tuple(choices(cls)), examples=tuple(getattr(cls, "EXAMPLES", ())))


def _made(word: str, record: Word, cls: type) -> Element:
    """A filter that a type's record makes from a generic one."""
    base = generic(record.is_, cls)
    own = tuple(_option(name, option) for name, option in record.options.items())
    names = {option.key for option in own}
    given = {p.key for p in parameters(cls) if p.name in record.with_}
    rest = () if record.fixed else tuple(_preset(o, given, record) for o in base.options if o.key not in names)
    says = record.says[:1].upper() + record.says[1:]
    facts = [f"made from the filter '{record.is_}'"]
    facts += [f"with {name.replace('_', '-')}: {_short(value)}" for name, value in record.with_.items()]
    facts += ["no other options can be given"] if record.fixed else []
    examples = tuple(e.replace(f"type: {record.is_}", f"type: {word}", 1) for e in base.examples if "{type:" in e)
    if record.fixed:
        shown = ((n, o) for n, o in record.options.items() if o.required or o.type != "string")
        told = "".join(f", {name}: {_example(option)}" for name, option in shown)
        examples = (f"{{type: {word}{told}}}" if told else word,)
    elif any(option.required for option in own):
        told = "".join(f", {each.key}: {_value(each.schema)}" for each in (*own, *rest) if each.required)
        examples = (f"{{type: {word}{told}}}",)
    text = f"{says}.\n\n{base.text}" if says else base.text
    return Element(word, f"{says}." if says else base.summary, text, own + rest, tuple(facts), examples, record.is_)


def _preset(choice: Choice, given: set[str], record: Word) -> Choice:
    if choice.key not in given:
        return choice
    value = record.with_.get(choice.key.replace("-", "_"))
    return Choice(choice.key, choice.schema, False, value, choice.unit, choice.text)


def actions_of(type: ResourceType, catalog: Catalog) -> list[Element]:
    """Every action of a type, in the order of their words."""
    return [action_of(word, type, catalog) for word in action_words(type, catalog)]


def action_of(word: str, type: ResourceType, catalog: Catalog) -> Element:
    """One action of a type. Raises KeyError for a word it does not have."""
    name = ALIASES["actions"].get(word, word)
    operation = type.operations.get(name)
    if operation is not None and not operation.hidden:
        return _operation(word, operation, type)
    cls = catalog.actions.get(name)
    if cls is None or not action_applies(name, type, catalog):
        raise KeyError(word)
    made = generic(word, cls)
    if name == word:
        return made
    return Element(word, f"The same as '{name}'.", made.text, made.options, made.facts, made.examples, rename=name)


def _operation(word: str, operation: Operation, type: ResourceType) -> Element:
    facts = [f"call {operation.call}"]
    facts += [f"left alone: what {operation.when_says}"] if operation.when_says else []
    facts.append(reversal(operation, word, type))
    facts += [f"up to {operation.most} resources in one call"] if operation.batch else []
    options = tuple(_option(name, option) for name, option in operation.options.items())
    required = "".join(f", {name}: {_example(o)}" for name, o in operation.options.items() if o.required)
    says = operation.says or f"{word.replace('-', ' ').capitalize()} the resource."
    return Element(word, says, says, options, tuple(facts), (f"{{type: {word}{required}}}" if required else word,))


def reversal(operation: Operation, word: str, type: ResourceType) -> str:
    """How an operation is undone, or why it cannot be."""
    if operation.undo.startswith("none"):
        reason = operation.undo.partition(":")[2].strip()
        return "cannot be undone" + (f": {reason}" if reason else "")
    if not operation.undo:
        return "cannot be undone"
    other = type.operations.get(operation.undo)
    back = operation.undo == word or (other is not None and other.hidden)
    return "undone by writing back what it was" if back else f"undone by {operation.undo}"


def modes() -> list[Element]:
    """Every mode."""
    return [generic(word, cls) for word, cls in MODES.items()]


def choices(cls: type) -> Iterable[Choice]:
    """The options of a parameter class that a policy may give."""
    schemas = schema_of(cls)["properties"]
    for p in parameters(cls):
        if not p.hidden:
            default = p.default if isinstance(p.default, str | int | float | bool) else None
            schema = {k: v for k, v in schemas[p.key].items() if k not in ("description", "default")}
            yield Choice(p.key, schema, p.required, default, p.says.unit, p.says.text)


def _option(name: str, option: Option) -> Choice:
    schema: dict[str, Json] = {} if option.type == "any" else {"type": option.type}
    if option.enum:
        schema |= {"items": {"enum": list(option.enum)}} if option.type == "array" else {"enum": list(option.enum)}
    limits = (("minimum", option.least), ("maximum", option.most))
    schema |= {key: limit for key, limit in limits if limit is not None}
    if option.words:
        schema = {"anyOf": [schema, {"enum": list(option.words)}]}
    return Choice(name, schema, option.required, option.default, text=option.says)


def _example(option: Option) -> str:
    number = f"{option.least or 1:g}"
    values = {"string": "…", "integer": number, "number": number, "boolean": "true", "array": "[…]", "object": "{…}"}
    if option.enum and option.type == "array":
        return f"[{option.enum[0]}]"
    return str(option.enum[0]) if option.enum else values.get(option.type, "…")


def _value(schema: Mapping[str, Json]) -> str:
    """A value that a schema allows, as examples write it."""
    if "enum" in schema:
        return str(schema["enum"][0])
    number = f"{schema.get('minimum') or 1:g}"
    return {"integer": number, "number": number, "boolean": "true"}.get(str(schema.get("type")), "…")


def _sentence(text: str) -> str:
    first = text.split("\n\n", 1)[0].replace("\n", " ")
    head, dot, _ = first.partition(". ")
    return head + ("." if dot else "")


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def type_text(schema: Json) -> str:
    """A JSON schema in words: `string`, `list of string`, `one of a, b`, `number from 0 to 100`."""
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_text(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return "filter"
    kind = schema.get("type", "any value")
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    if kind == "object" and schema.get("properties"):
        return "{" + ", ".join(schema["properties"]) + "}"
    low, high = schema.get("minimum"), schema.get("maximum")
    limits = (f" from {low}" if low is not None else "") + (f" to {high}" if high is not None else "")
    return f"{'mapping' if kind == 'object' else kind}{limits}"
