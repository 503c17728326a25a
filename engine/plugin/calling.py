"""Which calls does an operation make on one resource? Its own, and those that go before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.model.call import Call, Mark, Sweeping, Wait
from engine.model.json import Json
from engine.model.record import NewTags, Operation, ResourceType
from engine.model.scope import Scope
from engine.plugin.paths import bound, fill, getter, options_in, place, roots
from engine.plugin.protocols import Setting
from engine.plugin.tagging import shaped, tags_of


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation with its options on one resource, whose attributes and `_` names are `data`."""

    op: Operation
    type: ResourceType
    data: Mapping[str, Json]
    options: Mapping[str, Json]
    setting: Setting
    terms: Mapping[str, Json] = field(default_factory=dict)

    @property
    def seen(self) -> dict[str, Json]:
        """What paths see: the options too, every one there is, null where it is not given."""
        seen = {**self.data, "_options": {**dict.fromkeys(self.op.options), **self.options}}
        own = {name: getter(_bound(path, seen))(seen) for name, path in self.op.terms.items()}
        return {**seen, "_terms": {**self.terms, **own}}

    def at(self, path: str) -> Json:
        """The value at a path."""
        seen = self.seen
        return getter(_bound(path, seen))(seen)

    def filled(self, template: Json, element: Json = None) -> Json:
        """A template filled; `element` is what its paths see as `_each`."""
        seen = self.seen if element is None else {**self.seen, "_each": element}
        return fill(_template(template, seen), seen)

    def of(self, op: Operation) -> Asked:
        """Another operation with the same options and terms on the same resource."""
        return replace(self, op=op, terms=self.seen["_terms"])


def _bound(path: str, seen: Mapping[str, Json]) -> str:
    return bound(path, seen["_options"]) if "[?" in path and "_options" in path else path


def _template(template: Json, seen: Mapping[str, Json]) -> Json:
    if isinstance(template, str):
        return _bound(template, seen)
    if isinstance(template, Mapping):
        return {k: _template(v, seen) for k, v in template.items()}
    return [_template(v, seen) for v in template] if isinstance(template, list | tuple) else template


def chosen(asked: Asked) -> Asked:
    """The operation itself, or the first of those that stand in for it whose condition holds."""
    instead = (word for path, word in asked.op.instead.items() if asked.at(path))
    return asked.of(asked.type.operations.get(next(instead, ""), asked.op))


def beside(asked: Asked, which: Mapping[str, tuple[str, ...]]) -> list[Asked]:
    """Operations before or after, those that are asked for and apply to this resource."""
    words = [
        word
        for key, named in which.items()
        if (asked.options.get(key) if key in asked.op.options else asked.at(key))
        for word in named
    ]
    found = [asked.of(asked.type.operations[word]) for word in words]
    return [each for each in found if not each.op.when or each.at(each.op.when)]


def calls_of(asked: Asked) -> list[Call]:
    """All calls, in their order: those before, its own, those after. None where there is nothing to do."""
    first = [call for each in beside(asked, asked.op.before_it) for call in own_calls(each)]
    found = [*first, *_after(first, asked)]
    for each in beside(asked, asked.op.after_it):
        found += _after(found, each)
    return found


def unseen(asked: Asked) -> int:
    """How many of the last of `calls_of` do not show in what the record says of the operation's effect.

    Those are the calls afterwards, but where they write a path that the operation's `after` names; and its own too,
    where all that `after` names is written by operations before it.
    """
    shown, before = set(asked.op.after), beside(asked, asked.op.before_it)
    earlier = {path for each in before for path in each.op.after}
    found = 0 if asked.op.done or asked.op.gone or not shown or shown - earlier else len(own_calls(asked))
    for each in beside(asked, asked.op.after_it):
        found = 0 if shown & set(each.op.after) else found + len(own_calls(each))
    return found


def _after(others: Sequence[Call], asked: Asked) -> list[Call]:
    """The operation's own calls; after others the first of them waits for what the record says."""
    own = own_calls(asked)
    if own and others and asked.op.wait is not None:
        own[0] = replace(own[0], wait=_wait(asked))
    return own


def own_calls(asked: Asked) -> list[Call]:
    """The operation's own calls: one, or one for each of what it is made for."""
    if not asked.op.each:
        return [_call(asked, None)]
    found = asked.at(asked.op.each)
    return [_call(asked, element) for element in found] if isinstance(found, list) else []


