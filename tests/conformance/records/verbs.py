"""The doing half of a record: operations with their options and ways back, and filter words."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping

from botocore.model import ListShape, OperationModel

from engine.model.record import Operation, Option, Word
from engine.plugin.params import parameters
from engine.plugin.paths import bound, roots
from providers.aws.sources import recorded

from .check import Check
from .marking import check_mark
from .path_types import ANY, TEXT, Many, Table, Type, element_of, scalar_of, table_of
from .reading import check_tag_form
from .surroundings import JSON_TYPES, listed_of, options_table, root_of, strings_in

WORDS = frozenset(
    "age attribute check-permissions config-compliance consecutive cross-account dangling egress has-statement ingress linked list-item metrics mirror missing network-location offhour onhour parts quota-usage reduce related state subnet unused usage value web-acl".split()  # noqa: SIM905
)
"""Generic filters that records build on."""


def check_operation(check: Check, where: str, name: str, operation: Operation) -> None:
    """A verb: the call, its parameters, guards, and the way back."""
    model = check.call(f"{where}.call", operation.service, operation.call)
    if model is None:
        return
    options = options_table(options_seen(check, name))
    check.terms = Table({k: check.path(f"{where}.terms.{k}", v, None, options) for k, v in operation.terms.items()})
    if not operation.terms:
        check.terms = Table(dict.fromkeys(terms_seen(check, name), ANY))
    check.each = check_each(check, where, operation, options)
    check.template(f"{where}.with", dict(operation.with_), model.input_shape, None, options)
    given = [*operation.with_]
    if operation.wait is not None:
        check_wait(check, f"{where}.wait", operation, options)
    if operation.over is not None:
        given += check_over(check, f"{where}.over", operation, model, options)
    for option_name, option in operation.options.items():
        check_option(check, f"{where}.options.{option_name}", option, model)
        given.append(option.to.split(".")[0] if option.to else "")
    if operation.new_tags is not None:
        check_new_tags(check, where, operation, model)
    if "*" not in given:
        check.required(where, model, given)
    check_target(check, where, operation, model)
    check_mark(check, f"{where}.mark", operation, model, options)
    paths = {"when": operation.when, "done": operation.done}
    paths |= {f"keep.{k}": v for k, v in operation.keep.items()}
    paths |= {f"instead.{k}": k for k in operation.instead}
    beside = (*operation.before_it, *operation.after_it)
    paths |= {f"beside.{k}": k for k in beside if k not in operation.options}
    paths |= {f"after {k}": k for k in operation.after}
    paths |= {f"after.{k}.{v}": v for k, told in operation.after.items() for v in strings_in(told)}
    for key, path in paths.items():
        if path:
            check.path(f"{where}.{key}", path, None, options)
    check_rules(check, where, operation.rules, options)
    if operation.when and not operation.when_says and not operation.hidden:
        check.say(f"{where}.when_says", "a guard needs its words")
    check_named(check, where, operation)
    check_undo(check, where, operation)
    read = [p for k, p in paths.items() if p and not k.startswith("done")]
    read += [path for path in (operation.each, *operation.terms.values()) if path]
    check_reads(check, where, operation, read)
    check.each, check.terms = None, Table({})


def check_rules(check: Check, where: str, rules: Mapping[str, str], options: Table) -> None:
    """What must hold of the options and of the policy they stand in."""
    policy = Table({"_mode": TEXT, "_regions": Many(TEXT), "_filters": Many(TEXT)})
    for rule in rules:
        check.path(f"{where}.rules.{rule}", rule, policy, options)


def check_each(check: Check, where: str, operation: Operation, options: Table) -> Type:
    """What the call is made for, an element; None where it is made once."""
    if not operation.each:
        return None
    element = element_of(check.path(f"{where}.each", operation.each, None, options))
    if element is None:
        check.say(f"{where}.each", "is no list")
    return ANY if element is None else element


def check_wait(check: Check, where: str, operation: Operation, options: Table) -> None:
    """What is waited for can be asked, and says so."""
    pause = operation.wait
    assert pause is not None
    if isinstance(pause.seconds, str):
        check.path(f"{where}.seconds", pause.seconds, None, options)
    if pause.call:
        model = check.call(f"{where}.call", pause.service or operation.service, pause.call)
        if model is not None:
            check.template(f"{where}.with", dict(pause.with_), model.input_shape, None, options)
            check.path(f"{where}.until", pause.until, model.output_shape)


def check_over(check: Check, where: str, operation: Operation, model: OperationModel, options: Table) -> list[str]:
    """The list call gives elements that the call takes; the parameters that they fill."""
    over = operation.over
    assert over is not None
    listing = check.call(f"{where}.call", operation.service, over.call)
    if listing is None:
        return []
    check.template(f"{where}.with", dict(over.with_), listing.input_shape, None, options)
    element = element_of(check.path(f"{where}.items", over.items, listing.output_shape, options))
    if over.failures:
        check.path(f"{where}.failures", over.failures, model.output_shape)
    table = table_of(element)
    if over.param:
        shape = check.member(f"{where}.param", model.input_shape, over.param)
        if not isinstance(shape, ListShape):
            check.say(f"{where}.param", "is no list")
        return [over.param.split(".")[0]]
    if table is None:
        check.say(f"{where}.items", "are no tables")
        return []
    for name in table.members:
        check.member(f"{where}.items", model.input_shape, name)
    return [*table.members]


def check_target(check: Check, where: str, operation: Operation, model: OperationModel) -> None:
    """Which resources and which region the call is for."""
    if operation.batch:
        batch = check.member(f"{where}.batch", model.input_shape, operation.batch)
        if not isinstance(batch, ListShape) or operation.batch not in operation.with_ or operation.most < 2:
            check.say(f"{where}.batch", "is no list parameter of several that 'with' fills")
    if operation.region:
        options = options_table(operation.options)
        check.path(f"{where}.region", operation.region, listed_of(check.by, check.record), options)


def check_named(check: Check, where: str, operation: Operation) -> None:
    """Operations that it leads to are there."""
    beside = (*operation.before_it.values(), *operation.after_it.values())
    named = [*operation.instead.values(), *(n for names in beside for n in names)]
    for each in named:
        if each not in check.record.operations:
            check.say(where, f"there is no operation '{each}'")


def check_undo(check: Check, where: str, operation: Operation) -> None:
    """The way back exists and takes what is kept."""
    if operation.undo.startswith("none: ") and len(operation.undo) > 12:
        if operation.keep:
            check.say(f"{where}.keep", "nothing takes it")
        return
    back = check.record.operations.get(operation.undo)
    if back is None:
        check.say(f"{where}.undo", f"'{operation.undo}' is neither an operation nor 'none: reason'")
        return
    for key in operation.keep:
        if key not in back.options:
            check.say(f"{where}.keep.{key}", f"is no option of '{operation.undo}'")
    for key, option in back.options.items():
        if option.required and key not in operation.keep:
            check.say(f"{where}.keep", f"'{operation.undo}' needs '{key}'")


def check_reads(check: Check, where: str, operation: Operation, paths: Iterable[str]) -> None:
    """Facets that its paths need are named."""
    for name in operation.reads:
        if name not in check.record.facets:
            check.say(f"{where}.reads", f"there is no facet '{name}'")
    named = {check.record.facets[n].attribute for n in operation.reads if n in check.record.facets}
    listed = set(listed_of(check.by, check.record).members)
    if check.record.list.gives:
        listed = set(check.record.list.gives)
    every = [*paths, *strings_in(operation.with_)]
    for path in every:
        try:
            wanted = roots(bound(path, {}))  # what only an option asks for is read where it does
        except ValueError:
            continue
        for root in wanted - listed:
            if root.startswith("_") or root in ("@", "Tags") or root in named or "" in named:
                continue
            check.say(f"{where}.reads", f"'{root}' needs a facet that is not named")


def check_type(check: Check, where: str, option: Option) -> None:
    """One of the types that options have."""
    if option.type not in ("string", "integer", "number", "boolean", "array", "object", "any"):
        check.say(where, f"'{option.type}' is no type")


def check_option(check: Check, where: str, option: Option, model: OperationModel) -> None:
    """One option goes to a parameter of its type."""
    check_type(check, f"{where}.type", option)
    if not option.to or option.to == "*":
        return
    shape = check.member(f"{where}.to", model.input_shape, option.to)
    if shape is None or option.type == "any":
        return
    if option.form:
        check_tag_form(check, f"{where}.form", option.form, shape)
        return
    wanted = {"list": "array", "structure": "object", "map": "object"}.get(shape.type_name, scalar_of(shape))
    wanted = "text" if wanted == "date" else wanted
    if JSON_TYPES.get(option.type, option.type) != wanted:
        check.say(f"{where}.type", f"the parameter is {shape.type_name}")
    for value in option.enum:
        if getattr(shape, "enum", None) and value not in shape.enum:
            check.say(f"{where}.enum", f"the SDK knows no '{value}'")


def options_seen(check: Check, name: str) -> Mapping[str, Option]:
    """An operation's options, and those of operations that lead to it."""
    seen = dict(check.record.operations[name].options)
    for other in check.record.operations.values():
        beside = (*other.before_it.values(), *other.after_it.values())
        if name in other.instead.values() or any(name in names for names in beside):
            seen = {**other.options, **seen}
    return seen


