"""One type from its listing to its changes, by the engine's own paths, against answers made from the SDK's shapes.

`faults_of(record)` lists it, reads its details, facets and tags, looks it up by its id, and plans and makes every
operation and tag write. No request leaves: `ShapedDoor` holds each call's parameters against botocore's own validator
and answers with a value of the operation's output shape. What the validator, or the way through the engine, has to
say is told with its place.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator

from actions._tag_changes import remove_tags, write_tags
from engine.executor.execute import gather
from engine.executor.item import Item
from engine.executor.perform import perform
from engine.filters._options import asked_need
from engine.model.call import Call
from engine.model.change import Change, Skip
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import AskedNeed, FacetNeed, Need
from engine.model.record import Operation, Option, ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.listing import Types, existing, listed
from engine.plugin.operate import Operate
from engine.plugin.paths import bound, getter, roots
from engine.plugin.protocols import Credentials, Setting
from providers.aws import PROVIDER
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.sdk_model import SAMPLE_TEXT, SdkModel, synthesised

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SCOPE = Scope("123456789012", "us-east-1")
SDK = SdkModel()
KEYS = (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1"))

NO_TEXT_OF_THE_KIND = ("is not JSON", "cannot be decoded", "GetCredentialReport said nothing of it")
"""What a facet rightly says of a sample text that is no document."""

FILLED = {"glacier": ("accountId",)}
"""Parameters that botocore fills in itself, besides tokens."""

DATE = "2030-01-01T00:00:00Z"

TEXTS: Mapping[str, Mapping[str, Sequence[Json]]] = {
    "ec2:DescribeImages": {"DeprecationTime": (DATE,)},
    "cloudcontrol:ListResources": {"Properties": (json.dumps({"Id": SAMPLE_TEXT, "Arn": SAMPLE_TEXT}),)},
    "networkmanager:ListCoreNetworks": {"OwnerAccountId": ("123456789012",)},
    "route53:ListQueryLoggingConfigs": {"HostedZoneId": ("fifth",)},
    "route53:ListTagsForResources": {"ResourceId": ("fifth", SAMPLE_TEXT)},
    "cloudtrail:DescribeTrails": {
        "CloudWatchLogsLogGroupArn": ("arn:aws:logs:us-east-1:123456789012:log-group:trail:*",),
    },
    "ecs:DescribeTasks": {
        "attachments": ([{"details": [{"name": "networkInterfaceId", "value": SAMPLE_TEXT}]}],),
    },
    "shield:ListProtections": {
        "ResourceArn": (
            SAMPLE_TEXT,
            f"arn:aws:ec2:us-east-1:123456789012:eip-allocation/{SAMPLE_TEXT}",
            f"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/{SAMPLE_TEXT}",
            "arn:aws:route53:::hostedzone/fifth",
        ),
    },
    "application-autoscaling:DescribeScalableTargets": {
        "ResourceId": ("service/fifth/fifth", f"spot-fleet-request/{SAMPLE_TEXT}")
    },
}
"""Members that are texts by their shapes, and in what AWS answers something more; what words are told from."""

GIVEN: Mapping[str, Json] = {
    "command": {"DocumentName": "AWS-RunShellScript"},
    "copy-tags": ["*"],
    "date": DATE,
    "rules": [{"TransitionToIA": "AFTER_7_DAYS"}] * 3,
    "tags": {"Idle": "true"},
}
"""What options by these names take, where they go to no parameter that could tell."""

ASKED: Mapping[str, Json] = {
    "filters": {"Finding": ["Overprovisioned"]},
    "query": [{"Key": "Name", "Values": ["docker"]}],
    "recommendation-preferences": {"cpuVendorArchitectures": ["AWS_ARM64"]},
}
"""What options by these names are, where a facet is asked for with them."""

SAMPLES: Mapping[str, Json] = {
    "string": SAMPLE_TEXT, "boolean": True, "array": [SAMPLE_TEXT], "object": {}, "any": 1,
}  # fmt: skip

WHOLE_DEPTH = 3
"""Structures inside each other that a sample parameter fills whole."""

ALONE = "it is so already", "it has nothing of that"
"""Why the engine leaves a sample alone, where nothing is wrong: it has what is asked for, or its lists pass no filter."""


@functools.cache
def _answer(service: str, operation: str) -> dict[str, Json]:
    model = SDK.operation(service, operation)
    answer: dict[str, Json] = synthesised(model.output_shape) if model is not None and model.output_shape else {}
    for name, texts in TEXTS.get(f"{service}:{operation}", {}).items():
        key, found = next((key, value) for key, value in answer.items() if isinstance(value, list))
        answer[key] = [{**each, name: text} for each in found for text in texts]
    return answer


@dataclass
class ShapedDoor:
    """A Door that answers by shape and refuses, as INVALID, what botocore would not send."""

    faults: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def perform(self, call: Call) -> dict[str, Json]:
        """An answer with every member filled."""
        wrong = problems_of_call(call)
        with self._lock:
            self.made.add(str(call))
            if wrong:
                self.faults.append(f"{call}: {wrong}")
        if wrong:
            raise CallFailed(call.service, call.operation, FailureKind.INVALID, "ParamValidationError", wrong, False)
        return _answer(call.service, call.operation)

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """As a read: what it would send is what is looked at."""
        return self.perform(call)

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """The one page."""
        yield self.perform(call)

    def lists(self, call: Call) -> frozenset[str]:
        """Lists that must stand in an answer: its answers have every member."""
        return frozenset()

    def follows(self, call: Call, answer: Mapping[str, Json]) -> bool:
        """Answers come whole."""
        return False


def problems_of_call(call: Call) -> str:
    """What botocore would say before it sends; empty for a call that would go out."""
    model = SDK.operation(call.service, call.operation)
    if model is None:
        return "there is no such operation"
    if model.input_shape is None:
        return f"takes no {', '.join(call.params)}" if call.params else ""
    report = ParamValidator().validate({**_filled(call.service, model), **call.params}, model.input_shape)
    return str(report.generate_report()) if report.has_errors() else ""


def _filled(service: str, model: OperationModel) -> dict[str, Json]:
    members = model.input_shape.members
    tokens = {name: str(uuid.UUID(int=0)) for name, shape in members.items() if shape.metadata.get("idempotencyToken")}
    return {**tokens, **dict.fromkeys(FILLED.get(service, ()), "-")}


@functools.cache
def _connection() -> AwsConnection:
    return AwsConnection(Credentials(environment=KEYS, account=SCOPE.account, endpoint="http://127.0.0.1:9"))


def faults_of(record: ResourceType) -> list[str]:
    """Everything that goes wrong on the way, each with its place; conditions of the record are taken as holding."""
    return trip(record, ShapedDoor())


def trip(record: ResourceType, door: ShapedDoor) -> list[str]:
    """The same through a door of the caller's, which knows afterwards what was called."""
    type = unconditional(record)
    connection = _connection()
    connection.door = door  # type: ignore[assignment]
    try:
        found = [r for page in listed(type, SCOPE, door, types_with(type), rows=connection.rows) for r in page]
    except CallFailed as failed:
        return [f"list: {failed}"]
    if not found:
        return ["list: finds nothing"]
    item = Item(found[0], type)
    faults = [*_named(found[0]), *_looked_up(type, door, found[0]), *_read(type, connection, item)]
    for word, operation in type.operations.items():
        for options in () if operation.hidden else options_of(type, operation):
            faults += _made(f"operations.{word}", Operate(word, operation, options), item, door)
    faults += _tagged(type, item, door)
    return faults


