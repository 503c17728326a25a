"""Runs of plans: scopes that fail leave the others, pages stream, costly facts are asked only for what is left."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

from engine.executor.events import Silent
from engine.executor.execute import Circumstances, Target, execute
from engine.lang.check import Environment
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Defect
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plan.compile import compile
from engine.plugin.discover import catalog
from engine.runner import bind
from tests.engine.plan.estate import Estate, Thing

from .cloud import NOW, SCOPE, Cloud, parsed, ran, refused


def herd(count: int, **more: Any) -> Estate:
    """Instances, every other one running."""
    things = [
        Thing({"InstanceId": f"i-{n}", "State": {"Name": "running" if n % 2 else "stopped"}},
              {"termination-protection": n % 4 == 1}, {"CPUUtilization": [float(n)]})
        for n in range(count)
    ]  # fmt: skip
    return Estate({"ec2": things, "s3": []}, **more)


def run(estate: Estate, *filters: Json, scopes: tuple[Scope, ...] = (SCOPE,), **more: Any) -> Any:
    """The results of one policy in some scopes."""
    (policy,) = parsed({"resource": "ec2", "filters": list(filters)})
    plan = compile([bind(policy, catalog(), Environment(now=NOW))])
    return execute([Target(estate, s, plan) for s in scopes], Circumstances(NOW, catalog().provider.type, **more))


def test_costly_facts_are_asked_only_for_what_is_left() -> None:
    """Metrics for the running ones, the facet for those of them that are idle."""
    estate = herd(20, page=3)
    metric = {"type": "metrics", "name": "CPUUtilization", "op": "lt", "value": 6}
    (result,) = run(estate, {"State.Name": "running"}, metric, "termination-protected")
    assert [i.resource.ref.id for i in result.matched] == ["i-1", "i-5"]
    asked = [(need.split("(")[0], id) for id, need in estate.asked]
    assert [id for kind, id in asked if kind == "MetricNeed"] == [f"i-{n}" for n in range(1, 20, 2)]
    assert [id for kind, id in asked if kind == "FacetNeed"] == ["i-1", "i-3", "i-5"]


def test_nothing_is_asked_when_the_listing_decides() -> None:
    """No resource is left."""
    estate = herd(20)
    (result,) = run(estate, {"State.Name": "terminated"}, "termination-protected")
    assert estate.asked == []
    assert (result.matched, result.unknown) == ([], [])


class Regions(Estate):
    """An estate whose second region is refused, one page late."""

    def __post_init__(self) -> None:
        super().__post_init__()
        inner = self.door.pages

        def pages(call: Any) -> Any:
            for number, body in enumerate(inner(call)):
                if call.scope.region == "eu-west-1" and number == 1:
                    raise CallFailed("ec2", "DescribeInstances", FailureKind.DENIED, "AccessDenied", "no")
                yield body

        self.door.pages = pages  # type: ignore[method-assign]


def test_a_scope_that_fails_half_way_is_an_error_and_the_others_go_on() -> None:
    """Its first page does not pass for the whole; results come in the order of the scopes."""
    scopes = tuple(Scope("123456789012", r) for r in ("eu-west-1", "eu-west-2", "us-east-1"))
    failed: list[str] = []

    class Watching(Silent):
        def failed(self, type: str, scope: Scope, reason: str) -> None:
            failed.append(scope.region)

    estate = Regions({"ec2": herd(6).things["ec2"]}, page=2)
    results = run(estate, {"State.Name": "running"}, scopes=scopes, observer=Watching())
    assert [r.scope.region for r in results] == ["eu-west-1", "eu-west-2", "us-east-1"]
    assert [len(r.matched) for r in results] == [0, 3, 3]
    assert [bool(r.error) for r in results] == [True, False, False]
    assert failed == ["eu-west-1"]


def test_policies_that_share_a_listing_list_once() -> None:
    """One DescribeInstances for three policies; each gets its own result, in the text's order."""
    cloud = Cloud().instance("i-0").instance("i-1", "stopped")
    results = ran(cloud, {"resource": "ec2", "filters": [{"State.Name": "running"}]}, {"resource": "aws.ec2"},
                  {"resource": "ec2", "filters": [{"State.Name": "stopped"}]})  # fmt: skip
    assert [c.operation for c in cloud.calls if c.operation == "DescribeInstances"] == ["DescribeInstances"]
    assert [(r.policy.name, len(r.matched)) for _, r in results] == [("p0", 1), ("p1", 2), ("p2", 1)]


def test_a_policy_that_is_skipped_lists_nothing() -> None:
    """No call at all."""
    cloud = Cloud().instance("i-0")
    ((_, result),) = ran(cloud, {"resource": "ec2", "region": "eu-west-1"})
    assert result.skipped == "it is for region eu-west-1"
    assert cloud.calls == []