def terms_seen(check: Check, name: str) -> list[str]:
    """The terms of operations that lead to this one."""
    leading = [
        other
        for other in check.record.operations.values()
        for words in (*other.before_it.values(), *other.after_it.values(), tuple(other.instead.values()))
        if name in words
    ]
    return [term for other in leading for term in other.terms]


def check_new_tags(check: Check, where: str, operation: Operation, model: OperationModel) -> None:
    """Tags on what is made go where the SDK takes them."""
    assert operation.new_tags is not None
    shape = check.member(f"{where}.new_tags.to", model.input_shape, operation.new_tags.to)
    if not operation.new_tags.kind:
        check_tag_form(check, f"{where}.new_tags", "pairs", shape)
    elif isinstance(shape, ListShape):
        kinds = shape.member.members.get("ResourceType")
        if kinds is None or operation.new_tags.kind not in kinds.enum:
            check.say(f"{where}.new_tags.kind", f"EC2 knows no '{operation.new_tags.kind}'")
    if not {"tags", "copy-tags"} <= set(operation.options):
        check.say(f"{where}.options", "new_tags need the options 'tags' and 'copy-tags'")


def check_word(check: Check, where: str, word: Word) -> None:
    """A filter word: the generic filter exists and takes its presets."""
    if word.is_ not in WORDS:
        check.say(f"{where}.is", f"'{word.is_}' is no generic filter for records")
        return
    if not word.says:
        check.say(where, "says nothing")
    check_presets(check, where, word)
    for key, option in word.options.items():
        check_type(check, f"{where}.options.{key}.type", option)
    options = options_table(word.options)
    if word.is_ == "state":
        options = Table({**options.members, "_account": TEXT, "_region": TEXT})
    own = ("where", "group_by") if word.is_ == "reduce" else ("without_attrs",) if word.is_ == "list-item" else ()
    for key in ("expression", "of", "shared", "among", "also", "date", "running", "stopped", "id", "name", *own):
        if isinstance(word.with_.get(key), str):
            check.path(f"{where}.with.{key}", word.with_[key], None, options)
    check_inner(check, where, word, options)
    check_rules(check, where, word.rules, options)
    if word.is_ == "list-item" and "join" in word.with_:
        check_elements(check, where, word)
    elif "join" in word.with_ or word.is_ == "related":
        check_related(check, where, word, options)
    for join in (*word.with_.get("joins", ()), *word.with_.get("asked", {}).values()):
        if join not in check.record.joins:
            check.say(f"{where}.with.joins", f"there is no join '{join}'")
    for each in word.with_.get("by", ()):
        other = check.other(f"{where}.with.by", each.get("type", ""))
        if other is not None:
            check.path(f"{where}.with.by", each.get("path", "missing"), root_of(check.by, other))