def types_with(type: ResourceType) -> Types:
    """The provider's types, this one among them as it is here."""
    return lambda word: type if word == type.word else PROVIDER.type(word)


def unconditional(record: ResourceType) -> ResourceType:
    """The record with every `when` taken as true that asks for the state of a resource: samples are in none."""
    operations = {
        word: op if roots(op.when or "x") & {"_options", "_terms"} else dataclasses.replace(op, when="")
        for word, op in record.operations.items()
    }
    parent = record.list.parent
    listing = (
        dataclasses.replace(record.list, parent=dataclasses.replace(parent, nested=False)) if parent else record.list
    )
    facets = {name: dataclasses.replace(facet, when="") for name, facet in record.facets.items()}
    jobs = {name: facet.made for name, facet in facets.items() if facet.made is not None and not facet.unmade}
    facets |= {
        n: dataclasses.replace(facets[n], made=dataclasses.replace(job, until="`true`")) for n, job in jobs.items()
    }
    return dataclasses.replace(record, operations=operations, facets=facets, list=listing)


def options_of(type: ResourceType, operation: Operation) -> list[dict[str, Json]]:
    """What an operation is asked for with: the least, everything, and everything otherwise."""
    options = operation.options
    needed = {n for n, o in options.items() if o.required or o.default is not None}
    every = {
        n: GIVEN[n] if n in GIVEN and o.to in ("", "*") and fits(GIVEN[n], o) else sample(type, operation, o)
        for n, o in options.items()
    }
    least = {n: options[n].default if options[n].default is not None else every[n] for n in needed}
    other = {n: otherwise(value, options[n]) for n, value in every.items()}
    found = [each for at, each in enumerate((least, every, other)) if each not in (least, every)[:at]]
    return [each for each in found if follows_rules(operation, each)]


