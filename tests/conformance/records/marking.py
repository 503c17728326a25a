"""Marks in records: what takes them, and the call that finds what was created."""

from __future__ import annotations

from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, StringShape, StructureShape

from engine.executor.marks import PLACE
from engine.model.record import Operation
from engine.plugin.calling import named_in
from providers.aws.adapter.errors import names_not_found

from .check import Check
from .path_types import Table, table_of
from .surroundings import root_of

FORMS = ("text", "pairs", "map", "specification")


def check_mark(check: Check, where: str, operation: Operation, model: OperationModel, options: Table) -> None:
    """The mark goes in where the API takes it; the read call takes its parameters, and its answer is looked through."""
    mark = operation.mark
    if mark is None:
        return
    if operation.after or operation.done or operation.gone:
        check.say(where, "is not needed: a read of the resource shows whether the operation was made")
    if mark.to:
        check_place(check, where, mark.form, mark.kind, check.member(f"{where}.to", model.input_shape, mark.to))
        if PLACE not in f"{mark.with_}{mark.found}":
            check.say(where, "is not looked for")
    elif "_params." not in f"{mark.with_}{mark.found}" and mark.with_:
        check.say(where, "neither takes a mark nor looks for what the parameters name")
    read = check.call(f"{where}.call", mark.service or operation.service, mark.call)
    if read is None:
        return
    own = table_of(root_of(check.by, check.record)) or Table({}, open=True)
    root = Table({**own.members, "_params": model.input_shape}, own.open)
    check.template(f"{where}.with", dict(mark.with_), read.input_shape, root, options)
    check.required(where, read, mark.with_)
    check.path(f"{where}.found", named_in(mark.found.replace(PLACE, "x"), {}), read.output_shape)
    for code in mark.none:
        if not names_not_found(read, code):
            check.say(f"{where}.none", f"{read.name} does not say '{code}' of what is not there")


def check_place(check: Check, where: str, form: str, kind: str, shape: Any) -> None:
    """The parameter takes the form."""
    element = shape.member if isinstance(shape, ListShape) else None
    members = set(element.members) if isinstance(element, StructureShape) else set()
    fits = {
        "text": isinstance(shape, StringShape),
        "map": isinstance(shape, MapShape),
        "pairs": {"Key", "Value"} <= members,
        "specification": {"ResourceType", "Tags"} <= members
        and kind in getattr(element.members["ResourceType"] if element is not None else None, "enum", ()),
    }
    if form not in FORMS or not fits[form]:
        check.say(f"{where}.to", f"takes no mark of the form '{form}'")
