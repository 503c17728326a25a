"""Users, roles and keys with every option."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Ask, See


def test_users(see: See) -> None:
    assert see("iam", "list_users", "sort(Users[].UserName)") == ["ana", "robot"]
    assert see("iam", "list_mfa_devices", "length(MFADevices)", UserName="ana") == 1
    assert see("iam", "list_mfa_devices", "length(MFADevices)", UserName="robot") == 0
    assert see("iam", "list_user_tags", "Tags", UserName="ana") == [{"Key": "Team", "Value": "x"}]
    assert see("iam", "get_login_profile", "LoginProfile.UserName", UserName="ana") == "ana"


def test_a_user_without_a_console(ask: Ask) -> None:
    iam = ask("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_login_profile(UserName="robot")


def test_what_a_user_may(see: See) -> None:
    path = "PolicyDocument.Statement[0].[Effect, Action]"
    assert see("iam", "get_user_policy", path, UserName="ana", PolicyName="inline") == ["Allow", ["*"]]
    assert see("iam", "list_user_policies", "PolicyNames", UserName="robot") == []


def test_access_keys(see: See) -> None:
    assert see("iam", "list_access_keys", "AccessKeyMetadata[].Status", UserName="robot") == ["Active", "Inactive"]


@pytest.mark.parametrize(
    ("role", "principal"),
    [
        ("server", {"Service": "ec2.amazonaws.com"}),
        ("worker", {"Service": "lambda.amazonaws.com"}),
        ("guest", {"AWS": "arn:aws:iam::210987654321:root"}),
        ("anyone", {"AWS": "*"}),
    ],
)
def test_whom_a_role_trusts(role: str, principal: dict[str, str], see: See) -> None:
    path = "Role.AssumeRolePolicyDocument.Statement[0].Principal"
    assert see("iam", "get_role", path, RoleName=role) == principal


def test_what_a_role_may(see: See) -> None:
    path = "PolicyDocument.Statement[0].Action"
    assert see("iam", "get_role_policy", path, RoleName="worker", PolicyName="inline") == ["s3:GetObject"]
    assert see("iam", "list_role_policies", "PolicyNames", RoleName="server") == []
    assert see("iam", "get_role", "Role.RoleLastUsed", RoleName="server") in ({}, None)


@pytest.mark.parametrize(
    ("key", "state", "rotates"),
    [("turning", "Enabled", True), ("off", "Disabled", False), ("going", "PendingDeletion", None)],
)
def test_keys(key: str, state: str, rotates: Any, see: See) -> None:
    id = see("kms", "list_aliases", f"Aliases[?AliasName=='alias/{key}'].TargetKeyId | [0]")
    assert see("kms", "describe_key", "KeyMetadata.KeyState", KeyId=id) == state
    if rotates is not None:
        assert see("kms", "get_key_rotation_status", "KeyRotationEnabled", KeyId=id) is rotates
