"""Documents outside the account's resources: `value_from` over file, http(s) and s3.

Source of the formats: c7n 0.9.53, language reference 5.6, with section 13's row 27 mended (blank lines dropped).
"""

from __future__ import annotations

import csv
import io
import urllib.parse
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.json import Json, parsed
from engine.model.need import ContentNeed
from engine.model.redaction import redacted
from engine.model.scope import Scope
from engine.plugin.paths import getter
from engine.plugin.protocols import Failed, Request, Tell
from providers.aws.adapter.gather.documents import ERRORS, Bounds, read_document, too_large, unpacked

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def gather_content(connection: AwsConnection, request: Request, need: ContentNeed, tell: Tell) -> None:
    """Tell every resource the same value, read once a run; what failed is read again by whoever asks next."""
    value = (
        connection.shared[need] if need in connection.shared else read_content(connection, need, request.setting.scope)
    )
    if not isinstance(value, Failed):
        connection.shared[need] = value
    for resource, _ in request.resources:
        tell(resource, need, value)


def read_content(connection: AwsConnection, need: ContentNeed, scope: Scope) -> Json:
    """The document's value after `expr`, or Failed."""
    where = redacted(need.url)
    try:
        raw = _fetch(connection, need, scope)
        value = parse_content(raw, need)
    except RecursionError:
        return Failed(f"{where}: it nests too deeply to be read")
    except (*ERRORS, KeyError, HTTPException, CallFailed, csv.Error) as error:
        return Failed(f"{where}: {redacted(str(error))}")
    if value is None:
        return Failed(f"{where}: 'expr' {need.expr!r} finds nothing in it")
    return value


def _fetch(connection: AwsConnection, need: ContentNeed, scope: Scope) -> bytes:
    url = urllib.parse.urlparse(need.url)
    if url.scheme != "s3":
        return read_document(need.url, dict(need.headers), Bounds(need.max_size, need.timeout))
    asked = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query).items()}
    # A byte more than allowed is asked for, so that one call shows whether there is more.
    params: dict[str, Json] = {"Bucket": url.netloc, "Key": url.path.lstrip("/"), "Range": f"bytes=0-{need.max_size}"}
    if "VersionId" in asked:
        params["VersionId"] = asked["VersionId"]
    there = Scope(scope.account, asked.get("region", scope.region), scope.target)
    try:
        raw: bytes = connection.door.perform(Call("s3", "GetObject", params, there))["Body"]
    except CallFailed as failed:
        if failed.code != "InvalidRange":  # S3 API, GetObject: no range can be met by an object without bytes
            raise
        raw = b""
    if len(raw) > need.max_size:
        raise too_large(need.max_size)
    return unpacked(raw, need.max_size) if url.path.endswith((".gz", ".gzip")) else raw


def parse_content(raw: bytes, need: ContentNeed) -> Json:
    """Text in one of the four formats to the value that a filter compares with; None when `expr` finds nothing."""
    path = urllib.parse.urlparse(need.url).path.removesuffix(".gz").removesuffix(".zip")
    form = need.format or Path(path).suffix.lstrip(".")
    text = raw.decode("utf-8-sig")
    if form == "json":
        data = parsed(text)
        return getter(str(need.expr))(data) if need.expr is not None else data
    if form == "txt":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if form == "csv":
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        if isinstance(need.expr, int) or (isinstance(need.expr, str) and need.expr.isdigit()):
            column = int(need.expr)
            return [row[column].strip() for row in rows if len(row) > column]
        if need.expr is not None:
            return getter(str(need.expr))(rows)
        return sorted({cell.strip() for row in rows for cell in row})
    if form == "csv2dict":
        table = list(csv.DictReader(io.StringIO(text)))
        columns = {name: [row[name] for row in table] for name in (table[0] if table else {})}
        return getter(str(need.expr))(columns) if need.expr is not None else columns
    raise ValueError(f"format '{form}' is not json, csv, csv2dict or txt: say which with 'format'")
