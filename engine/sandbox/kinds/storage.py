"""S3 buckets with what is in them and what is set on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.site import EVERYWHERE, Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """`count` objects of `size` each under a prefix, the newest `newest` old, the oldest `oldest` old.

    Units:    size in bytes (really stored, so keep it small).
    """

    called: ClassVar[str] = "objects of a bucket"

    count: int = 1
    newest: timedelta
    oldest: timedelta | None = None
    size: int = 100
    prefix: str = "data/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket(Kind):
    """A bucket. `expire_days` puts a lifecycle on it; `logs_to` sends its access log to another bucket.

    Units:    expire_days in days.
    """

    called: ClassVar[str] = "a bucket"

    objects: Objects | None = None
    encrypted: Literal["none", "AES256", "aws:kms"] = "none"
    versioned: bool = False
    expire_days: int | None = None
    block_public: bool = False
    public: bool = False
    policy: object = None
    logs_to: Annotated[str, Names("buckets")] | None = None

    def build(self, site: Site) -> None:
        s3 = site.client("s3", self)
        region = site.region(self)
        place = {} if region == EVERYWHERE else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=self.name, **place)
        bucket = site.backend("s3", self).buckets[self.name]
        site.backdate(bucket, self.age, "creation_date")
        if self.objects:
            self._fill(site, self.objects)
        self._protect(s3)
        if self.tags:
            s3.put_bucket_tagging(Bucket=self.name, Tagging={"TagSet": tag_list(self.tags)})
        if self.expire_days is not None:
            expiry = {"Filter": {"Prefix": ""}, "Expiration": {"Days": self.expire_days}}
            rules = [{"ID": "expire", "Status": "Enabled", **expiry}]
            s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration={"Rules": rules})

    def finish(self, site: Site) -> None:
        if self.logs_to:
            s3 = site.client("s3", self)
            s3.put_bucket_acl(Bucket=self.logs_to, ACL="log-delivery-write")
            target = {"LoggingEnabled": {"TargetBucket": self.logs_to, "TargetPrefix": f"{self.name}/"}}
            s3.put_bucket_logging(Bucket=self.name, BucketLoggingStatus=target)

    def _fill(self, site: Site, objects: Objects) -> None:
        s3 = site.client("s3", self)
        bucket = site.backend("s3", self).buckets[self.name]
        span = (objects.oldest or objects.newest) - objects.newest
        for index in range(objects.count):
            key = f"{objects.prefix}{index:04}"
            s3.put_object(Bucket=self.name, Key=key, Body=b"x" * objects.size)
            age = objects.newest + span * (index / max(objects.count - 1, 1))
            site.backdate(bucket.keys[key], age, "last_modified")

    def _protect(self, s3: Any) -> None:
        if self.encrypted != "none":
            rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": self.encrypted}}
            s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        if self.versioned:
            s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        if self.block_public:
            switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
            block = dict.fromkeys(switches, True)
            s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=block)
        if self.public:
            s3.put_bucket_acl(Bucket=self.name, ACL="public-read")
        if self.policy is not None:
            s3.put_bucket_policy(Bucket=self.name, Policy=json.dumps(self.policy))
