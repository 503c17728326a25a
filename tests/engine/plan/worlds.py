"""Random worlds and random filters over them, of a few real types: small alphabets, so that things meet and shrink."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from engine.model.fact import Failed
from engine.model.json import Json
from providers.aws import PROVIDER

from .estate import Estate, Thing

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Strategy = st.SearchStrategy[Any]

DENIED = Failed("ec2:DescribeInstanceAttribute denied: AccessDenied: no")
DATES = st.integers(0, 40).map(lambda days: NOW - timedelta(days=days))
SERIES = st.one_of(
    st.just(DENIED), st.just([]), st.lists(st.sampled_from([0.0, 1.0, 4.9, 5.0, 80.0]), min_size=1, max_size=2)
)
TAG_KEYS = ("Name", "Owner", "aws:x", "maid_status")
TAG_VALUES = ("", "a", "A", "a*", "b?", "resource: stop@2026/11/20", "resource: stop@2026/12/01")
TAGS = st.dictionaries(st.sampled_from(TAG_KEYS), st.sampled_from(TAG_VALUES), max_size=3).map(
    lambda tags: [{"Key": k, "Value": v} for k, v in tags.items()]
)
MAYBE_FAILED = st.sampled_from([False, False, False, True])


def failing(of: Strategy) -> Strategy:
    """A facet that is sometimes denied, sometimes "has none"."""
    return st.one_of(of, of, st.none(), st.just(DENIED))


def optional(of: Mapping[str, Strategy], maybe: Mapping[str, Strategy]) -> Strategy:
    """A table with all of one kind of keys and some of another."""
    return st.fixed_dictionaries(dict(of), optional=dict(maybe))


@dataclass(frozen=True, eq=False)
class Sort:
    """What a type's things are made of, and what its filters ask about them."""

    word: str
    id: str
    attributes: Strategy
    facets: Mapping[str, Strategy] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()
    asked: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    """Key → values to compare it with."""
    words: tuple[Json, ...] = ()
    """Filters as they stand."""
    others: Mapping[str, Strategy] = field(default_factory=dict)
    """Other types that its filters follow: word → list of things."""


def things(attributes: Strategy, facets: Mapping[str, Strategy], metrics: tuple[str, ...]) -> Strategy:
    """One thing's parts, its id left to be given."""
    return st.builds(
        Thing, attributes, st.fixed_dictionaries(dict(facets)), st.fixed_dictionaries(dict.fromkeys(metrics, SERIES))
    )


def groups(count: int = 3) -> Strategy:
    """Security groups sg-0, sg-1 …; those left out dangle."""
    made = st.fixed_dictionaries({"GroupName": st.sampled_from(["web", "db"]), "Tags": TAGS})
    return st.lists(made, max_size=count).map(
        lambda found: [Thing({"GroupId": f"sg-{i}", **each}) for i, each in enumerate(found)]
    )


def named(prefix: str, key: str, most: int, more: Mapping[str, Strategy]) -> Strategy:
    """Things with an id and a few attributes."""
    return st.lists(st.fixed_dictionaries(dict(more)), max_size=most).map(
        lambda found: [Thing({key: f"{prefix}{i}", **each}) for i, each in enumerate(found)]
    )


