"""The shapes in which AWS's services write tags, and the one in which policies see them: `[{Key, Value}]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model.json import Json

_NAMES = {"pairs": ("Key", "Value"), "lower": ("key", "value"), "tag-pairs": ("TagKey", "TagValue")}

TAGS_MOST = 50
"""Tags that a resource may have. Source: AWS, "Tagging your AWS resources", tag naming limits and requirements."""

TELLING = frozenset({"notify", "webhook", "post-finding", "post-item", "put-metric", "invoke-lambda", "invoke-sfn"})
"""What a mark may announce besides the type's own actions: c7n's actions that tell somebody, whoever makes them."""


def pairs_of(value: Json, form: str) -> list[dict[str, str]]:
    """Tags as AWS gave them in `form` (pairs, lower, tag-pairs, map) to `[{Key, Value}]`; none for null."""
    if isinstance(value, Mapping):
        return [{"Key": str(k), "Value": str(v)} for k, v in value.items()]
    key, name = _NAMES.get(form, ("Key", "Value"))
    return [{"Key": str(t[key]), "Value": str(t.get(name) or "")} for t in value or () if key in t]


def shaped(tags: Mapping[str, str], form: str) -> Json:
    """Tags to write, in `form`: pairs, lower, tag-pairs, map; or just their keys: keys, key-maps."""
    if form == "map":
        return dict(tags)
    if form == "keys":
        return list(tags)
    if form == "key-maps":
        return [{"Key": key} for key in tags]
    key, name = _NAMES[form]
    return [{key: k, name: v} for k, v in tags.items()]


def tags_of(attributes: Mapping[str, Json]) -> dict[str, str]:
    """A resource's tags as a mapping, from its `Tags`."""
    found: Sequence[Mapping[str, str]] = attributes.get("Tags") or ()
    return {t["Key"]: t.get("Value", "") for t in found}
