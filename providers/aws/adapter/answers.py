"""Is this AWS's answer? A good HTTP status alone does not say so: proxies answer too, and bodies break off.

botocore reads what it does not know as an answer without members, from which an empty account would be concluded. So
a body that is not the protocol's is a failed call. Members that the model calls required are often left out by AWS:
that they are missing proves nothing here.

Source of the protocols: Smithy's AWS protocol definitions (awsJson1_x, restJson1, restXml, awsQuery, ec2Query,
rpcv2Cbor).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, OperationModel, Shape, StructureShape
from botocore.parsers import ResponseParserError

from engine.model.json import Json

_READS = re.compile(r"(Describe|Get|List|Head|Lookup|Search|Query|Scan|BatchGet|BatchDescribe|Select|Simulate)")
_BESIDE_THE_BODY = ("header", "headers", "statusCode", "uri", "querystring")
_HTML = (b"<html", b"<!doctype html")


def verify(http_response: Any, parsed: dict[str, Json], model: OperationModel, **_: Any) -> None:
    """Refuse a good answer whose body is not one of the operation's; fill in the lists that XML leaves out when empty.

    Registered for botocore's event `after-call`. Raises ResponseParserError, which the door makes a failed call.
    """
    if http_response.status_code >= 300 or getattr(http_response, "raw", None) is None:
        return  # an error is told by its code; and a recording that a caller's session plays back has no wire
    if model.has_streaming_output and not _is_described(http_response, model):
        raise ResponseParserError("the answer is not AWS's: an object comes with its ETag")
    if model.name == "GetBucketPolicy" and not _is_policy(http_response.content):
        raise ResponseParserError(f"the answer is not AWS's: it is not a policy: {_start(http_response.content)}")
    if model.has_streaming_output or _is_blob(model):
        return
    members = _in_body(model)
    payload = model.output_shape.serialization.get("payload") if model.output_shape is not None else None
    document: dict[str, Json] = parsed if payload is None else parsed.get(payload) or {}
    text = http_response.content.strip()
    if reason := _foreign(model, members, text, document):
        raise ResponseParserError(f"the answer is not AWS's: {reason}: {_start(text)}")
    for name in flattened(model):
        document.setdefault(name, [])


def flattened(model: OperationModel) -> frozenset[str]:
    """Members of the answer that are lists without an element of their own: where they are empty, nothing stands."""
    return frozenset(name for name, shape in _in_body(model).items() if _is_flat(shape))


def listing_members(model: OperationModel) -> frozenset[str]:
    """Members of the answer that are lists and stand there even when they are empty."""
    return frozenset(n for n, s in _in_body(model).items() if isinstance(s, ListShape) and not _is_flat(s))


def _is_flat(shape: Shape) -> bool:
    return isinstance(shape, ListShape) and bool(shape.serialization.get("flattened"))


def _in_body(model: OperationModel) -> Mapping[str, Shape]:
    """Members of the answer that stand in the body; those of its payload's structure where it has one."""
    shape = model.output_shape
    if shape is None:
        return {}
    payload = shape.serialization.get("payload")
    if payload is not None:
        inner = shape.members[payload]
        return {payload: inner} if not isinstance(inner, StructureShape) else dict(inner.members)
    return {n: s for n, s in shape.members.items() if s.serialization.get("location") not in _BESIDE_THE_BODY}


def _is_described(http_response: Any, model: OperationModel) -> bool:
    """Whether a streamed body has the headers that AWS sends with it.

    Source: S3 API, GetObject: every object has an ETag; a proxy's page in its place has none of S3's.
    """
    shape = model.output_shape
    tagged = shape is not None and shape.members.get("ETag")
    return not tagged or "etag" in {name.lower() for name in http_response.headers}


def _is_policy(body: bytes) -> bool:
    """Whether a body is a policy document.

    Source: S3 API, GetBucketPolicy: the answer's body is the policy, as JSON; IAM JSON policy elements: `Statement` is
    required.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "Statement" in found


def _is_blob(model: OperationModel) -> bool:
    """Whether the body is content, and no document of the protocol."""
    shape = model.output_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    return payload is not None and shape is not None and shape.members[payload].type_name in ("blob", "string")


def _foreign(model: OperationModel, members: Mapping[str, Shape], text: bytes, parsed: Mapping[str, Json]) -> str:
    """Why a body cannot be the operation's, or empty."""
    if text[:14].lower().startswith(_HTML):
        return "it is a web page"
    protocol = str(model.service_model.resolved_protocol)
    if not text:
        due = members and _READS.match(model.name)
        return "it is empty" if due or protocol in ("ec2", "query") else ""
    if "cbor" in protocol:  # botocore's parser of it refuses what it cannot read
        return ""
    if "json" in protocol:
        return "" if _holds(parsed, members) else _foreign_json(members, text)
    return _foreign_xml(model, members, text, protocol)