def fits(value: Json, option: Option) -> bool:
    """Whether an option may have such a value."""
    return option.type != "array" or isinstance(value, list)


def follows_rules(operation: Operation, options: Mapping[str, Json]) -> bool:
    """Whether a policy may ask for it so."""
    told = ["intelligent-tiering"]
    seen = {"_mode": "pull", "_filters": told, "_options": {**dict.fromkeys(operation.options), **options}}
    return all(getter(bound(rule, seen["_options"]))(seen) for rule in operation.rules)


def sample(type: ResourceType, operation: Operation, option: Option) -> Json:
    """A value that an option takes: of the shape of the parameter where it goes."""
    if option.enum:
        return [option.enum[0]] if option.type == "array" else option.enum[0]
    if option.form:
        return {"key": "value"}
    model = SDK.operation(operation.service or type.service, operation.call)
    shape = model.input_shape if model is not None and option.to not in ("", "*") else None
    for part in option.to.split(".") if shape is not None else ():
        shape = shape.members.get(part) if isinstance(shape, StructureShape) else None
    if option.type in ("integer", "number"):
        least = shape.metadata.get("min", 1) if shape is not None else 1
        return max(option.least or 1, int(least))
    if shape is not None:
        return valid(shape)
    return {} if option.to == "*" else SAMPLES[option.type]


