"""Who may do what: IAM users with access keys, IAM roles, KMS keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from engine.sandbox.kinds.kind import Kind
from engine.sandbox.site import EVERYWHERE, Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """An access key of a user; `used` is how long ago it was last used, never when left out."""

    called: ClassVar[str] = "an access key"

    age: timedelta
    used: timedelta | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Kind):
    """An IAM user. `console` gives a password, last used `password_used` ago; `mfa` a virtual device."""

    called: ClassVar[str] = "a user"
    everywhere: ClassVar[bool] = True

    access_keys: tuple[AccessKey, ...] = ()
    console: bool = False
    password_used: timedelta | None = None
    mfa: bool = False
    allows: tuple[str, ...] = ()

    def build(self, site: Site) -> None:
        iam = site.client("iam", self)
        iam.create_user(UserName=self.name, Tags=tag_list(self.tags))
        user = site.backend("iam", self).users[self.name]
        site.backdate(user, self.age, "create_date")
        if self.console or self.password_used:
            iam.create_login_profile(UserName=self.name, Password="Sandbox-only-1!")
        if self.password_used:
            site.overwrite(user, "password_last_used", _naive(site, self.password_used))
        for key in self.access_keys:
            self._add_key(site, key)
        if self.mfa:
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=self.name)["VirtualMFADevice"]["SerialNumber"]
            codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
            iam.enable_mfa_device(UserName=self.name, SerialNumber=device, **codes)
        if self.allows:
            iam.put_user_policy(UserName=self.name, PolicyName="inline", PolicyDocument=_allowing(self.allows))

    def _add_key(self, site: Site, key: AccessKey) -> None:
        from moto.iam.models import AccessKeyLastUsed

        iam = site.client("iam", self)
        made = iam.create_access_key(UserName=self.name)["AccessKey"]["AccessKeyId"]
        if not key.active:
            iam.update_access_key(UserName=self.name, AccessKeyId=made, Status="Inactive")
        user = site.backend("iam", self).users[self.name]
        held = next(each for each in user.access_keys if each.access_key_id == made)
        site.backdate(held, key.age, "create_date")
        if key.used is not None:
            used = AccessKeyLastUsed(timestamp=_naive(site, key.used), service="s3", region=EVERYWHERE)
            site.overwrite(held, "last_used", used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Kind):
    """An IAM role that a service may take. `used` is how long ago somebody did, never when left out."""

    called: ClassVar[str] = "a role"
    everywhere: ClassVar[bool] = True

    trusts: str = "ec2.amazonaws.com"
    used: timedelta | None = None
    allows: tuple[str, ...] = ()

    def build(self, site: Site) -> None:
        iam = site.client("iam", self)
        who = "AWS" if self.trusts.startswith("arn:") or self.trusts == "*" else "Service"
        trust = {"Effect": "Allow", "Principal": {who: self.trusts}, "Action": "sts:AssumeRole"}
        made = iam.create_role(
            RoleName=self.name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            Tags=tag_list(self.tags),
        )["Role"]
        site.remember("roles", self.name, made["Arn"])
        if self.allows:
            iam.put_role_policy(RoleName=self.name, PolicyName="inline", PolicyDocument=_allowing(self.allows))
        role = site.backend("iam", self).roles[made["RoleId"]]
        site.backdate(role, self.age, "create_date")
        if self.used is not None:
            site.overwrite(role, "last_used", _naive(site, self.used))
            site.overwrite(role, "last_used_region", EVERYWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Kind):
    """A KMS key of our own, with its name as an alias."""

    called: ClassVar[str] = "a key"

    rotates: bool = False
    state: Literal["enabled", "disabled", "pending-deletion"] = "enabled"

    def build(self, site: Site) -> None:
        kms = site.client("kms", self)
        made = kms.create_key(Description=self.name, Tags=tag_list(self.tags, "TagKey", "TagValue"))
        identity = made["KeyMetadata"]["KeyId"]
        site.remember("keys", self.name, made["KeyMetadata"]["Arn"])
        kms.create_alias(AliasName=f"alias/{self.name}", TargetKeyId=identity)
        if self.rotates:
            kms.enable_key_rotation(KeyId=identity)
        if self.state == "disabled":
            kms.disable_key(KeyId=identity)
        elif self.state == "pending-deletion":
            kms.schedule_key_deletion(KeyId=identity, PendingWindowInDays=30)
        site.backdate(site.backend("kms", self).keys[identity], self.age, "creation_date")


def _allowing(actions: tuple[str, ...]) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _naive(site: Site, age: timedelta) -> datetime:
    """A moment as IAM's part of moto holds it: UTC without a zone."""
    return site.ago(age).replace(tzinfo=None)
