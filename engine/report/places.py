"""Where do a policy's files go? The text of `-s` to a place for each policy and scope: a folder, or keys in a bucket.

`DIR` and `file://DIR`: DIR/POLICY, DIR/REGION/POLICY for several regions, DIR/ACCOUNT/REGION/POLICY for several
accounts. `s3://BUCKET/PREFIX`: the same, with /YYYY/MM/DD/HH (UTC) below, each file gzipped. A text with fields in
braces is the whole path, with nothing added. Source: c7n 0.9.53, language reference section 10.
"""

from __future__ import annotations

import gzip
import io
import string
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TextIO
from urllib.parse import parse_qsl, urlsplit

from engine.model.call import Call
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.model.scope import Scope
from engine.plugin.protocols import Door
from engine.plugin.suggest import one_of
from engine.private_files import private_folder, private_text

FIELDS = ("account_id", "region", "policy_name", "now", "uuid")
OPTIONS = ("region", "sse", "kms-key")


class Place(Protocol):
    """Where one policy's files of one scope go."""

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        """A text to write; it is there when the block has ended without an error."""
        yield io.StringIO()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, made for its owner alone when it is written to."""

    path: Path

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        """A file of the folder."""
        with private_text(private_folder(self.path) / name) as text:
            yield text

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Keys:
    """A prefix in a bucket, reached through a door.

    Each file is gzipped and encrypted (SSE-S3, or as `sse` and `kms-key` say), and belongs to the bucket's owner.
    """

    bucket: str
    prefix: str
    door: Door
    scope: Scope
    options: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        """An object of that name with `.gz` behind it. Raises CallFailed."""
        held = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=held, mode="wb", mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8") as text,
        ):
            yield text
        params: dict[str, Json] = {
            "Bucket": self.bucket,
            "Key": f"{self.prefix}/{name}.gz".lstrip("/"),
            "Body": held.getvalue(),
            "ACL": "bucket-owner-full-control",
            "ServerSideEncryption": self.options.get("sse", "aws:kms" if "kms-key" in self.options else "AES256"),
        }
        if "kms-key" in self.options:
            params["SSEKMSKeyId"] = self.options["kms-key"]
        self.door.perform(Call("s3", "PutObject", params, self.scope))

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


@dataclass(frozen=True, slots=True)
class Output:
    """What `-s` says: `path` is a folder, or a prefix in `bucket`; `options` are those of the URL's query."""

    path: str
    bucket: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Output:
        """Read the option. Raises UsageRejected for another scheme, an unknown field or an unknown option."""
        scheme, found, rest = text.partition("://")
        if not found:
            output = cls(text)
        elif scheme == "file":
            output = cls(rest)
        elif scheme == "s3":
            url = urlsplit(text)
            output = cls(url.path.strip("/"), url.netloc, dict(parse_qsl(url.query, keep_blank_values=True)))
        else:
            raise UsageRejected(f"cannot write to '{text}': give a folder, or s3://BUCKET/PREFIX")
        output._check(text)
        return output

    def _check(self, text: str) -> None:
        if "{" in self.bucket or ("://" in text and not (self.bucket or self.path)):
            raise UsageRejected(f"cannot write to '{text}': the bucket is not named")
        for option in self.options:
            if option not in OPTIONS:
                raise UsageRejected(f"unknown option '{option}' in '{text}': {one_of(option, OPTIONS)}")
        try:
            fields = self.fields
            _filled(self.path, dict.fromkeys(FIELDS, "") | {"now": datetime.now(UTC)})
        except (ValueError, IndexError, AttributeError, KeyError) as error:
            named = error.args[0] if isinstance(error, KeyError) else ""
            unknown = f"unknown field '{{{named}}}': {one_of(named, FIELDS)}"
            why = unknown if named else "a field in braces cannot be read"
            raise UsageRejected(f"cannot write to '{text}': {why}") from error
        for name in fields:
            if name not in FIELDS:
                raise UsageRejected(f"cannot write to '{text}': unknown field '{{{name}}}': {one_of(name, FIELDS)}")

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in braces that the path has."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.path) if name is not None)

    @property
    def fixed(self) -> Path:
        """As much of a folder's path as is known before the run."""
        parts = Path(self.path).parts
        known = next((number for number, part in enumerate(parts) if "{" in part), len(parts))
        return Path(*parts[:known])

    def place(self, policy: str, scope: Scope, started: datetime, door: Door, apart: tuple[str, ...] = ()) -> Place:
        """Where a policy's files go; `apart` are folders that keep regions and accounts from each other."""
        moment = started.astimezone(UTC)
        if self.fields:
            path = _filled(
                self.path,
                {
                    "account_id": scope.account,
                    "region": scope.region,
                    "policy_name": policy,
                    "now": moment,
                    "uuid": str(uuid.uuid4()),
                },
            )
        else:
            below = (f"{moment:%Y/%m/%d/%H}",) if self.bucket else ()
            path = "/".join(part for part in (self.path.rstrip("/"), *apart, policy, *below) if part)
            path = f"/{path}" if self.path == "/" else path
        if not self.bucket:
            return Folder(Path(path))
        there = Scope(scope.account, self.options.get("region", scope.region), scope.target)
        return Keys(self.bucket, path.strip("/"), door, there, self.options)


def _filled(path: str, values: Mapping[str, object]) -> str:
    return path.format_map(dict(values))
