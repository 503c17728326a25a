"""auto-tag-user: whose name is written."""

from __future__ import annotations

import pytest

from engine.model.json import Json

from .table import calls, change, inverse, item, skip, wanted

USER: Json = {"type": "IAMUser", "userName": "ana", "principalId": "AIDA1", "arn": "arn:aws:iam::1:user/ana"}
ROLE: Json = {
    "type": "AssumedRole",
    "principalId": "AROA1:bob",
    "arn": "arn:aws:sts::1:assumed-role/Admin/bob",
}


def event(caller: Json) -> Json:
    """As CloudTrail's events come."""
    return {"detail": {"userIdentity": caller, "sourceIPAddress": "192.0.2.1"}}


@pytest.mark.parametrize(
    ("options", "caller", "own", "written"),
    [
        ({}, USER, {}, {"Owner": "ana"}),
        ({}, ROLE, {}, {"Owner": "bob"}),
        ({"principal_id_tag": "Id"}, ROLE, {}, {"Owner": "bob", "Id": "AROA1"}),
        ({"value": "arn"}, USER, {}, {"Owner": "arn:aws:iam::1:user/ana"}),
        ({"value": "principalId"}, ROLE, {}, {"Owner": "AROA1:bob"}),
        ({"value": "userName"}, ROLE, {}, {"Owner": "bob"}),
        ({"value": "sourceIPAddress"}, USER, {}, {"Owner": "192.0.2.1"}),
        ({"update": True}, USER, {"Owner": "eve"}, {"Owner": "ana"}),
    ],
)
def test_who(options: Json, caller: Json, own: dict[str, str], written: dict[str, str]) -> None:
    """The user, or the role's session; or what `value` says."""
    found = change({"type": "auto-tag-user", "tag": "Owner", **options}, item("ec2", own), event=event(caller))
    ((_, params),) = calls(found)
    assert {t["Key"]: t["Value"] for t in params["Tags"]} == written
    assert len(inverse(found)) == 1


@pytest.mark.parametrize(
    ("options", "happened", "own", "why"),
    [
        ({}, {"detail": {}}, {}, "no event names a user"),
        ({}, event(USER), {"Owner": "eve"}, "it has a tag Owner"),
        ({"user-type": ["AssumedRole"]}, event(USER), {}, "the event does not name a user of these kinds"),
        ({}, event({**ROLE, "arn": "arn:aws:sts::1:assumed-role/App/i-1"}), {},
         "the event does not name a user of these kinds"),
        ({}, event({"type": "Root"}), {}, "the event does not name a user of these kinds"),
    ],
)  # fmt: skip
def test_left_alone(options: Json, happened: Json, own: dict[str, str], why: str) -> None:
    """Nobody, somebody already, or a machine."""
    assert skip({"type": "auto-tag-user", "tag": "Owner", **options}, item("ec2", own), event=happened) == why


def test_only_for_events() -> None:
    """Told before anything runs."""
    with pytest.raises(AssertionError, match="only events of CloudTrail name a user"):
        wanted({"type": "auto-tag-user", "tag": "Owner"}, item("ec2", {}))
