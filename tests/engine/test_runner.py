"""From policies to results: what is bound, planned and run where; what must be known before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.lang.check import Environment
from engine.model.errors import CallFailed, FailureKind, PolicyRejected
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plan.steps import Plan
from engine.plugin.discover import catalog
from engine.runner import Ran, Settings, bind, named_only, needs_account, plan_for, run_policies
from tests.engine.executor.cloud import NOW, SCOPE, Cloud, parsed
from tests.engine.plan.estate import Estate, Thing

SHELVES = catalog()
RUNNING: Json = {"State.Name": "running"}


class Everywhere(Estate):
    """An estate in several regions; S3 and EC2 in all of them, other services only in the first."""

    def regions(self, wanted: Sequence[str]) -> Sequence[str]:
        """Those wanted; three for all."""
        return ["eu-west-1", "us-east-1", "us-west-2"] if "all" in wanted else list(wanted) or ["us-east-1"]

    def reaches(self, type: ResourceType, region: str) -> bool:
        """Whether the service is there."""
        return type.service in ("ec2", "s3") or region == "us-east-1"


def everywhere() -> Everywhere:
    return Everywhere(
        {
            "ec2": [Thing({"InstanceId": "i-1", "State": {"Name": "running"}}, {}, {})],
            "s3": [],
            "lambda": [],
            "iam-role": [],
        }
    )


def places(ran: Ran) -> list[tuple[str, str]]:
    return [(result.policy.name, result.scope.region) for _, result in ran.results]


@pytest.mark.parametrize(
    ("word", "regions", "expected"),
    [
        ("ec2", (), ["us-east-1"]),
        ("ec2", ("eu-west-1", "us-west-2"), ["eu-west-1", "us-west-2"]),
        ("ec2", ("all",), ["eu-west-1", "us-east-1", "us-west-2"]),
        ("lambda", ("eu-west-1", "us-east-1"), ["us-east-1"]),
        ("lambda", ("all",), ["us-east-1"]),
        ("lambda", ("eu-west-1",), ["eu-west-1"]),
        ("iam-role", ("eu-west-1", "us-west-2"), ["eu-west-1"]),
        ("iam-role", ("all",), ["us-east-1"]),
    ],
)
def test_where_a_policy_runs(word: str, regions: tuple[str, ...], expected: list[str]) -> None:
    """Once in each region that has the service; a global type once. One region that is asked for is believed."""
    ran = run_policies(parsed({"resource": word}), SHELVES, [everywhere()], Settings(now=NOW, regions=regions))
    assert places(ran) == [("p0", region) for region in expected]


def test_global_services_of_another_partition_have_their_home_there() -> None:
    """`-r all` with credentials of GovCloud."""

    class GovCloud(Everywhere):
        def regions(self, wanted: Sequence[str]) -> Sequence[str]:
            return ["us-gov-east-1", "us-gov-west-1"]

    cloud = GovCloud(everywhere().things)
    ran = run_policies(parsed({"resource": "iam-role"}), SHELVES, [cloud], Settings(now=NOW, regions=("all",)))
    assert places(ran) == [("p0", "us-gov-west-1")]


def test_each_result_knows_its_connection() -> None:
    one, other = Cloud().instance("i-1"), Cloud()
    other.connection.known_account = "210987654321"
    ran = run_policies(
        parsed({"resource": "ec2"}), SHELVES, [one.connection, other.connection], Settings(regions=("us-east-1",))
    )
    assert {r.scope.account: c for c, r in ran.results} == {
        "123456789012": one.connection,
        "210987654321": other.connection,
    }


@pytest.mark.parametrize(
    ("policy", "acting", "expected"),
    [
        ({}, False, False),
        ({"actions": ["stop"]}, False, False),
        ({"actions": ["stop"]}, True, True),
        ({}, True, False),
        ({"conditions": [{"region": "x"}]}, False, True),
        ({"filters": [{"tag:Owner": "{account_id}"}]}, False, True),
        ({"filters": [{"tag:Owner": "{region}"}]}, False, False),
        ({"resource": "sns", "filters": ["cross-account"]}, False, True),
    ],
)
def test_whether_the_account_must_be_asked_for(policy: dict[str, Json], acting: bool, expected: bool) -> None:
    assert needs_account(parsed({"resource": "ec2", **policy}), SHELVES, acting) is expected


def test_binding_fills_the_placeholders_or_rejects() -> None:
    (policy,) = parsed({"resource": "ec2", "filters": [{"tag:Where": "{region}"}]})
    bound = bind(policy, SHELVES, Environment("1", "eu-west-1", "aws", NOW))
    assert bound.policy.node.data()["filters"] == [{"tag:Where": "eu-west-1"}]
    with pytest.raises(PolicyRejected):
        bind(parsed({"resource": "ec2", "filters": ["nope"]})[0], SHELVES, Environment(now=NOW))


def planned(*policies: dict[str, Json], event: Json = None) -> Plan:
    return plan_for(parsed(*policies), SHELVES, SCOPE, Settings(now=NOW, event=event))


EVENT: Json = {"detail": {"instance-id": "i-1", "state": "running"}}
ON_STATE: Json = {"type": "ec2-instance-state", "events": ["running"]}


def test_an_event_narrows_each_policy_to_what_its_mode_names() -> None:
    """Policies that shared a scan look apart; conditions of the listing fall away, for ids do without."""
    policies = (
        {"resource": "ec2", "mode": ON_STATE, "filters": [RUNNING]},
        {"resource": "ec2", "mode": {"type": "phd"}},
        {"resource": "ec2"},
    )
    assert len(planned(*policies).scans) == 1
    scans = planned(*policies, event=EVENT).scans
    assert [(scan.tracks[0].policy.name, scan.ids, scan.conditions) for scan in scans] == [
        ("p0", ("i-1",), ()),
        ("p1", (), ()),
        ("p2", None, ()),
    ]


def test_without_an_event_nothing_is_narrowed() -> None:
    plan = planned({"resource": "ec2", "mode": ON_STATE})
    assert [scan.ids for scan in plan.scans] == [None]
    assert [scan.ids for scan in named_only(plan, {}).scans] == [()]


def missing(*filters: Json) -> dict[str, Json]:
    return {
        "resource": "account",
        "filters": [{"type": "missing", "policy": {"resource": "ec2", "filters": list(filters)}}],
    }


@pytest.mark.parametrize(("state", "matched", "unknown"), [("running", 0, 0), ("stopped", 1, 0)])
def test_a_policy_inside_a_filter_is_run_in_the_same_scope(state: str, matched: int, unknown: int) -> None:
    """`missing`: the account matches where nothing does."""
    estate = Everywhere(
        {
            "ec2": [Thing({"InstanceId": "i-1", "State": {"Name": state}}, {}, {})],
            "account": [Thing({"account_id": "1"}, {}, {})],
        }
    )
    ran = run_policies(parsed(missing(RUNNING)), SHELVES, [estate], Settings(now=NOW))
    ((_, result),) = ran.results
    assert (len(result.matched), len(result.unknown)) == (matched, unknown)


def test_an_embedded_policy_that_does_not_run_here_has_not_found_nothing() -> None:
    """`missing` is unknown then."""
    estate = Everywhere({"ec2": [], "account": [Thing({"account_id": "1"}, {}, {})]})
    policy = missing(RUNNING)
    policy["filters"][0]["policy"]["conditions"] = [{"region": "eu-west-3"}]
    ((_, result),) = run_policies(parsed(policy), SHELVES, [estate], Settings(now=NOW)).results
    assert (len(result.matched), len(result.unknown)) == (0, 1)


def test_an_account_that_cannot_be_reached_leaves_the_others() -> None:
    """Its policies say so; the only account's failure is the run's."""

    class Unreached(Everywhere):
        def regions(self, wanted: Sequence[str]) -> Sequence[str]:
            raise CallFailed("sts", "AssumeRole", FailureKind.DENIED, "AccessDenied", "no")

    things = {"ec2": [Thing({"InstanceId": "i-1", "State": {"Name": "running"}}, {}, {})]}
    policies = parsed({"resource": "ec2", "filters": [RUNNING]})
    ran = run_policies(policies, SHELVES, [Unreached(things), Everywhere(things)], Settings(now=NOW, regions=("all",)))
    (_, first), *others = ran.results
    assert "cannot be reached: sts:AssumeRole denied" in first.error
    assert [len(result.matched) for _, result in others] == [1, 1, 1]
    with pytest.raises(CallFailed):
        run_policies(policies, SHELVES, [Unreached(things)], Settings(now=NOW))


def test_a_scope_is_the_policys_own() -> None:
    plan = plan_for(
        parsed({"resource": "ec2", "filters": [{"tag:In": "{region}"}]}),
        SHELVES,
        Scope("1", "eu-west-1"),
        Settings(now=NOW),
    )
    assert plan.policies[0].policy.node.data()["filters"] == [{"tag:In": "eu-west-1"}]
