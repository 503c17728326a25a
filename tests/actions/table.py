"""One resource, one action: what it wants to do. Real records, facts as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.executor.item import Item
from engine.lang.check import read_action
from engine.lang.load import policy_from
from engine.model.change import Change, Skip
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed, Need
from engine.model.node import node_of
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.plugin.discover import catalog
from engine.plugin.params import Reading
from engine.plugin.paths import getter
from engine.plugin.protocols import Setting
from tests.facts import fact as as_fact

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SCOPE = Scope("123456789012", "us-east-1")
TAGS = FacetNeed("tags")
DENIED = Failed("tagging is denied")

INSTANCE: dict[str, Json] = {"InstanceId": "i-1", "State": {"Name": "running"}, "OwnerId": "ana"}
BUCKET: dict[str, Json] = {"Name": "b", "BucketRegion": "eu-west-1"}
FUNCTION: dict[str, Json] = {"FunctionName": "f", "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f"}
TABLE: dict[str, Json] = {"TableName": "t"}
ATTRIBUTES = {"ec2": INSTANCE, "s3": BUCKET, "lambda": FUNCTION, "dynamodb-table": TABLE}


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """As policies see tags."""
    return [{"Key": k, "Value": v} for k, v in tags.items()]


def item(word: str, tags: Mapping[str, str] | Failed, facts: Mapping[Need, Json] | None = None, **more: Json) -> Item:
    """A resource with its tags where its type has them: in the listing, or as a fact."""
    type = catalog().provider.type(word)
    attributes = {**ATTRIBUTES.get(word, {}), **more}
    in_listing = type.tags is None or bool(type.tags.attribute)
    if in_listing and not isinstance(tags, Failed):
        attributes["Tags"] = pairs(tags)
    made = Item(Resource(ResourceRef(word, SCOPE, str(attributes[type.identity.id])), attributes), type)
    if not in_listing:
        made.tell(TAGS, as_fact(tags if isinstance(tags, Failed) else pairs(tags)))
    for need, fact in (facts or {}).items():
        made.tell(need, as_fact(fact))
    return made


def wanted(
    action: Json,
    on: Item,
    now: datetime = NOW,
    found: Mapping[str, Json] | None = None,
    event: Json = None,
    filters: Sequence[str] = (),
) -> Change | Skip:
    """What the action wants to do to it; `found` is what the policy's `filters` have found, `event` what happened."""
    mode = "pull" if event is None else "cloudtrail"
    policy, _ = policy_from({"name": "p", "resource": on.type.word})
    assert policy is not None
    reading = Reading(seen={"_filters": list(filters)})
    act = read_action(node_of(action), on.type, {"found": frozenset(found or ()), "mode": mode}, catalog(), reading)
    assert act is not None, [str(p) for p in reading.diagnostics]
    assert not reading.diagnostics, [str(p) for p in reading.diagnostics]
    return act.piece.change(on, Setting(on.type, SCOPE, now, policy.node.data(), event, found=found or {}))


def change(
    action: Json,
    on: Item,
    now: datetime = NOW,
    found: Mapping[str, Json] | None = None,
    event: Json = None,
    filters: Sequence[str] = (),
) -> Change:
    """The change that it must want; its journal form must come back the same, and it must not be done already."""
    from engine.model.codec import change_json, change_of_json

    made = wanted(action, on, now, found, event, filters)
    assert isinstance(made, Change), made
    assert change_of_json(change_json(made)) == made
    if made.done is not None and made.done.expression and not isinstance(on.facts.get(TAGS), Failed):
        assert not getter(made.done.expression)(on.attributes), "it would be seen as done before it is made"
    return made


def skip(action: Json, on: Item, found: Mapping[str, Json] | None = None, event: Json = None) -> str:
    """Why it must want nothing."""
    told = wanted(action, on, found=found, event=event)
    assert isinstance(told, Skip), told
    return told.reason


def calls(found: Change) -> list[tuple[str, Json]]:
    """(operation, parameters) of its calls."""
    return [(str(call), call.params) for call in found.calls]


def inverse(found: Change) -> list[tuple[str, Json]]:
    """(operation, parameters) of what takes it back."""
    return [(str(call), call.params) for call in found.inverse]
