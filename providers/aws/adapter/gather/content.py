"""Documents outside the account's resources: `value_from` over file, http(s) and s3.

Source of the formats: c7n 0.9.53, language reference 5.6, with section 13's row 27 mended (blank lines dropped).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import urllib.parse
import urllib.request
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, Value
from engine.model.json import Json
from engine.model.need import ContentNeed
from engine.model.scope import Scope
from engine.plugin.paths import getter
from engine.plugin.protocols import Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

TIMEOUT_S = 30


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
    try:
        raw = _fetch(connection, need, scope)
        value = parse_content(raw, need)
    except (OSError, ValueError, KeyError, EOFError, HTTPException, CallFailed, csv.Error, zlib.error) as error:
        return Failed(f"{need.url}: {error}")
    if value is None:
        return Failed(f"{need.url}: 'expr' {need.expr!r} finds nothing in it")
    return value


def _fetch(connection: AwsConnection, need: ContentNeed, scope: Scope) -> bytes:
    url = urllib.parse.urlparse(need.url)
    if url.scheme == "s3":
        asked = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query).items()}
        params: dict[str, Json] = {"Bucket": url.netloc, "Key": url.path.lstrip("/")}
        if "VersionId" in asked:
            params["VersionId"] = asked["VersionId"]
        there = Scope(scope.account, asked.get("region", scope.region), scope.target)
        raw: bytes = connection.door.perform(Call("s3", "GetObject", params, there))["Body"]
        return gzip.decompress(raw) if url.path.endswith((".gz", ".gzip")) else raw
    if url.scheme == "file":
        return Path(urllib.request.url2pathname(url.path)).read_bytes()
    if url.scheme in ("http", "https"):
        asking = urllib.request.Request(need.url, headers={"Accept-Encoding": "gzip", **dict(need.headers)})
        with urllib.request.urlopen(asking, timeout=TIMEOUT_S) as answer:
            body: bytes = answer.read()
            return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    raise ValueError("expected a URL that begins with s3://, http://, https:// or file://")


def parse_content(raw: bytes, need: ContentNeed) -> Json:
    """Text in one of the four formats to the value that a filter compares with; None when `expr` finds nothing."""
    path = urllib.parse.urlparse(need.url).path.removesuffix(".gz").removesuffix(".zip")
    form = need.format or Path(path).suffix.lstrip(".")
    text = raw.decode("utf-8-sig")
    if form == "json":
        data = json.loads(text)
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