def _holds(parsed: Mapping[str, Json], members: Mapping[str, Shape]) -> bool:
    """Whether botocore found a member in the body: then it is a document of the operation, and need not be read again.

    Of a body that it cannot read as JSON it makes a `message`.
    """
    return any(value and name != "message" and name in members for name, value in parsed.items())


def _foreign_json(members: Mapping[str, Shape], text: bytes) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if found is None and not members:  # an operation without an answer; no proxy writes that
        return ""
    if not isinstance(found, dict):
        return "it is not a JSON object"
    known = {str(shape.serialization.get("name", name)) for name, shape in members.items()}
    return "" if not found or not known or known & set(found) else "it has none of the operation's members"


_ROOT = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)


def _foreign_xml(model: OperationModel, members: Mapping[str, Shape], text: bytes, protocol: str) -> str:
    """By the root element, and by elements that the operation knows; botocore refuses what is not XML at all."""
    found = _ROOT.match(text.removeprefix(b"\xef\xbb\xbf"))
    if found is None:
        return "it is not XML"
    root = found[1].decode("ascii", "replace")
    if protocol in ("ec2", "query"):
        return "" if root == f"{model.name}Response" else f"its root element is <{root}>"
    if root in ("Error", "ErrorResponse", "html"):
        return f"its root element is <{root}>"
    inside = text[found.end() :]
    if not members or root in _roots(model) or root in _S3_ROOTS.get(model.name, ()):
        return ""
    known = {_wire_name(member, shape) for member, shape in members.items()}
    return "" if any(f"<{name}".encode() in inside for name in known) else "it has none of the operation's elements"


def _wire_name(member: str, shape: Shape) -> str:
    if _is_flat(shape) and isinstance(shape, ListShape):
        return str(shape.serialization.get("name") or shape.member.serialization.get("name") or member)
    return str(shape.serialization.get("name", member))


_S3_ROOTS = {
    "GetBucketAccelerateConfiguration": ("AccelerateConfiguration",),
    "GetBucketAcl": ("AccessControlPolicy",),
    "GetBucketCors": ("CORSConfiguration",),
    "GetBucketLifecycleConfiguration": ("LifecycleConfiguration",),
    "GetBucketLocation": ("LocationConstraint",),
    "GetBucketLogging": ("BucketLoggingStatus",),
    "GetBucketNotificationConfiguration": ("NotificationConfiguration",),
    "GetBucketRequestPayment": ("RequestPaymentConfiguration",),
    "GetBucketTagging": ("Tagging",),
    "GetBucketVersioning": ("VersioningConfiguration",),
    "GetBucketWebsite": ("WebsiteConfiguration",),
    "GetObjectTagging": ("Tagging",),
    "ListBucketAnalyticsConfigurations": ("ListBucketAnalyticsConfigurationResult",),
    "ListBucketIntelligentTieringConfigurations": ("ListBucketIntelligentTieringConfigurationsOutput",),
    "ListBucketInventoryConfigurations": ("ListInventoryConfigurationsResult",),
    "ListBucketMetricsConfigurations": ("ListMetricsConfigurationsResult",),
    "ListBuckets": ("ListAllMyBucketsResult",),
    "ListMultipartUploads": ("ListMultipartUploadsResult",),
    "ListObjectVersions": ("ListVersionsResult",),
    "ListObjects": ("ListBucketResult",),
    "ListObjectsV2": ("ListBucketResult",),
    "ListParts": ("ListPartsResult",),
}
"""Root elements of answers that the model does not name, which may have nothing inside.

Source: Amazon S3 API reference, "Response Syntax" of each operation.
"""


def _roots(model: OperationModel) -> set[str]:
    """Names that the root element of a REST answer can have; an emulator calls it after the operation."""
    shape = model.output_shape
    if shape is None:
        return set()
    after = {f"{model.name}{ending}" for ending in ("Result", "Response", "Output")}
    payload = shape.serialization.get("payload")
    inner = shape.members[payload] if payload is not None else shape
    return after | {str(n) for n in (payload, inner.name, inner.serialization.get("name")) if n}


def _start(text: bytes) -> str:
    return repr(text[:60].decode("utf-8", "replace"))