GROUP_IDS = st.lists(st.sampled_from(["sg-0", "sg-1", "sg-9"]), max_size=2)
INSTANCE = Sort(
    "ec2", "InstanceId",
    attributes=optional(
        {"State": st.sampled_from(["running", "stopped", "pending"]).map(lambda s: {"Name": s}),
         "InstanceType": st.sampled_from(["m5.large", "t3.micro"]), "LaunchTime": DATES, "Tags": TAGS,
         "NetworkInterfaces": GROUP_IDS.map(lambda ids: [{"Groups": [{"GroupId": g} for g in ids]}])},
        {"KeyName": st.sampled_from(["ops", "ops2", "o*", "\\o"]), "VpcId": st.sampled_from(["vpc-0", "vpc-1"]),
         "Monitoring": st.just({"State": "enabled"})},
    ),
    facets={"termination-protection": failing(st.booleans()), "stop-protection": failing(st.booleans()),
            "user-data": failing(st.sampled_from(["", "echo", "rm"])),
            "status": failing(st.just({"InstanceStatus": {"Status": "ok"}}))},
    metrics=("CPUUtilization", "NetworkIn"),
    asked={
        "State.Name": ("running", "stopped", "Running", "run*"), "InstanceType": ("m5.large", "t3.micro"),
        "KeyName": ("ops", "ops*", "o*", "o?s", "\\o", "OPS"), "VpcId": ("vpc-0", "vpc-1", ""),
        "Monitoring.State": ("enabled", True), "tag:Name": ("a", "A", "", "a*", "b?"), "tag:Owner": ("a", "b?"),
        "InstanceId": ("id-0", "id-1", "id-*"), "DisableApiTermination": (True, False), "DisableApiStop": (True,),
        "UserData": ("echo", ""), "InstanceStatus.InstanceStatus.Status": ("ok",), "length(Tags)": (0, 1, 2),
    },
    words=(
        "termination-protected", "stop-protected", {"type": "tag-count", "count": 1},
        {"type": "tag-count", "count": 2, "op": "gte"}, {"type": "marked-for-op", "op": "stop"},
        {"type": "instance-age", "days": 20}, {"type": "user-data", "op": "regex", "value": "e.*"},
        {"type": "security-group", "key": "GroupName", "value": "web"},
        {"type": "security-group", "key": "tag:Name", "value": "a", "operator": "and"},
        {"type": "security-group", "key": "GroupId", "value": "absent"},
        {"type": "security-group", "key": "tag:Name", "match-resource": True},
        {"type": "default-vpc"}, {"type": "value", "key": "LaunchTime", "value_type": "age", "op": "gt", "value": 10},
        {"type": "value", "key": "State.Name", "value_type": "normalize", "value": "running"},
        {"type": "value", "key": "tag:Name", "op": "in", "value_from": {"url": "s3://lists/names.json"}},
        {"type": "value", "key": "tag:Name", "op": "not-in", "value_from": {"url": "s3://lists/none.json"}},
    ),
    others={"security-group": groups(),
            "vpc": named("vpc-", "VpcId", 2, {"IsDefault": st.booleans()})},
)  # fmt: skip

BUCKET = Sort(
    "s3", "Name",
    attributes=st.fixed_dictionaries(
        {"CreationDate": DATES, "BucketRegion": st.sampled_from(["us-east-1", "eu-west-1", "eu-west-2"])}
    ),
    facets={"tags": failing(TAGS), "versioning": failing(st.sampled_from([{}, {"Status": "Enabled"}])),
            "logging": failing(st.just({"TargetBucket": "logs"})),
            "first-objects": failing(st.sampled_from([{"KeyCount": 0, "IsTruncated": False}, {"KeyCount": 2}]))},
    metrics=("NumberOfObjects",),
    asked={"BucketRegion": ("us-east-1", "eu-west-1", "us-*"), "Name": ("id-0", "id-1"), "tag:Name": ("a", "A", ""),
           "Versioning.Status": ("Enabled",), "Logging.TargetBucket": ("logs",), "FirstObjects.KeyCount": (0, 2)},
    words=({"type": "bucket-logging", "op": "enabled"}, {"type": "bucket-logging", "op": "disabled"},
           {"type": "tag-count", "count": 1}, {"type": "marked-for-op", "op": "delete"}),
)  # fmt: skip

FUNCTION = Sort(
    "lambda", "FunctionName",
    attributes=optional(
        {"Runtime": st.sampled_from(["python3.8", "nodejs20.x"]), "Timeout": st.sampled_from([3, 60])},
        {"VpcConfig": GROUP_IDS.map(lambda ids: {"SecurityGroupIds": ids})},
    ),
    facets={"tags": failing(TAGS), "policy": failing(st.just({"Statement": []})),
            "concurrency": failing(st.sampled_from([{"ReservedConcurrentExecutions": 1}])),
            "url-config": failing(st.just({"AuthType": "NONE"}))},
    metrics=("Invocations",),
    asked={"Runtime": ("python3.8", "absent"), "Timeout": (3, "3"), "tag:Owner": ("a",), "FunctionName": ("id-0",),
           "Concurrency.ReservedConcurrentExecutions": (1,), "Policy.Statement": ([],)},
    words=({"type": "reserved-concurrency", "value": 1}, {"type": "url-config", "key": "AuthType", "value": "NONE"},
           {"type": "security-group", "key": "GroupName", "value": "web"}, {"type": "tag-count", "count": 1}),
    others={"security-group": groups()},
)  # fmt: skip