def check_inner(check: Check, where: str, word: Word, options: Table) -> None:
    """Paths that read a part of the resource, or what names it."""
    asked = "simulation" if word.is_ == "check-permissions" else word.with_.get("ask", "")
    if asked not in ("", *check.record.facets):
        check.say(f"{where}.with.ask", f"there is no facet '{asked}'")
    if word.is_ == "list-item" and "ask" not in word.with_:
        found = check.path(f"{where}.with.key", word.with_.get("key", "''"), None, options)
        if element_of(found) is None:
            check.say(f"{where}.with.key", "is no list")
    if word.is_ == "consecutive":
        backup = element_of(check.path(f"{where}.with.of", word.with_.get("of", "''"), None, options))
        for key, path in (("made", word.with_.get("made", "''")), ("state", word.with_.get("state", "Status"))):
            check.path(f"{where}.with.{key}", path, backup)
    for part, path in word.with_["of"].items() if word.is_ == "parts" else ():
        if element_of(check.path(f"{where}.with.of.{part}", path)) is None:
            check.say(f"{where}.with.of.{part}", "is no list")
    for name, path in word.with_.get("own", {}).items() if word.is_ == "metrics" else ():
        check.textual(f"{where}.with.own.{name}", check.path(f"{where}.with.own.{name}", path))
    if word.is_ == "linked":
        check_linked(check, where, word, options)
    if "kind" in word.with_ and word.with_["kind"] not in recorded():
        check.say(f"{where}.with.kind", f"AWS Config records no {word.with_['kind']}")
    if "acls" in word.with_:
        acls = check.other(f"{where}.with.acls", word.with_["acls"])
        if acls is not None:
            check.path(f"{where}.with.at", word.with_.get("at", "''"), root_of(check.by, acls))