def _call(asked: Asked, element: Json) -> Call:
    """One call, in the resource's own region where the record says so."""
    op = asked.op
    params: dict[str, Json] = asked.filled(op.with_, element)
    for name, option in op.options.items():
        value = asked.options.get(name)
        if not option.to or value is None:
            continue
        if option.to == "*":
            params.update(spread_of(value))
        elif option.form and isinstance(value, Mapping):
            told = {k: _text(v) for k, v in value.items() if v is not None}
            place(params, option.to, shaped(told, option.form))
        else:
            place(params, option.to, value)
    if op.new_tags is not None:
        _place_new_tags(params, op.new_tags, asked.data, asked.options)
    scope = _scope(asked)
    sweep = None
    if op.over is not None:
        listing = Call(op.service or asked.type.service, op.over.call, pruned(asked.filled(op.over.with_)), scope)
        items = _bound(op.over.items, asked.seen)
        sweep = Sweeping(listing, items, op.over.param, op.over.most, op.over.failures)
    service = op.service or asked.type.service
    params = pruned(params)
    mark = _mark(asked, params, scope)
    return Call(service, op.call, params, scope, sweep=sweep, always=op.always, already=op.already, mark=mark)


def _mark(asked: Asked, params: Mapping[str, Json], scope: Scope) -> Mark | None:
    """How what the call creates is recognised: in the scope in which the call is made."""
    mark = asked.op.mark
    if mark is None:
        return None
    own = replace(asked, data={**asked.data, "_params": params})
    service = mark.service or asked.op.service or asked.type.service
    read = Call(service, mark.call, pruned(own.filled(mark.with_)), scope)
    found = named_in(mark.found, params)
    return Mark(read, found, mark.none, mark.to, mark.form, mark.kind, mark.most)


def named_in(expression: str, params: Mapping[str, Json]) -> str:
    """An expression with `_params.NAME` filled in as a JMESPath literal."""

    def literal(found: re.Match[str]) -> str:
        return "`" + json.dumps(params.get(found[1])).replace("`", "\\`") + "`"

    return re.sub(r"_params\.(\w+)", literal, expression)


def spread_of(value: Json) -> dict[str, Json]:
    """A table, or a list of {property, value}, as a table."""
    return dict(value) if isinstance(value, Mapping) else {v["property"]: v["value"] for v in value}


def _scope(asked: Asked) -> Scope:
    region = asked.at(asked.op.region) if asked.op.region else None
    return replace(asked.setting.scope, region=region) if region else asked.setting.scope


def _wait(asked: Asked) -> Wait | None:
    pause = asked.op.wait
    if pause is None:
        return None
    seconds = float(asked.filled(pause.seconds) or 0)
    if not pause.call:
        return Wait(seconds) if seconds else None
    service = pause.service or asked.op.service or asked.type.service
    return Wait(seconds, Call(service, pause.call, pruned(asked.filled(pause.with_)), _scope(asked)), pause.until)


def _text(value: Json) -> str:
    """A value as AWS's attribute lists spell it: `true`, not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def pruned(value: Json) -> Json:
    """A parameter table without its nulls, at any depth; tables left empty by that go too."""
    if isinstance(value, Mapping):
        kept = {k: pruned(v) for k, v in value.items() if v is not None}
        return {k: v for k, v in kept.items() if v != {} or value[k] == {}}
    if isinstance(value, list):
        return [pruned(v) for v in value if v is not None]
    return value


def _place_new_tags(
    params: dict[str, Json], new: NewTags, data: Mapping[str, Json], options: Mapping[str, Json]
) -> None:
    own = tags_of(data)
    asked = options.get("copy-tags") or ()
    wanted = ("*",) if asked is True else asked if isinstance(asked, list | tuple) else ()
    tags = {k: v for k, v in own.items() if "*" in wanted or k in wanted} | dict(options.get("tags") or {})
    if not tags:
        return
    pairs = shaped({k: str(v) for k, v in tags.items()}, "pairs")
    place(params, new.to, [{"ResourceType": new.kind, "Tags": pairs}] if new.kind else pairs)


def may_hold(condition: str, op: Operation, options: Mapping[str, Json]) -> bool:
    """Whether a condition of `instead`, `before_it` or `after_it` can hold on any resource, with the options given."""
    if condition in op.options:
        return bool(options.get(condition))
    named = options_in(condition)
    if not named:
        return True
    if roots(condition) == {"_options"}:
        return bool(getter(condition)({"_options": {**dict.fromkeys(op.options), **options}}))
    return any(options.get(name) for name in named) or "!" in condition