def otherwise(value: Json, option: Option) -> Json:
    """Another value of the same option, so that what is so already with one is not with the other."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return option.enum[-1] if option.enum else value if value == DATE else f"{value}-2"
    return value


def valid(shape: Shape, within: tuple[str, ...] = ()) -> Json:
    """A value of an input shape that botocore lets through; three structures deep whole, below only what is required."""
    least = int(shape.metadata.get("min", 1))
    if isinstance(shape, StructureShape):
        names = list(shape.members) if len(within) < WHOLE_DEPTH else list(shape.required_members)
        names = [n for n in names if shape.members[n].name not in within or n in shape.required_members]
        names = list(shape.members)[:1] if getattr(shape, "is_tagged_union", False) else names
        return {name: valid(shape.members[name], (*within, shape.name)) for name in names}
    if isinstance(shape, ListShape):
        return [] if shape.member.name in within else [valid(shape.member, within)] * max(least, 1)
    if isinstance(shape, MapShape):
        return {str(valid(shape.key, within)): valid(shape.value, within)}
    if shape.type_name == "string":
        return shape.enum[0] if getattr(shape, "enum", None) else SAMPLE_TEXT.ljust(least, "x")
    return max(least, 1) if shape.type_name in ("integer", "long") else synthesised(shape)


def _named(resource: Resource) -> list[str]:
    return [] if resource.ref.id.strip("/") else ["identity: has no id"]


def _looked_up(type: ResourceType, door: ShapedDoor, resource: Resource) -> list[str]:
    if type.list.by_id is None or type.list.form:
        return []
    before = len(door.faults)
    ids = [resource.ref.id]
    try:
        there = existing(type, SCOPE, door, types_with(type), ids)
    except CallFailed as failed:
        return [f"list.by_id: {failed}"]
    wrong = door.faults[before:]
    return [f"list.by_id: {w}" for w in wrong] or (
        [] if set(there) == set(ids) else [f"list.by_id: gives {list(there)}"]
    )


def _read(type: ResourceType, connection: AwsConnection, item: Item) -> list[str]:
    """Every facet; tags by the tagging API, and as they are read where that fails."""
    asked = {name: _options_asked(type, name) for name, facet in type.facets.items() if "_options" in repr(facet)}
    names = {*type.facets, *(["tags"] if type.tags is not None and not type.tags.attribute else [])} - set(asked)
    faults = _gathered(type, connection, item, [FacetNeed(name) for name in sorted(names)])
    faults += _gathered(type, connection, item, [asked_need(name, options) for name, options in asked.items()])
    if type.tags is not None and type.tags.tagging_type and type.tags.facet:
        alone = dataclasses.replace(type, tags=dataclasses.replace(type.tags, tagging_type=""))
        faults += _gathered(alone, connection, Item(item.resource, alone), [FacetNeed("tags")])
    return faults


def _options_asked(type: ResourceType, facet: str) -> dict[str, Json]:
    """Options that a facet may be asked for with."""
    words = [word for word in type.filters.values() if word.with_.get("ask") == facet]
    if not words:
        return {"actions": ["iam:CreateUser"], "boundaries": False}
    return {
        name: option.default or ASKED.get(name) or (option.enum[:1] if option.enum else SAMPLES[option.type])
        for name, option in words[0].options.items()
    }


def _gathered(
    type: ResourceType, connection: AwsConnection, item: Item, names: Sequence[FacetNeed | AskedNeed]
) -> list[str]:
    needs: dict[Need, dict[int, Item]] = {need: {id(item): item} for need in names}
    gather(connection, needs, Setting(type, SCOPE, NOW, types=types_with(type)), 1)
    faults = []
    for need in names:
        fact = item.facts.get(need)
        if isinstance(fact, Failed) and not any(said in fact.cause for said in NO_TEXT_OF_THE_KIND):
            faults.append(f"facets.{need.facet}: {fact.cause}")
        elif fact is None and isinstance(need, FacetNeed):
            faults.append(f"facets.{need.facet}: finds nothing")
    return faults


def _made(where: str, piece: Operate, item: Item, door: ShapedDoor) -> list[str]:
    change = piece.change(item, Setting(item.type, SCOPE, NOW, types=types_with(item.type)))
    if isinstance(change, Skip) and change.reason in {op.when_says for op in item.type.operations.values() if op.when}:
        return []  # what the options say against it
    return _performed(where, change, door)


def _performed(where: str, change: Change | Skip, door: ShapedDoor) -> list[str]:
    if isinstance(change, Skip):
        return [] if change.reason in ALONE else [f"{where}: left alone: {change.reason}"]
    faults = []
    for what, calls in ((where, change.calls), (f"{where}, undone", change.inverse)):
        for call in calls:
            try:
                perform(dataclasses.replace(call, wait=None), door, threading.Event(), "token")
            except CallFailed as failed:
                if failed.code != "Incomplete":  # a sweep whose answers, having every member, name failures
                    faults.append(f"{what}: {failed}")
    return faults


def _tagged(type: ResourceType, item: Item, door: ShapedDoor) -> list[str]:
    if type.tags is None:
        return []
    setting = Setting(type, SCOPE, NOW)
    faults = []
    if type.tags.write is not None:
        faults += _performed("tags.write", write_tags(item, setting, "tag", {"Idle": "true"}), door)
    if type.tags.remove is not None:
        tagged = item.with_tags({"Idle": "true"})
        faults += _performed("tags.remove", remove_tags(tagged, setting, "remove-tag", ["Idle"]), door)
    return faults