TABLE = Sort(
    "dynamodb-table", "TableName",
    attributes=st.just({}),
    facets={
        "detail": st.one_of(
            st.just(DENIED),
            optional(
                {"TableStatus": st.sampled_from(["ACTIVE", "CREATING"]), "ItemCount": st.sampled_from([0, 7])},
                {"SSEDescription": st.sampled_from(["arn-0", "arn-9"]).map(lambda a: {"KMSMasterKeyArn": a})},
            ),
        ),
        "tags": failing(TAGS),
        "continuous-backups": failing(st.just({"ContinuousBackupsStatus": "ENABLED"})),
    },
    metrics=("ConsumedReadCapacityUnits",),
    asked={"TableStatus": ("ACTIVE", "absent"), "ItemCount": (0, 7), "tag:Name": ("a",), "TableName": ("id-0", "id-1"),
           "ContinuousBackups.ContinuousBackupsStatus": ("ENABLED",)},
    words=({"type": "kms-key", "key": "KeyState", "value": "Enabled"},
           {"type": "kms-key", "key": "KeyState", "value": "absent"}, {"type": "tag-count", "count": 1},
           {"type": "continuous-backup", "key": "ContinuousBackupsStatus", "value": "ENABLED"}),
    others={"kms-key": named("arn-", "KeyArn", 2, {"KeyState": st.sampled_from(["Enabled", "Disabled"])})},
)  # fmt: skip

VOLUME = Sort(
    "ebs", "VolumeId",
    attributes=st.one_of(
        st.fixed_dictionaries(
            {"State": st.just("in-use"), "Attachments": st.just([{"InstanceId": "i-0"}]), "Encrypted": st.booleans(),
             "VolumeType": st.sampled_from(["gp2", "gp3"]), "Size": st.sampled_from([1, 100]), "CreateTime": DATES}
        ),
        st.fixed_dictionaries(
            {"State": st.sampled_from(["available", "creating", "error"]), "Attachments": st.just([]),
             "Encrypted": st.booleans(), "VolumeType": st.sampled_from(["gp2", "gp3"]),
             "Size": st.sampled_from([1, 100]), "CreateTime": DATES, "Tags": TAGS}
        ),
    ),
    facets={"snapshots": failing(st.sampled_from([[], [{"State": "completed"}]]))},
    metrics=("VolumeReadOps",),
    asked={"State": ("in-use", "available", "gone"), "Attachments": ([], "empty", "absent"), "Encrypted": (True, "true"),
           "VolumeType": ("gp2", "gp3", "gp*"), "Size": (1, 100), "tag:Name": ("a",), "Snapshots": ([],)},
    words=({"type": "snapshots", "attrs": [{"State": "completed"}]},
           {"type": "value", "key": "Size", "op": "lt", "value": 50}, {"type": "tag-count", "count": 1}),
)  # fmt: skip

GROUP = Sort(
    "security-group", "GroupId",
    attributes=st.fixed_dictionaries(
        {"GroupName": st.sampled_from(["web", "db"]), "VpcId": st.sampled_from(["vpc-0"]), "Tags": TAGS}
    ),
    asked={"GroupName": ("web", "db", "w*"), "VpcId": ("vpc-0",), "tag:Name": ("a", "b?")},
    words=("unused", "used", "default-vpc"),
    others={
        "eni": st.lists(GROUP_IDS, max_size=2).map(
            lambda found: [Thing({"NetworkInterfaceId": f"eni-{i}",
                                  "Groups": [{"GroupId": g.replace("sg-", "id-")} for g in ids]})
                           for i, ids in enumerate(found)]),
        "lambda": st.just([]), "launch-config": st.just([]), "launch-template-current": st.just([]),
        "vpc": named("vpc-", "VpcId", 2, {"IsDefault": st.booleans()}),
    },
)  # fmt: skip

