"""Where `engine run -s` leads: looked at before anything is changed, written to at the end."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.lang.syntax import Policy
from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind, UsageRejected
from engine.model.scope import Scope
from engine.plugin.protocols import Connection
from engine.private_files import private_folder
from engine.report.places import Output


def prepared(text: str) -> Output:
    """The output that the option names; a folder is made. Raises UsageRejected where it cannot be written to."""
    output = Output.of(text)
    if output.bucket:
        return output
    folder = output.fixed
    try:
        private_folder(folder)
    except OSError as error:
        raise UsageRejected(f"cannot write to '{text}': {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise UsageRejected(f"cannot write to '{text}': Permission denied")
    return output


def check(
    output: Output, policies: Sequence[Policy], connections: Sequence[Connection], regions: Sequence[str]
) -> None:
    """Whether every policy's files will have a place of their own, in a bucket that is there and not public.

    Raises UsageRejected where they will not; a bucket that may not be looked at may yet be written to.
    """
    if output.fields and "uuid" not in output.fields:
        several = (
            ("policy_name", len(policies) > 1),
            ("region", len(regions) > 1 or "all" in regions),
            ("account_id", len(connections) > 1),
        )
        for field, are in several:
            if are and field not in output.fields:
                raise UsageRejected(f"files would overwrite each other: put {{{field}}} into '{output.path}'")
    if output.bucket and connections:
        region = output.options.get("region") or next(iter(regions), "") or connections[0].regions(())[0]
        _look_at_bucket(output.bucket, connections[0], "us-east-1" if region == "all" else region)


def _look_at_bucket(bucket: str, connection: Connection, region: str) -> None:
    """S3 API, GetBucketPolicyStatus: `IsPublic` as S3 Block Public Access understands it."""
    call = Call("s3", "GetBucketPolicyStatus", {"Bucket": bucket}, Scope(connection.known_account, region))
    try:
        public = connection.door.perform(call).get("PolicyStatus", {}).get("IsPublic")
    except CallFailed as failed:
        if failed.code == "NoSuchBucket":
            raise UsageRejected(f"there is no bucket '{bucket}'") from failed
        if failed.kind in (FailureKind.DENIED, FailureKind.GONE):
            return
        raise
    if public:
        raise UsageRejected(f"bucket '{bucket}' is public: findings are not for everyone")
