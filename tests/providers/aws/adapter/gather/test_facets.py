"""Facets: one call a resource or one for many, "has none" told from failure, every form read."""

from __future__ import annotations

import pytest

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.record import Facet
from providers.aws.adapter.gather.forms import taken

from ..doubles import at, gathered, refused

BUCKETS = [
    {"Name": f"b{i}", "BucketRegion": region} for i, region in enumerate(("us-east-1", "eu-west-1", "eu-west-1"))
]


def test_one_call_a_resource_in_its_own_region() -> None:
    """Buckets are asked where they are."""
    connection, door = at(lambda call: {"Status": "Enabled" if call.params["Bucket"] == "b1" else None})
    told = gathered(connection, "s3", BUCKETS, FacetNeed("versioning"))
    assert [facts[FacetNeed("versioning")]["Status"] for facts in told] == [None, "Enabled", None]
    assert sorted(call.scope.region for call in door.asked) == ["eu-west-1", "eu-west-1", "us-east-1"]


def test_none_is_not_unknown() -> None:
    """A code that the record lists means "has none"; any other failure is told as Failed, of that resource alone."""

    def answer(call: Call) -> Json:
        if call.params["Bucket"] == "b0":
            raise refused(call, "NoSuchBucketPolicy", FailureKind.GONE)
        if call.params["Bucket"] == "b1":
            raise refused(call)
        return {"Policy": '{"Statement": []}'}

    connection, _ = at(answer)
    none, failed, there = (
        facts[FacetNeed("policy")] for facts in gathered(connection, "s3", BUCKETS, FacetNeed("policy"))
    )
    assert none is None
    assert isinstance(failed, Failed)
    assert "s3:GetBucketPolicy denied: AccessDenied" in failed.cause
    assert there == '{"Statement": []}'


def test_paged_facets_are_read_whole() -> None:
    """A subscription on the second page counts."""
    pages = [{"subscriptionFilters": [{"a": 1}]}, {"subscriptionFilters": [{"b": 2}]}]
    connection, _ = at(lambda call: pages)
    (told,) = gathered(connection, "log-group", [{"logGroupName": "g"}], FacetNeed("subscriptions"))
    assert told[FacetNeed("subscriptions")] == [{"a": 1}, {"b": 2}]


def test_batched_facets_go_together_and_find_their_own() -> None:
    """ECS services: ten to a DescribeServices, a cluster's services apart from another's."""
    need = FacetNeed("detail")
    things = [{"serviceArn": f"arn:{c}/{i}", "clusterArn": c} for c in ("one", "two") for i in range(12)]

    def answer(call: Call) -> Json:
        assert len(call.params["services"]) <= 10
        return {"services": [{"serviceArn": s, "seen": call.params["cluster"]} for s in reversed(call.params["services"])
                             if s != "arn:one/3"]}  # fmt: skip

    connection, door = at(answer)
    told = gathered(connection, "ecs-service", things, need)
    assert len(door.asked) == 4
    for thing, facts in zip(things, told, strict=True):
        if thing["serviceArn"] == "arn:one/3":
            assert isinstance(facts[need], Failed)
            assert "said nothing of it" in facts[need].cause
        else:
            assert facts[need]["seen"] == thing["clusterArn"]


def test_a_batch_that_fails_is_told_of_all_in_it_and_no_other() -> None:
    """The other cluster's services are known."""
    need = FacetNeed("detail")
    things = [{"serviceArn": "arn:one/1", "clusterArn": "one"}, {"serviceArn": "arn:two/1", "clusterArn": "two"}]

    def answer(call: Call) -> Json:
        if call.params["cluster"] == "one":
            raise refused(call)
        return {"services": [{"serviceArn": s} for s in call.params["services"]]}

    connection, _ = at(answer)
    one, two = gathered(connection, "ecs-service", things, need)
    assert isinstance(one[need], Failed)
    assert two[need] == {"serviceArn": "arn:two/1"}


def test_one_call_for_each_element_of_another_facet() -> None:
    """A balancer's listeners first, then the rules of each; what fails for one is not known of the balancer."""
    need = FacetNeed("listener-rules")

    def answer(call: Call) -> Json:
        if call.operation == "DescribeListeners":
            return {"Listeners": [{"ListenerArn": f"{call.params['LoadBalancerArn']}-{n}"} for n in (1, 2)]}
        if call.params["ListenerArn"] == "b-2":
            raise refused(call)
        return {"Rules": [{"RuleArn": call.params["ListenerArn"] + each} for each in "xy"]}

    connection, _ = at(answer)
    things = [{"LoadBalancerArn": "a"}, {"LoadBalancerArn": "b"}]
    found, failed = gathered(connection, "app-elb", things, FacetNeed("listeners"), need)
    assert [rule["RuleArn"] for rule in found[need]] == ["a-1x", "a-1y", "a-2x", "a-2y"]
    assert isinstance(failed[need], Failed)