def test_a_run_that_is_stopped_ends() -> None:
    """After the page that is under way."""
    stop = threading.Event()

    class Stopping(Silent):
        def listed(self, type: str, scope: Scope, count: int) -> None:
            stop.set()

    (result,) = run(herd(20, page=2), {"State.Name": "running"}, stop=stop, observer=Stopping())
    assert result.population == 2


def test_a_bug_in_a_gatherer_makes_what_it_was_asked_unknown() -> None:
    """It is reported as a bug; nothing matches on it, and the run goes on."""

    class Broken(Estate):
        def gather(self, requests: Any, tell: Any) -> None:
            raise ZeroDivisionError

    estate = Broken({"ec2": herd(3).things["ec2"], "s3": []})
    (result,) = run(estate, "termination-protected")
    assert (result.matched, len(result.unknown)) == ([], 3)
    causes = {cause for _, verdict in result.unknown for cause in verdict.causes}
    assert all(isinstance(cause, Defect) and "ZeroDivisionError" in cause for cause in causes)


def test_an_answer_that_is_forgotten_is_unknown() -> None:
    """A provider that returns without a word has not said that there is none."""

    class Silent(Estate):
        def gather(self, requests: Any, tell: Any) -> None:
            return

    estate = Silent({"ec2": herd(2).things["ec2"], "s3": []})
    (result,) = run(estate, {"not": ["termination-protected"]})
    assert (result.matched, len(result.unknown)) == ([], 2)


def test_a_bug_in_a_listing_ends_its_scope_alone() -> None:
    """The error says that it is ours."""

    class Broken(Estate):
        def gather(self, requests: Any, tell: Any) -> None:
            raise AssertionError("nothing is left to ask about")

    estate = Broken({"ec2": herd(2).things["ec2"], "s3": []})
    estate.door.by_call.clear()  # so that its listing raises KeyError
    (result,) = run(estate, {"State.Name": "running"})
    assert isinstance(result.error, Defect)
    assert result.matched == []


def test_another_source_lists_the_same_type() -> None:
    """AWS Config's records, judged as if EC2 had described them."""

    class Config(Cloud):
        def _SelectResourceConfig(self, params: Json) -> Json:  # noqa: N802 - AWS's name
            states = {"i-1": "running", "i-2": "stopped"}
            found = [{"configuration": {"instanceId": id, "state": {"name": s}}} for id, s in states.items()]
            return {"Results": [json.dumps(each) for each in found]}

    cloud = Config()
    ((_, result),) = ran(cloud, {"resource": "ec2", "source": "config", "filters": [{"State.Name": "running"}]})
    assert [item.resource.ref.id for item in result.matched] == ["i-1"]
    assert [str(call) for call in cloud.calls] == ["config:SelectResourceConfig"]


def test_read_only_runs_ask_no_account() -> None:
    """Neither STS nor anything else but the listing."""
    cloud = Cloud().instance("i-0")
    cloud.connection.known_account = ""
    cloud.breaks = lambda call: refused(call) if call.service == "sts" else None
    results = ran(cloud, {"resource": "ec2", "filters": [{"State.Name": "running"}]})
    assert len(results[0][1].matched) == 1
    assert [c.operation for c in cloud.calls] == ["DescribeInstances"]


def test_watched_resources_that_do_not_match_are_kept() -> None:
    """So that the reason can be reported; the others are forgotten. Whichever filter decided."""
    watched = frozenset(ResourceRef("ec2", SCOPE, f"i-{n}") for n in (1, 2, 5, 9))
    metric = {"type": "metrics", "name": "CPUUtilization", "op": "lt", "value": 6}
    running = {"type": "value", "key": "State.Name", "op": "ne", "value": "stopped"}  # which no listing can answer
    (result,) = run(herd(20, page=3), running, metric, watched=watched)
    assert sorted(i.resource.ref.id for i in result.unmatched) == ["i-2", "i-9"]
    newest = {"type": "reduce", "sort-by": "InstanceId", "limit": 1}
    (result,) = run(herd(20, page=3), newest, watched=watched)
    assert sorted(i.resource.ref.id for i in result.unmatched) == ["i-1", "i-2", "i-5", "i-9"]


def test_only_some_are_judged_and_all_are_counted() -> None:
    """What else is there neither matches nor is gathered for."""
    estate = herd(20, page=3)
    (policy,) = parsed({"resource": "ec2", "filters": ["termination-protected"]})
    plan = compile([bind(policy, catalog(), Environment(now=NOW))])
    few = replace(plan, scans=tuple(replace(scan, only=frozenset({"i-1", "i-2"})) for scan in plan.scans))
    (result,) = execute([Target(estate, SCOPE, few)], Circumstances(NOW, catalog().provider.type))
    assert ([i.resource.ref.id for i in result.matched], result.population) == (["i-1"], 20)
    assert {id for id, _ in estate.asked} == {"i-1", "i-2"}
