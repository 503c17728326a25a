"""Related resources: asked by id, listed when an id dangles, remembered; populations read once a run."""

from __future__ import annotations

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import PopulationNeed, RelatedNeed

from ..doubles import at, gathered, refused

GROUPS = {f"sg-{i}": {"GroupId": f"sg-{i}", "GroupName": f"g{i}"} for i in range(5)}
NEED = RelatedNeed("security-group")


def instance(number: int, *groups: str) -> dict[str, Json]:
    return {"InstanceId": f"i-{number}", "NetworkInterfaces": [{"Groups": [{"GroupId": g} for g in groups]}]}


def ec2(call: Call) -> Json:
    """Refuses the whole request when one id does not exist, as EC2 does."""
    asked = call.params.get("GroupIds")
    if asked is None:
        return {"SecurityGroups": list(GROUPS.values())}
    if any(each not in GROUPS for each in asked):
        raise refused(call, "InvalidGroup.NotFound", FailureKind.GONE)
    return {"SecurityGroups": [GROUPS[each] for each in asked]}


def test_all_ids_in_one_request() -> None:
    """Named twice, asked once; each resource gets its own in its order."""
    connection, door = at(ec2)
    told = gathered(connection, "ec2", [instance(0, "sg-1", "sg-0"), instance(1, "sg-1"), instance(2)], NEED)
    assert [[id for id, _ in facts[NEED]] for facts in told] == [["sg-1", "sg-0"], ["sg-1"], []]
    assert told[0][NEED][0][1]["GroupName"] == "g1"
    assert [call.params for call in door.asked] == [{"GroupIds": ["sg-0", "sg-1"]}]


def test_a_dangling_id_is_none_and_does_not_hide_the_others() -> None:
    """The refused request is followed by a listing."""
    connection, door = at(ec2)
    (told,) = gathered(connection, "ec2", [instance(0, "sg-9", "sg-2")], NEED)
    assert told[NEED][0] == ("sg-9", None)
    assert told[NEED][1][1]["GroupName"] == "g2"
    assert "GroupIds" not in door.asked[-1].params


def test_an_empty_text_names_none() -> None:
    """CloudFront writes `WebACLId: ""` on a distribution without one."""
    connection, door = at(ec2)
    (told,) = gathered(connection, "ec2", [instance(0, "", "sg-1", "sg-1")], NEED)
    assert [name for name, _ in told[NEED]] == ["sg-1"]
    assert [call.params for call in door.asked] == [{"GroupIds": ["sg-1"]}]


def test_what_is_known_is_not_asked_again() -> None:
    """Neither what exists nor what dangles."""
    connection, door = at(ec2)
    gathered(connection, "ec2", [instance(0, "sg-9", "sg-2")], NEED)
    before = len(door.asked)
    gathered(connection, "ec2", [instance(1, "sg-2"), instance(2, "sg-9")], NEED)
    assert len(door.asked) == before


def test_refusal_is_unknown_only_for_those_that_name_some() -> None:
    """An instance without groups is known to have none; nothing wrong is remembered."""
    refuse = [True]

    def answer(call: Call) -> Json:
        if refuse[0]:
            raise refused(call)
        return ec2(call)

    connection, _ = at(answer)
    some, none = gathered(connection, "ec2", [instance(0, "sg-1"), instance(1)], NEED)
    assert isinstance(some[NEED], Failed)
    assert none[NEED] == []
    refuse[0] = False
    (later,) = gathered(connection, "ec2", [instance(0, "sg-1")], NEED)
    assert later[NEED][0][1] is not None


def test_details_come_with_them_and_their_failure_is_not_hidden() -> None:
    """A key's state is in DescribeKey: when that is refused, what is related is unknown, not half known."""
    need = RelatedNeed("kms-key")
    table = {"TableName": "t", "SSEDescription": {"KMSMasterKeyArn": "arn:k"}}

    def answer(call: Call) -> Json:
        if call.operation == "ListKeys":
            return {"Keys": [{"KeyId": "k", "KeyArn": "arn:k"}]}
        if call.operation == "DescribeKey":
            raise refused(call)
        return {}

    connection, _ = at(answer)
    (told,) = gathered(connection, "dynamodb-table", [table], need)
    assert isinstance(told[need], Failed)
    assert "kms:DescribeKey" in told[need].cause


def test_what_the_listing_gives_is_not_described_too() -> None:
    """A topic's listing gives its ARN: enough for whether it is there, not for who owns it."""
    topics = [f"arn:aws:sns:us-east-1:123456789012:{name}" for name in ("a", "b")]

    def sns(call: Call) -> Json:
        if call.operation == "ListTopics":
            return {"Topics": [{"TopicArn": each} for each in topics]}
        return {"Attributes": {"Owner": "123456789012"}}

    rule: dict[str, Json] = {"Name": "r", "TopicArn": topics[0]}
    for path, calls in (("_id", {"ListTopics"}), ("Owner", {"ListTopics", "GetTopicAttributes"})):
        need = RelatedNeed("", (path,), type="sns", ids="TopicArn")
        connection, door = at(sns)
        (told,) = gathered(connection, "event-rule", [rule], need)
        assert [name for name, _ in told[need]] == [topics[0]]
        assert {call.operation for call in door.asked} == calls