def test_equal_calls_are_made_once() -> None:
    """Balancers of one listener each, which is the same; what is taken may hold the element that was asked for."""

    def answer(call: Call) -> Json:
        if call.operation == "DescribeListeners":
            return {"Listeners": [{"ListenerArn": "l"}]}
        return {"Rules": [{"RuleArn": "r"}]}

    connection, door = at(answer)
    need = FacetNeed("listener-rules")
    balancers = [{"LoadBalancerArn": n} for n in "ab"]
    told = gathered(connection, "app-elb", balancers, FacetNeed("listeners"), need)
    assert [facts[need] for facts in told] == [[{"RuleArn": "r"}]] * 2
    assert [call.operation for call in door.asked].count("DescribeRules") == 1
    facet = Facet("GetTrailStatus", {}, "s", take="{name: _each.Name, on: IsLogging}", each="Trails")
    assert taken(facet, {"IsLogging": True, "_each": {"Name": "t"}}) == {"name": "t", "on": True}


def test_what_is_asked_third_waits_for_the_second() -> None:
    """A cluster's instances by their ARNs, their volumes by their ids, whatever the order they are asked for in."""

    def answer(call: Call) -> Json:
        if call.operation == "ListContainerInstances":
            return {"containerInstanceArns": [f"c{n}" for n in range(120)]}
        if call.operation == "DescribeContainerInstances":
            return {"containerInstances": [{"ec2InstanceId": f"i-{a}"} for a in call.params["containerInstances"]]}
        return {"Volumes": [{"VolumeId": each} for each in call.params["Filters"][0]["Values"]]}

    connection, door = at(answer)
    needs = [FacetNeed(name) for name in ("volumes", "container-instances", "container-instance-arns")]
    (told,) = gathered(connection, "ecs", [{"clusterArn": "c"}], *needs)
    assert [each["VolumeId"] for each in told[needs[0]]] == [f"i-c{n}" for n in range(120)]
    assert len(door.asked) == 4


def test_a_batch_in_which_one_has_none_is_asked_one_by_one() -> None:
    """A service that cannot be seen does not hide the others."""
    need = FacetNeed("service-details")
    things = [{"VpcEndpointId": name, "ServiceName": name} for name in ("a", "gone", "b")]

    def answer(call: Call) -> Json:
        if "gone" in call.params["ServiceNames"]:
            raise refused(call, "InvalidServiceName", FailureKind.GONE)
        return {"ServiceDetails": [{"ServiceName": name} for name in call.params["ServiceNames"]]}

    connection, door = at(answer)
    told = [facts[need] for facts in gathered(connection, "vpc-endpoint", things, need)]
    assert told == [{"ServiceName": "a"}, None, {"ServiceName": "b"}]
    assert len(door.asked) == 4


def test_the_account_is_asked_for_only_when_a_call_needs_it() -> None:
    """ARN templates with an account ask STS once; facets by name never do."""
    connection, door = at(lambda call: {"Account": "1"} if call.service == "sts" else {"Status": "ok"}, account="")
    gathered(connection, "s3", BUCKETS, FacetNeed("versioning"), account="")
    assert "GetCallerIdentity" not in door.operations()
    gathered(connection, "dynamodb-table", [{"TableName": "a"}, {"TableName": "b"}], FacetNeed("continuous-backups"),
             account="")  # fmt: skip
    assert "GetCallerIdentity" not in door.operations()


def test_ids_go_into_a_filter_and_have_several_answers() -> None:
    """Two volumes in one request; one without snapshots has none, which is no failure."""
    connection, door = at(lambda call: {"Snapshots": [{"VolumeId": "v1", "N": n} for n in (1, 2)]})
    need = FacetNeed("snapshots")
    told = gathered(connection, "ebs", [{"VolumeId": "v1"}, {"VolumeId": "v2"}], need)
    assert [[each["N"] for each in facts[need]] for facts in told] == [[1, 2], []]
    (call,) = door.asked
    assert call.params == {"Filters": [{"Name": "volume-id", "Values": ["v1", "v2"]}]}


def test_everything_is_listed_once() -> None:
    """A subnet has its own route table, or its VPC's main one."""
    tables = [
        {"RouteTableId": "main", "VpcId": "vpc", "Associations": [{"Main": True}]},
        {"RouteTableId": "own", "VpcId": "vpc", "Associations": [{"Main": False, "SubnetId": "s1"}]},
    ]
    connection, door = at(lambda call: [{"RouteTables": tables[:1]}, {"RouteTables": tables[1:]}])
    subnets = [{"SubnetId": "s1", "VpcId": "vpc"}, {"SubnetId": "s2", "VpcId": "vpc"}, {"SubnetId": "s3", "VpcId": "w"}]
    need = FacetNeed("route-table")
    told = [facts[need] for facts in gathered(connection, "subnet", subnets, need)]
    assert [table and table["RouteTableId"] for table in told] == ["own", "main", None]
    assert [(call.operation, call.params) for call in door.asked] == [("DescribeRouteTables", {})]


