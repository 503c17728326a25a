"""Tags: by the hundred, region by region, one by one where the tagging API does not answer."""

from __future__ import annotations

from engine.model.call import Call
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed

from ..doubles import at, gathered, refused

TAGS = FacetNeed("tags")


def tables(count: int) -> list[dict[str, Json]]:
    return [{"TableName": f"t{i}"} for i in range(count)]


def known(call: Call) -> Json:
    """The tagging API, which knows every resource but those whose name ends in 7."""
    arns = call.params["ResourceARNList"]
    assert len(arns) <= 100
    return {"ResourceTagMappingList": [
        {"ResourceARN": arn, "Tags": [{"Key": "Name", "Value": arn.rsplit("/", 1)[1]}]} for arn in arns if not arn.endswith("7")
    ]}  # fmt: skip


def test_by_the_hundred() -> None:
    """250 tables take three calls; one that it does not name has no tags."""
    connection, door = at(known)
    told = gathered(connection, "dynamodb-table", tables(250), TAGS)
    assert door.operations() == ["GetResources"] * 3
    assert told[5][TAGS] == [{"Key": "Name", "Value": "t5"}]
    assert told[7][TAGS] == []
    assert door.asked[0].params["ResourceARNList"][0] == "arn:aws:dynamodb:us-east-1:123456789012:table/t0"


def test_one_by_one_where_the_tagging_api_is_refused() -> None:
    """The service's own call answers; where that is refused too, the tags are unknown."""

    def answer(call: Call) -> Json:
        if call.operation == "GetResources" or call.params["ResourceArn"].endswith("t1"):
            raise refused(call)
        return {"Tags": [{"Key": "Own", "Value": "1"}]}

    connection, _ = at(answer)
    first, second = gathered(connection, "dynamodb-table", tables(2), TAGS)
    assert first[TAGS] == [{"Key": "Own", "Value": "1"}]
    assert isinstance(second[TAGS], Failed)
    assert "dynamodb:ListTagsOfResource denied" in second[TAGS].cause


def test_a_region_that_fails_leaves_the_others() -> None:
    """Buckets of eu-west-1 are asked one by one, those of us-east-1 are not."""

    def answer(call: Call) -> Json:
        if call.operation == "GetResources" and call.scope.region == "eu-west-1":
            raise refused(call)
        if call.operation == "GetResources":
            return {"ResourceTagMappingList": []}
        return {"TagSet": [{"Key": "k", "Value": call.params["Bucket"]}]}

    connection, door = at(answer)
    things = [{"Name": "here", "BucketRegion": "us-east-1"}, {"Name": "there", "BucketRegion": "eu-west-1"}]
    here, there = gathered(connection, "s3", things, TAGS)
    assert here[TAGS] == []
    assert there[TAGS] == [{"Key": "k", "Value": "there"}]
    assert [c.params["Bucket"] for c in door.asked if c.operation == "GetBucketTagging"] == ["there"]


def test_tags_of_global_types_are_in_the_home_region() -> None:
    """The tagging API of eu-west-1 knows no hosted zone, and would say that none is tagged."""

    def answer(call: Call) -> Json:
        arns = call.params["ResourceARNList"] if call.scope.region == "us-east-1" else []
        return {"ResourceTagMappingList": [{"ResourceARN": a, "Tags": [{"Key": "Keep", "Value": ""}]} for a in arns]}

    connection, door = at(answer)
    (told,) = gathered(connection, "hostedzone", [{"Id": "/hostedzone/Z1"}], TAGS, region="eu-west-1")
    assert told[TAGS] == [{"Key": "Keep", "Value": ""}]
    assert [call.scope.region for call in door.asked] == ["us-east-1"]


