"""Documents outside the account's resources: `value_from` over file, http(s) and s3.

Source of the formats: c7n 0.9.53, language reference 5.6, with section 13's row 27 mended (blank lines dropped).
"""

from __future__ import annotations

import csv
import io
import re
import urllib.parse
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, Value
from engine.model.json import Json, parsed
from engine.model.need import ContentNeed
from engine.model.redaction import redacted
from engine.model.scope import Scope
from engine.plugin.paths import getter
from engine.plugin.protocols import Request, Tell
from providers.aws.adapter.gather.documents import ERRORS, Bounds, read_document, too_large, unpacked

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def gather_content(connection: AwsConnection, request: Request, need: ContentNeed, tell: Tell) -> None:
    """Tell every resource the same value, read once a run; what could not be read is read again by the next scan."""

    def read() -> Value:
        found = read_content(connection, need, request.setting.scope)
        if isinstance(found, Failed):
            raise _Unreadable(found.cause)
        return Value(found)

    fact: Fact
    try:
        fact = connection.shared.of(need, read)
    except _Unreadable as error:
        fact = Failed(str(error))
    for resource, _ in request.resources:
        tell(resource, need, fact)


class _Unreadable(Exception):
    """The document could not be had, or not be understood."""


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
        body = read_document(need.url, dict(need.headers), Bounds(need.max_size, need.timeout))
        if url.scheme in ("http", "https") and _says_no(body):
            raise ValueError("it is empty, or an error in JSON: a gateway may have answered in its place")
        return body
    asked = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query).items()}
    # A byte more than allowed is asked for, so that one call shows whether there is more.
    params: dict[str, Json] = {"Bucket": url.netloc, "Key": url.path.lstrip("/"), "Range": f"bytes=0-{need.max_size}"}
    if "VersionId" in asked:
        params["VersionId"] = asked["VersionId"]
    there = Scope(scope.account, asked.get("region", scope.region), scope.target)
    raw = _object(connection, Call("s3", "GetObject", params, there))
    if len(raw) > need.max_size:
        raise too_large(need.max_size)
    return unpacked(raw, need.max_size) if url.path.endswith((".gz", ".gzip")) else raw


_NO = frozenset({"code", "detail", "error", "errors", "message", "reason", "requestid", "status", "title", "type"})
"""Members of the JSON in which gateways say that they give nothing."""


def _says_no(body: bytes) -> bool:
    """Whether a good HTTP answer holds no document: `not-in` nothing would match everything."""
    if not body.strip():
        return True
    if not body.lstrip().startswith(b"{"):
        return False
    try:
        found = parsed(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(str(name).lower() in _NO for name in found)


def _object(connection: AwsConnection, call: Call) -> bytes:
    """The part of an object that is asked for, all of it. Raises CallFailed, ValueError.

    Source: S3 API, GetObject: `ContentRange` says which bytes were sent, so that a body that somebody cut short is
    told from the object; no range can be met by an object without bytes, which is then read without one.
    """
    try:
        answer = connection.door.perform(call)
    except CallFailed as failed:
        if failed.code != "InvalidRange":
            raise
        params = {name: value for name, value in call.params.items() if name != "Range"}
        answer = connection.door.perform(replace(call, params=params))
    body: bytes = answer["Body"]
    sent = _RANGE.match(str(answer.get("ContentRange", "")))
    if sent is not None and int(sent[2]) - int(sent[1]) + 1 != len(body):
        raise ValueError(f"{len(body)} bytes came of {int(sent[2]) - int(sent[1]) + 1}")
    return body


_RANGE = re.compile(r"bytes (\d+)-(\d+)/")


def parse_content(raw: bytes, need: ContentNeed) -> Json:
    """Text in one of the four formats to the value that a filter compares with; None when `expr` finds nothing."""
    path = urllib.parse.urlparse(need.url).path.removesuffix(".gz").removesuffix(".zip")
    form = need.format or Path(path).suffix.lstrip(".")
    text = raw.decode("utf-8-sig")
    if text[:100].lstrip().lower().startswith(("<!doctype html", "<html")):
        raise ValueError("it is a web page, and no document: a proxy or a sign-in page may have answered")
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