def check_presets(check: Check, where: str, word: Word) -> None:
    """The generic filter takes the presets and the options that the word's own lead to."""
    module = f"engine.filters.{word.is_.replace('-', '_')}"
    if importlib.util.find_spec(module) is not None:
        cls = check.by.filters.get(word.is_)
        known = {p.name: p.key for p in parameters(cls)} if cls is not None else {}
        for key in (*word.with_, *word.bare):
            if key not in known:
                check.say(f"{where}.with", f"{word.is_} takes no '{key}'")
        for key, option in word.options.items():
            if option.to and option.to not in known.values():
                check.say(f"{where}.options.{key}.to", f"{word.is_} takes no '{option.to}'")


def check_elements(check: Check, where: str, word: Word) -> None:
    """The join is there, and the elements name what it leads to."""
    if word.with_["join"] not in check.record.joins:
        check.say(f"{where}.with.join", f"there is no join '{word.with_['join']}'")
    element = element_of(check.path(f"{where}.with.key", word.with_.get("key", "''")))
    if element is not None:
        check.path(f"{where}.with.ref", word.with_.get("ref", "missing"), element)


def check_linked(check: Check, where: str, word: Word, options: Table) -> None:
    """The ids are there, and the other type has what is read of it."""
    options = Table({**options.members, "_region": TEXT})
    check.path(f"{where}.with.ids", word.with_.get("ids", "missing"), None, options)
    other = check.other(f"{where}.with.other", word.with_.get("other", ""))
    if other is not None:
        check.path(f"{where}.with.where", word.with_.get("where", "missing"), root_of(check.by, other), options)


def check_related(check: Check, where: str, word: Word, options: Table) -> None:
    """The join is there, and its type has the preset key."""
    join = check.record.joins.get(word.with_.get("join", ""))
    if join is None:
        check.say(f"{where}.with.join", f"there is no join '{word.with_.get('join', '')}'")
        return
    other = check.other(where, join.type)
    if other is not None and "where" in word.with_:
        check.path(f"{where}.with.where", word.with_["where"], root_of(check.by, other), options)
    part = root_of(check.by, other) if other is not None else None
    if part is not None and "part" in word.with_:
        part = element_of(check.path(f"{where}.with.part", word.with_["part"], part))
    if part is not None and "key" in word.with_:
        check.path(f"{where}.with.key", word.with_["key"], part)