def test_a_population_is_listed_once() -> None:
    """Every value at the path, whatever its nesting."""
    need = PopulationNeed("eni", "Groups[].GroupId")
    connection, door = at(lambda call: [{"NetworkInterfaces": [{"NetworkInterfaceId": "e", "Groups": [{"GroupId": "sg-1"}]}]},
                                        {"NetworkInterfaces": [{"NetworkInterfaceId": "f", "Groups": [{"GroupId": "sg-2"}]}]}])  # fmt: skip
    told = gathered(connection, "security-group", list(GROUPS.values()), need)
    gathered(connection, "security-group", list(GROUPS.values()), need)
    assert [facts[need] for facts in told] == [frozenset({"sg-1", "sg-2"})] * 5
    assert door.operations() == ["DescribeNetworkInterfaces"]


def test_a_population_that_cannot_be_listed_is_unknown() -> None:
    """Half a population is none: the second page's failure counts."""

    def answer(call: Call) -> Json:
        def pages() -> Json:
            yield {"NetworkInterfaces": []}
            raise refused(call)

        return list(pages())

    need = PopulationNeed("eni", "Groups[].GroupId")
    connection, _ = at(answer)
    told = gathered(connection, "security-group", list(GROUPS.values()), need)
    assert all(isinstance(facts[need], Failed) for facts in told)


def test_what_is_read_of_the_others_comes_along() -> None:
    """The alias of a key; one that cannot be had makes the resource unknown, not aliasless."""
    need = RelatedNeed("kms-key", ("c7n:AliasName",))

    def answer(call: Call) -> Json:
        if call.operation == "DescribeKey":
            return {"KeyMetadata": {"KeyId": call.params["KeyId"], "Arn": "a"}}
        return {"Aliases": [{"TargetKeyId": "k1", "AliasName": "alias/logs"}]}

    groups = [{"logGroupName": name, "kmsKeyId": f"arn:aws:kms:us-east-1:1:key/{name}"} for name in ("k1", "k2")]
    connection, door = at(answer)
    told = gathered(connection, "log-group", groups, need)
    assert [facts[need][0][1]["c7n:AliasName"] for facts in told] == ["alias/logs", None]
    assert door.operations().count("ListAliases") == 1

    def refusing(call: Call) -> Json:
        if call.operation == "ListAliases":
            raise refused(call)
        return answer(call)

    connection, _ = at(refusing)
    (told_of, *_) = gathered(connection, "log-group", groups, need)
    assert isinstance(told_of[need], Failed)


def test_a_type_and_a_path_instead_of_a_join() -> None:
    """As a policy names them, not the record."""
    connection, _ = at(ec2)
    need = RelatedNeed("", ("Tags",), type="security-group", ids="SourceGroup")
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-1", "SourceGroup": "sg-3"}], need)
    assert [(id, other["GroupName"]) for id, other in told[need]] == [("sg-3", "g3")]


def test_tags_by_arn() -> None:
    """Of whatever type; what has none is not there."""

    def tagging(call: Call) -> Json:
        assert (call.service, call.params) == ("resourcegroupstaggingapi", {"ResourceARNList": ["arn:a", "arn:b"]})
        return {"ResourceTagMappingList": [{"ResourceARN": "arn:a", "Tags": [{"Key": "k", "Value": "v"}]}]}

    connection, _ = at(tagging)
    need = RelatedNeed("", ("Tags",), type="resourcegroupstaggingapi", ids="Arns")
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-1", "Arns": ["arn:b", "arn:a"]}], need)
    assert told[need] == [("arn:b", None), ("arn:a", {"Tags": [{"Key": "k", "Value": "v"}]})]


def test_several_that_name_the_resource_count_each_under_its_own_id() -> None:
    """Findings about a queue: all are listed once, whatever the number of queues."""
    need = RelatedNeed("iam-analyzer")
    findings = [{"id": f"f{i}", "resource": f"arn:{name}", "status": "ACTIVE"} for i, name in enumerate("aab")]

    def answer(call: Call) -> Json:
        if call.operation == "ListAnalyzers":
            return {"analyzers": [{"arn": "arn:x", "name": "x"}]}
        return {"findings": findings}

    connection, door = at(answer)
    queues: list[dict[str, Json]] = [{"QueueUrl": name, "QueueArn": f"arn:{name}"} for name in "abc"]
    told = gathered(connection, "sqs", queues, need)
    assert [[id for id, _ in facts[need]] for facts in told] == [["f0", "f1"], ["f2"], []]
    assert told[0][need][0][1]["resource"] == "arn:a"
    assert [call.operation for call in door.asked].count("ListFindings") == 1

    connection, _ = at(lambda call: (_ for _ in ()).throw(refused(call)))
    assert all(isinstance(facts[need], Failed) for facts in gathered(connection, "sqs", queues, need))
