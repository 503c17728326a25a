"""The action made from a record's operation: one call a resource, guarded, batched, and undone where it can be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.call import Call
from engine.model.change import Batching, Change, Check, Skip
from engine.model.diagnostic import Message
from engine.model.json import Json, parsed
from engine.model.need import FacetNeed, Need
from engine.model.node import Node
from engine.model.record import Operation, Option, ResourceType
from engine.plugin.attributes import needs_of_roots
from engine.plugin.calling import Asked, beside, calls_of, chosen, may_hold, own_calls, spread_of, unseen
from engine.plugin.identity import fillings
from engine.plugin.option import hold_to, option_fits
from engine.plugin.params import MISSING_OPTION, UNKNOWN_OPTION, Reading
from engine.plugin.paths import bound, getter, roots
from engine.plugin.protocols import Missing, Setting, View
from engine.plugin.suggest import did_you_mean

NO_OPTIONS = Message("C217", "{what} takes no options")

_PLAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")

MISSING: Json = object()
"""Equal to nothing that a resource has."""


@dataclass(frozen=True, slots=True)
class Operate:
    """One operation with the options that the policy gives it."""

    word: str
    operation: Operation
    options: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def read(cls, word: str, operation: Operation, node: Node, what: str, reading: Reading) -> Operate | None:
        """The action from its text, or None with the problems in `reading`."""
        before = len(reading.diagnostics)
        values: dict[str, Json] = {}
        known = operation.options
        for key, entry in (node.entries or {}).items():
            if key == "type":
                continue
            if key not in known:
                hint = did_you_mean(key, known) or ("options are: " + ", ".join(sorted(known)) if known else "")
                template = UNKNOWN_OPTION if known else NO_OPTIONS
                reading.add(template.at(entry.key_span, hint, key=key, what=what))
                continue
            if option_fits(known[key], entry.node, key, what, reading):
                values[key] = entry.node.data()
        for key, option in known.items():
            if option.required and key not in (node.entries or {}):
                reading.add(MISSING_OPTION.at(node.span, option.says, key=key, what=what))
            elif option.default is not None:
                values.setdefault(key, option.default)
        if len(reading.diagnostics) == before:
            hold_to(operation.rules, {**dict.fromkeys(known), **values}, node, what, reading)
        return cls(word, operation, values) if len(reading.diagnostics) == before else None

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Facets that the guard, the parameters, the inverse and the new tags read."""
        found = self.must_know(type)
        for op in self.operations(type):
            told = [*op.keep.values(), *op.after, *_strings(op.after)]
            found |= _facets_of(self._bound(op, told), type) | {FacetNeed(n) for n in op.reads}
            if op.new_tags is not None and self.options.get("copy-tags"):
                found |= needs_of_roots(frozenset({"Tags"}), type)
        return found

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """Facets that the guard and the parameters read."""
        return frozenset(
            need
            for op in self.operations(type)
            for need in _facets_of(
                self._bound(
                    op, [op.when, op.each, *op.terms.values(), *_conditions(op, self.options), *_strings(op.with_)]
                ),
                type,
            )
        )

    def _bound(self, op: Operation, paths: Iterable[str]) -> list[str]:
        """Paths with the options in them: what those rule out is not read. Without options they are not known yet."""
        options = {**dict.fromkeys(op.options), **self.options}
        return [bound(path, options) if self.options else path for path in paths]

    def operations(self, type: ResourceType) -> list[Operation]:
        """The operation and those that may stand in for it, come before it or after it."""
        found = [] if self._replaced else [self.operation]
        words = [word for path, word in self.operation.instead.items() if may_hold(path, self.operation, self.options)]
        found += [type.operations[word] for word in words if word in type.operations]
        for op in tuple(found):
            words = [
                w
                for key, named in (*op.before_it.items(), *op.after_it.items())
                if may_hold(key, op, self.options)
                for w in named
            ]
            found += [type.operations[word] for word in words if word in type.operations]
        return found

    @property
    def _replaced(self) -> bool:
        """Whether the options alone decide that another operation stands in."""
        seen = {"_options": {**dict.fromkeys(self.operation.options), **self.options}}
        return any(roots(path) == {"_options"} and getter(path)(seen) for path in self.operation.instead)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The calls, what they change, and their inverse; or why the resource is left alone."""
        type = setting.type
        data = {
            **fillings(type, view.attributes, setting.scope),
            "_policy": setting.policy.get("name"),
            "_now": f"{setting.now:%Y-%m-%d-%H-%M}",
            "_instant": setting.now.isoformat(),
            "_found": setting.found,
        }
        asked = chosen(Asked(self.operation, type, data, self.options, setting))
        op = asked.op
        if op.when and not asked.at(op.when):
            return Skip(view.resource.ref, self.word, op.when_says or f"it is not so that {op.when}")
        unread = (
            "" if op.undo.startswith("none") else _unread(view, self._bound(op, [*op.keep.values(), *op.after]), type)
        )
        told = {bound(path, asked.seen["_options"]): value for path, value in asked.filled(op.after).items()}
        after: dict[str, Json] = told if unread else {**self._written(op), **told}
        before = {path: getter(path)(asked.seen) for path in after}
        if after and not unread and all(before[path] == value for path, value in after.items()):
            return Skip(view.resource.ref, self.word, "it is so already")
        if not after and (spread := self._spread()) and all(data.get(k, MISSING) == v for k, v in spread.items()):
            return Skip(view.resource.ref, self.word, "it is so already")
        calls = calls_of(asked)
        if not calls:
            return Skip(view.resource.ref, self.word, "it has nothing of that")
        inverse, reason, unseen_back = ((), unread, 0) if unread else _inverse(asked)
        return Change(
            ref=view.resource.ref,
            action=self.word,
            calls=tuple(calls),
            before=before if after else {"exists": True} if op.gone else {},
            after=after or ({"exists": None} if op.gone else {}),
            inverse=inverse,
            irreversible=reason,
            batching=Batching(op.batch, op.most) if op.batch and len(calls) == 1 else None,
            done=Check(bound(op.done, asked.seen["_options"]), op.gone) if op.done or op.gone else None,
            destructive=op.destructive,
            unseen=(unseen(asked), unseen_back),
        )

    def _spread(self) -> dict[str, Json]:
        """Settings named as the API names them; those that the resource shows under the same names can be compared."""
        found: dict[str, Json] = {}
        for name, option in self.operation.options.items():
            if option.to == "*" and name in self.options:
                found |= spread_of(self.options[name])
        return found

    def _written(self, op: Operation) -> dict[str, Json]:
        """Path → the value that an option writes there, for operations that undo themselves.

        Where the record tells what comes `after`, only plain paths add to it.
        """
        found: dict[str, Json] = {}
        if op.undo != self.word or op is not self.operation:
            return found
        for name, path in op.keep.items():
            value = self.options.get(name)
            if value is None or not (_PLAIN.match(path) or (not op.after and _reads_resource(path))):
                continue
            if isinstance(value, Mapping):
                whole = path if _PLAIN.match(path) else f"({path})"
                found |= {f"{whole}.{json.dumps(key)}": _as_read(op.options[name], v) for key, v in value.items()}
            else:
                found[path] = value
        return found


def _reads_resource(path: str) -> bool:
    """Whether a path reads the resource alone: neither a literal, nor the options."""
    return bool(roots(path)) and not any(name.startswith("_") for name in roots(path))


def _unread(view: View, paths: Iterable[str], type: ResourceType) -> str:
    """Why a value that the inverse would write back is not known, or empty."""
    for need in _facets_of(paths, type):
        try:
            view.fact(need)
        except Missing as missing:
            if missing.verdict.causes:
                return f"the value it had before is not known: {'; '.join(missing.verdict.causes)}"
    return ""


def _as_read(option: Option, value: Json) -> Json:
    """What is read back of a value that an option writes: attribute lists give `120` whether 120 or '120' went out."""
    if not option.form or not isinstance(value, str):
        return value
    try:
        return parsed(value)
    except ValueError:
        return value


def _inverse(asked: Asked) -> tuple[tuple[Call, ...], str, int]:
    """(calls that undo it, why there are none, how many of the last of them do not show on the resource).

    The undoing operation is asked for with what `keep` reads from the resource now, and its own defaults; what is null
    is not asked for. Of a table that the policy gives in part, only that part is written back, and all of it or none.
    """
    op, given = asked.op, asked.options
    if op.undo.startswith("none"):
        return (), op.undo.partition(":")[2].strip() or "AWS offers no way back", 0
    if not op.undo or op.undo not in asked.type.operations:
        return (), "its record names no inverse", 0
    other = asked.type.operations[op.undo]
    mine = other is op
    wanted = {
        name: path
        for name, path in op.keep.items()
        if not (mine and name in op.options and name not in given and op.options[name].default is None)
    }
    kept = {name: asked.at(path) for name, path in wanted.items()}
    for name, value in kept.items():
        if mine and isinstance(value, Mapping) and isinstance(given.get(name), Mapping):
            if unknown := [k for k in given[name] if value.get(k) is None]:
                return (), f"the value it had before is not known ({', '.join(unknown)})", 0
            kept[name] = {k: value[k] for k in given[name]} or None
    values = {name: value for name, value in kept.items() if value is not None}
    back = chosen(Asked(other, asked.type, asked.data, values, asked.setting))
    lacking = [name for name, option in back.op.options.items() if option.required and values.get(name) is None]
    if lacking or (kept and not values and back.op is other):
        return (), f"the value it had before is not known ({', '.join(lacking or kept)})", 0
    values = {**{n: o.default for n, o in back.op.options.items() if o.default is not None}, **values}
    back = Asked(back.op, asked.type, asked.data, values, asked.setting)
    others = _besides(asked, back.op)
    return (*calls_of(back), *others), "", unseen(back) + len(others)


def _besides(asked: Asked, back: Operation) -> list[Call]:
    """What takes back the operations made before and after, where taking back the operation itself does not."""
    within = {word for which in (back.before_it, back.after_it) for words in which.values() for word in words}
    found: list[Call] = []
    for each in (*beside(asked, asked.op.after_it), *beside(asked, asked.op.before_it)):
        other = asked.type.operations.get(each.op.undo)
        if other is None or other is back or each.op.undo in within:
            continue
        kept = {name: value for name, path in each.op.keep.items() if (value := each.at(path)) is not None}
        if any(option.required and name not in kept for name, option in other.options.items()):
            continue
        found += own_calls(chosen(Asked(other, asked.type, asked.data, kept, asked.setting)))
    return found


def _facets_of(paths: Iterable[str], type: ResourceType) -> frozenset[Need]:
    names = frozenset(name for path in paths if path for name in roots(path) if not name.startswith("_"))
    return needs_of_roots(names, type)


def _conditions(op: Operation, options: Mapping[str, Json]) -> list[str]:
    """Paths that decide what stands in for an operation or goes with it, where they read the resource."""
    keys = (*op.instead, *op.before_it, *op.after_it)
    return [key for key in keys if key not in op.options and may_hold(key, op, options)]


def _strings(template: Json) -> list[str]:
    if isinstance(template, str):
        return [template]
    if isinstance(template, Mapping):
        return [s for v in template.values() for s in _strings(v)]
    if isinstance(template, list | tuple):
        return [s for v in template for s in _strings(v)]
    return []