SORTS = (INSTANCE, BUCKET, FUNCTION, TABLE, VOLUME, GROUP)


@st.composite
def estates(draw: st.DrawFn, sort: Sort) -> Estate:
    """An account with some things of a sort, and of those that its filters follow."""
    found: list[Thing] = draw(st.lists(things(sort.attributes, sort.facets, sort.metrics), min_size=1, max_size=6))
    for number, thing in enumerate(found):
        thing.attributes = {sort.id: f"id-{number}", **thing.attributes}
        for name in ("detail",):
            if isinstance(thing.facets.get(name), dict):
                thing.facets[name] = {sort.id: f"id-{number}", **thing.facets[name]}
    others = {word: draw(strategy) for word, strategy in sort.others.items()}
    denied = frozenset({draw(st.sampled_from(sorted(others)))} if others and draw(MAYBE_FAILED) else ())
    if draw(st.integers(0, 19)) == 19:
        denied |= {sort.word}
    documents = {} if draw(MAYBE_FAILED) else {"s3://lists/names.json": ["a", "b?"]}
    return Estate({**others, sort.word: found}, documents, page=draw(st.integers(1, 4)), denied=denied)


@functools.cache
def comparisons(sort: Sort) -> Strategy:
    """Value filters in every spelling."""

    def spelled(key: str) -> Strategy:
        values = st.sampled_from([*sort.asked[key], "absent", "present", "not-null", "empty", None])
        written = st.one_of(
            values.map(lambda value: {key: value}),
            st.tuples(st.sampled_from(["eq", "equal", "ne"]), values).map(
                lambda t: {"type": "value", "key": key, "op": t[0], "value": t[1]}
            ),
            st.tuples(
                st.sampled_from(["in", "not-in"]), st.lists(st.sampled_from(sort.asked[key]), min_size=0, max_size=3)
            ).map(lambda t: {"type": "value", "key": key, "op": t[0], "value": t[1]}),
        )
        return st.one_of(written, written, st.sampled_from(["glob", "regex"]).map(
            lambda op: {"type": "value", "key": key, "op": op, "value": "r*|a" if op == "regex" else "*n*"}))  # fmt: skip

    return st.sampled_from(sorted(sort.asked)).flatmap(spelled)


@functools.cache
def set_filters(sort: Sort) -> Strategy:
    """Filters that judge what is left at their place."""
    keys = st.sampled_from(sorted(sort.asked))
    reduce = st.fixed_dictionaries(
        {"type": st.just("reduce")},
        optional={"sort-by": keys, "group-by": keys, "limit": st.integers(1, 2), "discard": st.integers(0, 1),
                  "order": st.sampled_from(["asc", "desc", "reverse"]),
                  "null-order": st.sampled_from(["first", "last"])},
    )  # fmt: skip
    count = st.tuples(st.sampled_from(["gte", "lt", "eq"]), st.integers(0, 3)).map(
        lambda t: {"type": "value", "value_type": "resource_count", "op": t[0], "value": t[1]}
    )
    return st.one_of(reduce, count)


@functools.cache
def facts(sort: Sort) -> Strategy:
    """Filters that must ask for more than the listing tells: words of the type, metrics."""
    leaves = [st.sampled_from(sort.words)]
    if sort.metrics:
        leaves.append(
            st.fixed_dictionaries(
                {
                    "type": st.just("metrics"),
                    "name": st.sampled_from(sort.metrics),
                    "value": st.just(5),
                    "op": st.sampled_from(["lt", "gte"]),
                },
                optional={"missing-value": st.just(0), "days": st.sampled_from([1, 7])},
            )
        )
    return st.one_of(leaves)


@functools.cache
def tangled(sort: Sort) -> Strategy:
    """A filter that judges sets after one that must ask, both inside a block that others may decide."""
    chain = st.tuples(facts(sort), set_filters(sort)).map(list)
    return st.tuples(st.sampled_from(["or", "and"]), comparisons(sort), st.sampled_from(["and", "not"]), chain).map(
        lambda t: {t[0]: [t[1], {t[2]: t[3]}]}
    )


