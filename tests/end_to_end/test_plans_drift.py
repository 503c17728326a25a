"""What has changed since a plan was made: nothing that the plan no longer says is made, and the reason is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.plans import Plans, plans, wire

__all__ = ["plans", "wire"]


def policies(*written: dict[str, Any]) -> str:
    """A policy file."""
    named = [{"name": f"p{number}", **each} for number, each in enumerate(written)]
    return json.dumps({"policies": named})


TAG = {"type": "tag", "key": "A", "value": "b"}
WEB = {"tag:Name": "web"}
TAG_WEB = {"resource": "ec2", "filters": [WEB], "actions": [TAG]}
STOP_WEB = {"resource": "ec2", "filters": [WEB, {"State.Name": "running"}], "actions": ["stop"]}
GUARDED = {**STOP_WEB, "filters": [{"tag:Name": "idle"}], "guard": [{"tag:AllowStop": "true"}]}
LOOSE = {"resource": "ebs", "filters": [{"tag:Name": "loose"}, {"tag:Keep": "absent"}], "actions": ["delete"]}
FINDINGS = {"resource": "s3", "filters": [{"Name": "findings"}], "actions": [TAG]}
CHAIN = {**LOOSE, "actions": ["snapshot", "delete"]}
AGED = {
    "resource": "ec2",
    "filters": [WEB, {"type": "value", "key": "tag:Since", "value": "absent"}],
    "actions": ["stop"],
}
NEWEST = {
    "resource": "ebs",
    "filters": [{"Attachments": []}, {"type": "reduce", "sort-by": "tag:N", "order": "desc", "limit": 1}],
    "actions": [TAG],
}


@dataclass(frozen=True)
class Case:
    """What is planned, what then happens, and the reason that is reported."""

    policy: dict[str, Any]
    then: Callable[[Plans], object]
    says: str
    code: int = 8


def tag(name: str, **tags: str) -> Callable[[Plans], object]:
    return lambda plans: plans.tag(plans.ids()[name], **tags)


def ec2(operation: str, name: str, param: str, *, many: bool = True, **more: Any) -> Callable[[Plans], object]:
    def call(plans: Plans) -> object:
        id = plans.ids()[name]
        return getattr(plans.client("ec2"), operation)(**{param: [id] if many else id}, **more)

    return call


def untag(name: str, key: str) -> Callable[[Plans], object]:
    return ec2("delete_tags", name, "Resources", Tags=[{"Key": key}])


def another_run(policy: dict[str, Any]) -> Callable[[Plans], object]:
    def run(plans: Plans) -> None:
        (plans.folder / "other.yml").write_text(policies({**policy, "name": "other"}))
        assert plans.engine("run", "--sandbox", "other.yml", "-q", "--yes").code == 0

    return run


def bucket_tags(**tags: str) -> Callable[[Plans], object]:
    pairs = [{"Key": k, "Value": v} for k, v in tags.items()]
    return lambda plans: plans.client("s3").put_bucket_tagging(Bucket="findings", Tagging={"TagSet": pairs})


def a_bigger_one(plans: Plans) -> None:
    made = plans.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=1)
    plans.tag(made["VolumeId"], N="9")


def more_of_them(plans: Plans) -> None:
    for _ in range(3):
        plans.client("ec2").run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1)


def vanished(plans: Plans) -> None:
    plans.client("s3").delete_bucket(Bucket="findings")


def broken_exceptions(plans: Plans) -> None:
    (plans.folder / "keep.txt").unlink()


def told(text: str) -> Callable[[Plans], object]:
    return lambda plans: (plans.folder / "keep.txt").write_text(text)


LISTED = {"type": "value", "key": "tag:Name", "op": "not-in", "value_from": {"url": "file:keep.txt", "format": "txt"}}

TABLE: dict[str, Case] = {
    "opted out by a tag that the filter needs absent": Case(
        LOOSE, tag("loose", Keep="yes"), "it no longer matches: tag:Keep is absent: yes"),
    "another name": Case(TAG_WEB, tag("web", Name="other"), "it no longer matches: tag:Name = web: other"),
    "no name": Case(TAG_WEB, untag("web", "Name"), "it no longer matches: tag:Name = web: key missing"),
    "stopped by its owner": Case(
        STOP_WEB, ec2("stop_instances", "web", "InstanceIds"), "it no longer matches: State.Name = running: stopped"),
    "terminated": Case(
        STOP_WEB, ec2("terminate_instances", "web", "InstanceIds"), "it no longer matches: State.Name = running: term"),
    "a listing that is denied": Case(
        TAG_WEB, lambda plans: plans.server.denied.add("ec2:DescribeInstances"),
        "it could not be read: ec2:DescribeInstances denied"),
    "the guard's tag taken away": Case(GUARDED, untag("idle", "AllowStop"), "blocked by guard: tag:AllowStop = true"),
    "the guard's tag changed": Case(GUARDED, tag("idle", AllowStop="false"), "blocked by guard: tag:AllowStop = true: false"),
    "the tag set to another value": Case(
        TAG_WEB, tag("web", A="z"), "it would be another change: tag:A is 'z' now, it was absent when this was planned"),
    "changed by another run": Case(
        TAG_WEB, another_run({**TAG_WEB, "actions": [{**TAG, "value": "c"}]}), "(changed by run "),
    "the volume deleted": Case(LOOSE, ec2("delete_volume", "loose", "VolumeId", many=False), "it is gone"),
    "the volume in use": Case(
        {**LOOSE, "filters": [{"tag:Name": "loose"}, {"Attachments": []}]},
        lambda plans: plans.client("ec2").attach_volume(
            VolumeId=plans.ids()["loose"], InstanceId=plans.ids()["rest"], Device="/dev/sdz"),
        "it no longer matches: Attachments"),
    "an earlier action is not as planned": Case(
        CHAIN, tag("loose", Keep="yes"), "it no longer matches"),
    "the bucket deleted": Case(FINDINGS, vanished, "it is gone"),
    "the bucket tagged otherwise": Case(
        FINDINGS, bucket_tags(Env="dev", A="z"), "it would be another change: tag:A is 'z' now"),
    "another is the newest": Case(
        NEWEST, a_bigger_one, "it no longer matches: of the resources there are now, others are kept (Attach"),
    "the limit is exceeded": Case(
        {**TAG_WEB, "filters": [{"State.Name": "running"}, {"tag:A": "absent"}], "max-resources-percent": 70},
        more_of_them, "the policy's limit is exceeded: 5 of 6 matched"),
    "excepted by a list": Case(
        {**TAG_WEB, "filters": [WEB, LISTED]}, told("web\n"), "it no longer matches: tag:Name"),
    "the list of exceptions gone": Case(
        {**TAG_WEB, "filters": [WEB, LISTED]}, broken_exceptions, "it is not known whether it matches"),
    "a query that no longer lists it": Case(
        {**TAG_WEB, "query": [{"instance-state-name": "running"}]},
        ec2("stop_instances", "web", "InstanceIds"), "it is gone, or the policy's 'query' no longer lists it"),
    "its tags renamed": Case(
        {**TAG_WEB, "actions": [{"type": "rename-tag", "old_key": "Team", "new_key": "Group"}]},
        tag("web", Team="z"), "it would be another change: tag:"),
    "nothing to remove any more": Case(
        {**TAG_WEB, "actions": [{"type": "remove-tag", "tags": ["Team"]}]}, tag("web", Team="z"),
        "it would be another change: tag:Team is 'z' now, it was 'x' when this was planned"),
    "resized": Case(
        {**LOOSE, "filters": [{"tag:Name": "loose"}, {"Size": 8}]},
        lambda plans: plans.client("ec2").modify_volume(VolumeId=plans.ids()["loose"], Size=20),
        "it no longer matches: Size = 8"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_has_changed_is_not_acted_on(name: str, plans: Plans) -> None:
    case = TABLE[name]
    (plans.folder / "keep.txt").write_text("nobody\n")
    document = plans.plan(policies(case.policy))
    assert document["changes"]
    case.then(plans)
    found = plans.told(code=case.code)
    assert plans.server.writes == {}
    assert found["outcomes"] == []
    assert len(found["drifted"]) == len(document["changes"])
    assert case.says in found["drifted"][0]["reason"], found["drifted"]


def test_the_table_holds_what_it_promises() -> None:
    assert len(TABLE) >= 20


def test_the_others_go_on(plans: Plans) -> None:
    plans.plan(policies({**TAG_WEB, "filters": [{"State.Name": "running"}]}))
    plans.tag(plans.ids()["web"], A="z")
    done = plans.apply()
    assert done.code == 8
    assert "1 done, 1 drifted." in done.out
    assert plans.server.writes == {"ec2:CreateTags": 1}


def test_later_actions_are_held_where_an_earlier_one_drifted(plans: Plans) -> None:
    plans.plan(policies({**TAG_WEB, "actions": [TAG, "stop"]}))
    plans.tag(plans.ids()["web"], A="z")
    reasons = [each["reason"] for each in plans.told(code=8)["drifted"]]
    assert reasons[1] == "the policy's earlier action 'tag' on it is not as planned"
    assert plans.server.writes == {}


def test_later_actions_are_held_where_an_earlier_one_is_wanted_now(plans: Plans) -> None:
    """The snapshot of a policy that takes one first, say: the plan has only what comes after."""
    plans.tag(plans.ids()["web"], A="b")
    document = plans.plan(policies({**TAG_WEB, "actions": [TAG, "stop"]}))
    assert [each["action"] for each in document["changes"]] == ["stop"]
    untag("web", "A")(plans)
    (drift,) = plans.told(code=8)["drifted"]
    assert drift["reason"] == "the policy's earlier action 'tag' on it is not as planned"
    assert plans.server.writes == {}


def test_what_matches_only_now_is_not_acted_on(plans: Plans) -> None:
    plans.plan(policies({**TAG_WEB, "filters": [{"tag:Team": "y"}]}))
    plans.tag(plans.ids()["web"], Team="y")
    assert len(plans.told(code=0)["outcomes"]) == 1


def test_what_is_so_already_is_no_drift(plans: Plans) -> None:
    plans.plan(policies(TAG_WEB))
    plans.tag(plans.ids()["web"], A="b")
    found = plans.told(code=0)
    assert [each["reason"] for each in found["already"]] == ["already in the desired state"]
    assert plans.server.writes == {}


def test_tags_of_others_are_kept_where_all_are_written(plans: Plans) -> None:
    plans.plan(policies(FINDINGS))
    bucket_tags(Env="prod", New="by another")(plans)
    assert plans.apply().code == 0
    tags = plans.client("s3").get_bucket_tagging(Bucket="findings")["TagSet"]
    assert {t["Key"]: t["Value"] for t in tags} == {"Env": "prod", "New": "by another", "A": "b"}


def test_what_is_written_from_the_clock_is_the_plans(plans: Plans) -> None:
    """Both `{now}` of a policy's actions and the dates of marks; filters see the clock of the apply."""
    actions = [
        {"type": "mark-for-op", "op": "stop", "days": 3, "tag": "Due"},
        {"type": "tag", "key": "Seen", "value": "at {now:%H:%M:%S.%f}"},
    ]
    document = plans.plan(policies({**TAG_WEB, "actions": actions}))
    done = plans.apply()
    assert done.code == 0, done
    (web,) = [i for r in plans.client("ec2").describe_instances()["Reservations"] for i in r["Instances"]
              if i["InstanceId"] == plans.ids()["web"]]  # fmt: skip
    tags = {t["Key"]: t["Value"] for t in web["Tags"]}
    assert {f"tag:{k}": v for k, v in tags.items() if k in ("Due", "Seen")} == {
        k: v for change in document["changes"] for k, v in change["after"].items()
    }