def test_a_bucket_without_a_known_region_is_asked_itself() -> None:
    """The tagging API of the run's region proves nothing of it; S3 finds it."""

    def answer(call: Call) -> Json:
        if call.operation == "GetResources":
            return {"ResourceTagMappingList": []}
        return {"TagSet": [{"Key": "Keep", "Value": ""}]}

    connection, door = at(answer)
    (told,) = gathered(connection, "s3", [{"Name": "b"}], TAGS)
    assert told[TAGS] == [{"Key": "Keep", "Value": ""}]
    assert door.operations() == ["GetResources", "GetBucketTagging"]


def test_tags_prove_themselves_wherever_they_are_found() -> None:
    """A bucket whose region is not known has the tags that the tagging API names."""
    tags = [{"Key": "Keep", "Value": "yes"}]
    connection, door = at(lambda call: {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:s3:::b", "Tags": tags}]})
    (told,) = gathered(connection, "s3", [{"Name": "b"}], TAGS)
    assert told[TAGS] == tags
    assert door.operations() == ["GetResources"]


def test_a_trail_without_a_known_region_has_unknown_tags() -> None:
    """Trails of other regions are listed too; nothing else reads their tags."""
    connection, _ = at(lambda call: {"ResourceTagMappingList": []})
    (told,) = gathered(connection, "cloudtrail", [{"TrailARN": "arn:trail"}], TAGS)
    assert isinstance(told[TAGS], Failed)
    assert "it has no 'HomeRegion'" in told[TAGS].cause


def test_the_tagging_api_is_the_cause_where_nothing_else_reads_the_tags() -> None:
    """Whoever reads it must know whether it was denied or throttled."""
    connection, _ = at(lambda call: (_ for _ in ()).throw(refused(call, "ThrottledException")))
    (told,) = gathered(connection, "cloudtrail", [{"TrailARN": "arn:trail", "HomeRegion": "us-east-1"}], TAGS)
    assert isinstance(told[TAGS], Failed)
    assert "GetResources" in told[TAGS].cause
    assert "ThrottledException" in told[TAGS].cause


def test_the_second_hundred_that_fails_does_not_pass_for_untagged() -> None:
    """All of the region are then asked one by one."""

    def answer(call: Call) -> Json:
        if call.operation == "GetResources":
            if any(arn.endswith("t150") for arn in call.params["ResourceARNList"]):
                raise refused(call, "ThrottlingException")
            return known(call)
        return {"Tags": [{"Key": "Own", "Value": "1"}]}

    connection, _ = at(answer)
    told = gathered(connection, "dynamodb-table", tables(160), TAGS)
    assert told[150][TAGS] == [{"Key": "Own", "Value": "1"}]


def test_other_forms_become_pairs() -> None:
    """Lambda gives a table, log groups too."""
    connection, _ = at(lambda call: {"ResourceTagMappingList": []} if False else _own(call))
    (told,) = gathered(connection, "lambda", [{"FunctionName": "f", "FunctionArn": "arn:f"}], TAGS)
    assert told[TAGS] == [{"Key": "a", "Value": "1"}]


def _own(call: Call) -> Json:
    if call.operation == "GetResources":
        raise refused(call)
    return {"Tags": {"a": "1"}}


def test_the_account_is_asked_of_sts_once_for_arns() -> None:
    """A table's ARN has the account in it."""
    connection, door = at(
        lambda call: {"Account": "111122223333"} if call.service == "sts" else known(call), account=""
    )
    gathered(connection, "dynamodb-table", tables(3), TAGS, account="")
    assert door.operations().count("GetCallerIdentity") == 1
    assert door.asked[-1].params["ResourceARNList"][0].split(":")[4] == "111122223333"


def test_an_account_that_cannot_be_had_is_a_failure_told() -> None:
    """`gather` never raises."""

    def answer(call: Call) -> Json:
        if call.service == "sts":
            raise refused(call, "ExpiredToken")
        return known(call)

    connection, _ = at(answer, account="")
    (told,) = gathered(connection, "dynamodb-table", tables(1), TAGS, account="")
    assert isinstance(told[TAGS], Failed)
    assert "ExpiredToken" in told[TAGS].cause
