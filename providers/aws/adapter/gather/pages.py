"""Is one answer all there is? Further pages are read where an answer names them, and joined to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.json import Json
from engine.model.record import Facet

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def whole(connection: AwsConnection, facet: Facet, call: Call, answer: Mapping[str, Json]) -> Mapping[str, Json]:
    """An answer, or all its pages where others follow. Raises CallFailed.

    AWS may break any list off. What takes the first element needs no more than the page that has it, and S3's listing
    of a bucket's first objects says itself whether there are more.
    """
    if "[0]" in facet.take or "IsTruncated" in facet.take or not connection.door.follows(call, answer):
        return answer
    return all_pages(connection, call)


def all_pages(connection: AwsConnection, call: Call) -> dict[str, Json]:
    """All pages as one answer: lists are joined, at any depth; what is one thing stays the first page's.

    Raises CallFailed.
    """
    found: dict[str, Json] = {}
    for page in connection.door.pages(call):
        found = _joined(found, page)
    return found


def _joined(first: dict[str, Json], second: Mapping[str, Json]) -> dict[str, Json]:
    joined = dict(first)
    for key, value in second.items():
        had = joined.setdefault(key, value)
        if had is value:
            continue
        if isinstance(had, list) and isinstance(value, list):
            joined[key] = had + value
        elif isinstance(had, dict) and isinstance(value, dict):
            joined[key] = _joined(had, value)
    return joined
