"""Would AWS take these parameters? A call's parameters held against the operation's input shape, before it is made.

Source: botocore's API models (`required`, members, types, `enum`, `min` and `max`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.model.json import Json
from engine.plugin.protocols import Misfit
from engine.plugin.suggest import did_you_mean, one_of
from providers.aws.adapter.models import Shape, model, operations, shape_of, shapes

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "long": (int,), "float": (int, float), "double": (int, float),
    "boolean": (bool,), "structure": (dict,), "map": (dict,), "list": (list,),
}  # fmt: skip
_SAID = {
    "string": "a string", "integer": "a whole number", "long": "a whole number", "float": "a number",
    "double": "a number", "boolean": "true or false", "structure": "a mapping", "map": "a mapping", "list": "a list",
}  # fmt: skip


def misfits(service: str, operation: str, params: Mapping[str, Json], later: Set[str] = frozenset()) -> list[Misfit]:
    """What is wrong with a call, all of it.

    Args:     params: parameters as they will go out; later: names of further ones, whose values come with the resource.
    """
    if not model(service):
        return [Misfit("service", f"there is no service '{service}'", "botocore's name of it, as in ec2, logs, elbv2")]
    if operation not in operations(service):
        near = did_you_mean(operation, operations(service)) or "as AWS spells it: StopInstances"
        return [Misfit("operation", f"{service} has no operation '{operation}'", near)]
    shape = shape_of(service, operation, "input") or {}
    members = shape.get("members", {})
    found = [
        Misfit("with", f"{operation} has no parameter '{name}'", one_of(name, members))
        for name in sorted(later - set(members))
    ]
    missing = [name for name in shape.get("required", ()) if name not in params and name not in later]
    if missing:
        told = f"{operation} needs {', '.join(missing)}"
        found.append(Misfit("operation", told, "give it under 'params', or under 'with' from an attribute"))
    return found + list(_table(service, shape, params, operation))


def _table(service: str, shape: Shape, value: Mapping[str, Json], where: str) -> Iterator[Misfit]:
    members = shape.get("members", {})
    for name, each in value.items():
        if name not in members:
            yield Misfit("params", f"{where} has no parameter '{name}'", one_of(name, members), strange=True)
        else:
            yield from _value(service, shapes(service)[members[name]["shape"]], each, f"{where}.{name}")


def _value(service: str, shape: Shape, value: Json, where: str) -> Iterator[Misfit]:
    kind = str(shape.get("type", ""))
    right = _TYPES.get(kind)
    wrong_truth = isinstance(value, bool) and kind != "boolean"
    if right is not None and (not isinstance(value, right) or wrong_truth):
        yield Misfit("params", f"{where} is {value!r}", f"it takes {_SAID[kind]}")
        return
    choices = shape.get("enum")
    if choices and value not in choices:
        yield Misfit("params", f"{where} cannot be '{value}'", one_of(str(value), choices))
    low, high = shape.get("min"), shape.get("max")
    numeric = kind in ("integer", "long", "float", "double")
    if numeric and ((low is not None and value < low) or (high is not None and value > high)):
        yield Misfit("params", f"{where} is {value}", f"it takes {low} to {high}")
    if kind == "structure":
        absent = [name for name in shape.get("required", ()) if name not in value]
        if absent:
            yield Misfit("params", f"{where} needs {', '.join(absent)}", "")
        yield from _table(service, shape, value, where)
    elif kind == "list":
        inner = shapes(service)[shape["member"]["shape"]]
        for i, each in enumerate(value):
            yield from _value(service, inner, each, f"{where}[{i}]")
    elif kind == "map":
        inner = shapes(service)[shape["value"]["shape"]]
        for name, each in value.items():
            yield from _value(service, inner, each, f"{where}.{name}")