@functools.cache
def filters(sort: Sort) -> Strategy:
    """One filter or block."""
    return st.recursive(
        st.one_of(comparisons(sort), comparisons(sort), facts(sort), set_filters(sort), tangled(sort)),
        lambda inner: st.tuples(st.sampled_from(["and", "or", "not"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda t: {t[0]: t[1]}
        ),
        max_leaves=5,
    )


LIMITS: Strategy = st.one_of(
    st.just({}), st.just({}), st.integers(1, 3).map(lambda n: {"max-resources": n}),
    st.sampled_from([20, 50]).map(lambda n: {"max-resources-percent": n}),
    st.sampled_from(["and", "or"]).map(lambda op: {"max-resources": {"amount": 1, "percent": 50, "op": op}}),
)  # fmt: skip


@functools.cache
def pushable(sort: Sort, key: str) -> Strategy:
    """Equality on a key that the list call can answer, as it is or under `and`."""
    values = st.sampled_from([*sort.asked[key], *(() if key.startswith("tag:") else ("absent", "empty"))])
    plain = values.map(lambda value: {key: value})
    several = st.lists(st.sampled_from(sort.asked[key]), min_size=1, max_size=2).map(
        lambda found: {"type": "value", "key": key, "op": "in", "value": found}
    )
    written = st.one_of(plain, several)
    return st.one_of(written, written, written.map(lambda each: {"and": [each]}))


@functools.cache
def pushable_keys(sort: Sort) -> tuple[str, ...]:
    """Keys that filters ask for and the list call can answer."""
    push = PROVIDER.type(sort.word).list.push
    return tuple(k for k in sort.asked if k in push or (k.startswith("tag:") and "tag:*" in push))


@st.composite
def chains(draw: st.DrawFn, sort: Sort, key: str) -> list[Json]:
    """A policy's filters; with a key, one of them is likely to go down to the list call."""
    found: list[Json] = draw(st.lists(filters(sort), max_size=1 if key else 3))
    if key:
        found.insert(draw(st.integers(0, len(found))), draw(pushable(sort, key)))
    return found


@functools.cache
def sets(sort: Sort) -> Strategy:
    """Chains in which the order of asking and judging sets matters."""
    return st.lists(st.one_of(tangled(sort), tangled(sort), facts(sort), set_filters(sort)), min_size=1, max_size=2)


@functools.cache
def pushed(sort: Sort, key: str) -> Strategy:
    """Chains in which a condition goes down, or must not: a set is judged before it."""
    before = st.one_of(st.just([]), st.just([]), st.just([]), set_filters(sort).flatmap(
        lambda each: st.sampled_from([[each], [{"not": [each]}], [{"or": [each, {sort.id: "absent"}]}]])))  # fmt: skip
    after = st.one_of(st.just([]), comparisons(sort).map(lambda each: [each]))
    return st.tuples(before, pushable(sort, key).map(lambda each: [each]), after).map(
        lambda parts: [one for part in parts for one in part]
    )


@st.composite
def cases(draw: st.DrawFn, focus: str = "") -> tuple[Estate, list[dict[str, Json]]]:
    """(an account, policies over one of its types). `focus`: `sets`, `pushed`, or everything."""
    sort = draw(st.sampled_from([s for s in SORTS if pushable_keys(s)] if focus == "pushed" else SORTS))
    keys = pushable_keys(sort)
    key = draw(st.sampled_from(keys if focus == "pushed" else [*keys, ""]))
    strategy = chains(sort, key)
    if focus:
        strategy = pushed(sort, key) if focus == "pushed" else sets(sort)
    limits = st.just({}) if focus == "pushed" else LIMITS
    policies = []
    for number in range(draw(st.integers(1, 3))):
        written = {"name": f"p{number}", "resource": sort.word, "filters": draw(strategy)}
        policies.append({**written, **draw(limits)})
    return draw(estates(sort)), policies
