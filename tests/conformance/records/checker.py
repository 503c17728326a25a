"""What is wrong with a record, as far as the SDK's models can tell.

`problems_of(record, known)` holds every call, parameter, path and cross-reference against botocore's shapes and the
other records, and lists all faults with their places. Nothing is called and nothing is guessed: an unknown name is a
fault.
"""

from __future__ import annotations

import tomllib

from engine.model.record import ResourceType
from providers.aws import overview

from .absences import check_absences
from .check import Check
from .path_types import scalar_of
from .reading import check_facet, check_identity, check_listing, check_metrics, check_tags
from .surroundings import Known, calls_of, root_of
from .verbs import check_operation, check_word

CATEGORIES = tomllib.loads(overview.CATEGORIES.read_text(encoding="utf-8"))["categories"]
KINDS = ("resource", "activity", "relation", "setting")


def check_kind(check: Check) -> None:
    """What kind of thing it is, in which of the known categories, and where its state stands."""
    record = check.record
    if record.kind not in KINDS:
        check.say("kind", f"'{record.kind}' is none of {', '.join(KINDS)}")
    if record.category and record.category not in CATEGORIES:
        check.say("category", f"'{record.category}' is none that others have")
    if record.status:
        check.path("status", record.status)


def problems_of(record: ResourceType, known: Known) -> list[str]:
    """Every fault of a record."""
    check = Check(known, record)
    if check.by.sdk.service(record.service) is None:
        return [f"service: the SDK has no '{record.service}'"]
    if not record.summary.endswith(".") or not record.source:
        check.say("summary", "needs a sentence, and the record a source")
    check_kind(check)
    check_listing(check)
    check_identity(check)
    for name, facet in record.facets.items():
        check_facet(check, f"facets.{name}", facet)
    check_absences(check)
    check_tags(check)
    for name, path in record.dates.items():
        if scalar_of(check.path(f"dates.{name}", path)) not in ("date", "text", "number"):
            check.say(f"dates.{name}", "is no date")
    check_metrics(check)
    for name, join in record.joins.items():
        other = check.other(f"joins.{name}", join.type)
        if join.attribute and other is not None:
            check.path(f"joins.{name}.attribute", join.attribute, root_of(check.by, other))
        check.textual(f"joins.{name}.ids", check.path(f"joins.{name}.ids", join.ids))
    for name, operation in record.operations.items():
        check_operation(check, f"operations.{name}", name, operation)
    for name, word in record.filters.items():
        check_word(check, f"filters.{name}", word)
    called = {call for _, call in calls_of(record)}
    for name in record.permissions:
        if name not in called:
            check.say(f"permissions.{name}", "is called by nothing in the record")
    return check.problems