def test_a_plan_is_applied_once(plans: Plans) -> None:
    plans.plan(policies({**LOOSE, "actions": ["snapshot"]}))
    assert plans.apply().code == 0
    done = plans.apply()
    assert done.code == 8
    assert "was applied at " in done.err
    assert " by run " in done.err
    assert plans.server.writes == {}


def test_a_plan_that_made_nothing_can_be_applied_later(plans: Plans) -> None:
    plans.plan(policies(GUARDED))
    plans.tag(plans.ids()["idle"], AllowStop="false")
    assert plans.apply().code == 8
    plans.tag(plans.ids()["idle"], AllowStop="true")
    assert plans.apply().code == 0


def test_a_plan_without_changes(plans: Plans) -> None:
    plans.plan(policies({**TAG_WEB, "filters": [{"tag:Name": "nobody"}]}))
    done = plans.apply()
    assert (done.code, done.out) == (0, "The plan holds no changes.\n")


def test_the_file_is_its_owners_alone(plans: Plans) -> None:
    plans.plan(policies(TAG_WEB))
    path = Path("x.plan")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in Path().iterdir() if "plan" in p.name] == ["x.plan"]


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ("4h", 0, "until "),
        ("30m", 0, "until "),
        ("30d", 0, "until "),
        ("31d", 2, "--expires '31d': give minutes, hours or days up to 30d, as in 4h"),
        ("0h", 2, "--expires '0h'"),
        ("soon", 2, "--expires 'soon'"),
        ("4", 2, "--expires '4'"),
    ],
)
def test_a_plan_says_how_long_it_lasts(given: str, code: int, says: str, plans: Plans) -> None:
    (plans.folder / "p.yml").write_text(policies(TAG_WEB))
    done = plans.engine("plan", "--sandbox", "p.yml", "-o", "x.plan", "-q", "--expires", given)
    assert (done.code, says in done.err) == (code, True), done