def test_what_cannot_have_one_is_not_asked_about() -> None:
    connection, door = at(
        lambda call: {"IamInstanceProfileAssociations": [{"InstanceId": "i-1", "AssociationId": "a"}]}
    )
    need = FacetNeed("profile-association")
    machines = [{"InstanceId": "i-0"}, {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "x"}}]
    told = [facts[need] for facts in gathered(connection, "ec2", machines, need)]
    assert told == [None, {"InstanceId": "i-1", "AssociationId": "a"}]
    assert door.asked[0].params["Filters"][0] == {"Name": "instance-id", "Values": ["i-1"]}


def test_a_facet_that_reads_anothers_answer_comes_after_it() -> None:
    """Which task definition a service has is told only by its description."""

    def answer(call: Call) -> Json:
        if call.operation == "DescribeServices":
            return {"services": [{"serviceArn": "s", "taskDefinition": "web:7"}]}
        return {"taskDefinition": {"family": call.params["taskDefinition"]}}

    connection, door = at(answer)
    needs = (FacetNeed("task-definition"), FacetNeed("detail"))
    (told,) = gathered(connection, "ecs-service", [{"serviceArn": "s", "clusterArn": "c"}], *needs)
    assert told[needs[0]] == {"family": "web:7"}
    assert door.operations() == ["DescribeServices", "DescribeTaskDefinition"]


def test_one_listing_is_joined_by_arn() -> None:
    """The protections of Shield name what they protect by its ARN, an address by another than its tags do."""

    def shield(call: Call) -> Json:
        arn = f"arn:aws:ec2:{call.scope.region}:{call.scope.account}:eip-allocation/eipalloc-1"
        return {"Protections": [{"Id": "p", "ResourceArn": arn}]}

    connection, door = at(shield)
    need = FacetNeed("shield")
    told = gathered(connection, "elastic-ip", [{"AllocationId": "eipalloc-1"}, {"AllocationId": "eipalloc-2"}], need)
    assert [facts[need] and facts[need]["Id"] for facts in told] == ["p", None]
    assert len(door.asked) == 1


def test_a_report_is_made_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """IAM is asked for a credential report until it is there; other failures are told."""
    monkeypatch.setattr("providers.aws.adapter.gather.facets.ASK_AGAIN_AFTER", 0.0)
    need = FacetNeed("credential-report")
    users = [{"UserName": "ana"}, {"UserName": "new"}]
    states = iter(["STARTED", "INPROGRESS", "COMPLETE"])
    made: list[str] = []

    def answer(call: Call) -> Json:
        if call.operation == "GenerateCredentialReport":
            made.append(next(states))
            return {"State": made[-1]}
        if not made:
            raise refused(call, "ReportNotPresent", FailureKind.GONE)
        return {"Content": b"user,access_key_1_active,access_key_1_last_rotated\nana,true,2026-01-01T00:00:00+00:00\n"}

    connection, _ = at(answer)
    ana, new = (facts[need] for facts in gathered(connection, "iam-user", users, need))
    assert made == ["STARTED", "INPROGRESS", "COMPLETE"]
    assert [key["active"] for key in ana["access_keys"]] == [True]
    assert ana["certs"] is None
    assert isinstance(new, Failed)

    connection, _ = at(lambda call: (_ for _ in ()).throw(refused(call)))
    assert all(isinstance(f[need], Failed) for f in gathered(connection, "iam-user", users, need))


def test_a_job_is_started_and_asked_until_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One job a user; who is no more has none; a job that does not end, or is refused, is unknown."""
    monkeypatch.setattr("providers.aws.adapter.gather.facets.ASK_AGAIN_AFTER", 0.0)
    need = FacetNeed("service-usage")
    asked: list[str] = []

    def answer(call: Call) -> Json:
        if call.operation == "GenerateServiceLastAccessedDetails":
            if call.params["Arn"] == "gone":
                raise refused(call, "NoSuchEntity", FailureKind.GONE)
            if call.params["Arn"] == "secret":
                raise refused(call)
            return {"JobId": "job of " + call.params["Arn"]}
        asked.append(call.params["JobId"])
        done = len(asked) > 1
        return {"JobStatus": "COMPLETED", "ServicesLastAccessed": [{}]} if done else {"JobStatus": "IN_PROGRESS"}

    connection, _ = at(answer)
    users = [{"UserName": name, "Arn": name} for name in ("ana", "gone", "secret")]
    ana, gone, secret = (facts[need] for facts in gathered(connection, "iam-user", users, need))
    assert (ana, gone, asked) == ([{}], None, ["job of ana", "job of ana"])
    assert isinstance(secret, Failed)
