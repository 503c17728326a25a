"""Which resources are meant by ids, ARNs and names; of other types' ARNs none."""

from __future__ import annotations

import pytest

from engine.executor.named import named, told
from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.scope import Scope
from providers.aws import PROVIDER
from tests.providers.aws.adapter.doubles import ScriptedDoor, refused

ACCOUNT = "123456789012"
SCOPE = Scope(ACCOUNT, "us-east-1")
IN = f"arn:aws:%s:us-east-1:{ACCOUNT}:"

TOLD = [
    ("ec2", "i-1", ["i-1"], set()),
    ("ec2", IN % "ec2" + "instance/i-1", ["i-1"], set()),
    ("ec2", f"arn:aws-cn:ec2:cn-north-1:{ACCOUNT}:instance/i-1", ["i-1"], set()),
    ("ec2", IN % "ec2" + "volume/vol-1", [], set()),
    ("ec2", "arn:aws:s3:::b", [], set()),
    ("s3", "arn:aws:s3:::b", ["b"], set()),
    ("log-group", IN % "logs" + "log-group:/aws/lambda/f", ["/aws/lambda/f"], set()),
    ("account", f"arn:aws:iam::{ACCOUNT}:root", [ACCOUNT], set()),
    ("account", f"arn:aws:iam::{ACCOUNT}:user/ana", [], set()),
    ("sns", IN % "sns" + "news", [IN % "sns" + "news"], set()),
    ("sns", "news", [], {"news"}),
    ("rds", "db", ["db"], set()),
    ("rds", IN % "rds" + "db:db", [], {IN % "rds" + "db:db"}),
    ("sqs", IN % "sqs" + "q", [], {IN % "sqs" + "q"}),
]


@pytest.mark.parametrize(("word", "reference", "ids", "others"), TOLD)
def test_what_a_reference_tells(word: str, reference: str, ids: list[str], others: set[str]) -> None:
    assert told(PROVIDER.type(word), [reference, reference]) == (ids, others)


def found(word: str, door: ScriptedDoor, *references: str) -> list[str]:
    pages = named(PROVIDER.type(word), SCOPE, door, PROVIDER.type, references)
    return [resource.ref.id for page in pages for resource in page]


def ec2(call: Call) -> Json:
    """Three instances; refuses a request that names another, telling which."""
    there = ["i-1", "i-2", "i-3"]
    asked = call.params.get("InstanceIds", there)
    for id in asked:
        if id not in there:
            raise CallFailed("ec2", call.operation, FailureKind.GONE, "InvalidInstanceID.NotFound", f"'{id}' is gone")
    return {"Reservations": [{"Instances": [{"InstanceId": id} for id in asked]}]}


def test_ids_are_asked_for_in_one_request_in_their_order() -> None:
    door = ScriptedDoor(ec2)
    assert found("ec2", door, "i-3", IN % "ec2" + "instance/i-1", "i-3") == ["i-3", "i-1"]
    assert [call.params for call in door.asked] == [{"InstanceIds": ["i-3", "i-1"]}]


def test_what_is_gone_does_not_hide_the_others() -> None:
    assert found("ec2", ScriptedDoor(ec2), "i-9", "i-2") == ["i-2"]
    assert found("ec2", ScriptedDoor(ec2), "i-9") == []


def test_nothing_is_asked_for_no_reference() -> None:
    door = ScriptedDoor(ec2)
    assert found("ec2", door) == []
    assert found("ec2", door, "arn:aws:s3:::b") == []
    assert door.asked == []


def test_a_refusal_is_a_failure_not_an_absence() -> None:
    def no(call: Call) -> Json:
        raise refused(call)

    with pytest.raises(CallFailed, match="AccessDenied"):
        found("ec2", ScriptedDoor(no), "i-1")


def databases(call: Call) -> Json:
    rows = [{"DBInstanceIdentifier": name, "DBInstanceArn": IN % "rds" + f"db:{name}"} for name in ("a", "b")]
    asked = call.params.get("DBInstanceIdentifier")
    return {"DBInstances": [row for row in rows if asked in (None, row["DBInstanceIdentifier"])]}


def test_an_arn_that_does_not_tell_the_id_is_compared() -> None:
    """Of what is asked for by id and of what is listed, each resource comes once."""
    assert found("rds", ScriptedDoor(databases), IN % "rds" + "db:b") == ["b"]
    assert found("rds", ScriptedDoor(databases), "b", IN % "rds" + "db:b", IN % "rds" + "db:a") == ["b", "a"]


def test_a_type_known_by_its_arn_is_found_by_its_name() -> None:
    """As CloudTrail has it: CreateLoadBalancer names a name."""
    rows = [{"LoadBalancerArn": f"arn:aws:elasticloadbalancing:lb/{n}", "LoadBalancerName": n} for n in ("web", "api")]
    door = ScriptedDoor(lambda call: {"LoadBalancers": rows})
    assert found("app-elb", door, "api") == ["arn:aws:elasticloadbalancing:lb/api"]


def services(call: Call) -> Json:
    if call.operation == "ListClusters":
        return {"clusterArns": ["arn:c"]}
    return {"serviceArns": ["arn:s1", "arn:s2"]}


def test_of_what_is_listed_under_a_parent_only_the_named() -> None:
    """A listing that cannot ask by id is not everything."""
    assert found("ecs-service", ScriptedDoor(services), "arn:s2") == ["arn:s2"]
