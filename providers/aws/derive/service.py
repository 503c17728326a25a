"""One service derived: its types and settings as records, by the policy's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model.json import Json
from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.derive.api import Api
from providers.aws.derive.compose import record_of
from providers.aws.derive.outside import Joins, own_joins
from providers.aws.derive.settings import settings_of
from providers.aws.derive.types import things_of

GLOBAL = frozenset({"networkmanager", "globalaccelerator", "route53domains", "support", "artifact", "invoicing"})
"""Services with one endpoint that botocore's table of endpoints does not name so. Source: AWS General Reference."""


def derive(service: str, sdk: SdkModel, joins: Joins | None = None) -> dict[str, dict[str, Json]]:
    """Every record of a service: word → mapping in the schema of `engine.model.record`."""
    joins = joins or own_joins(service)
    api = Api(sdk, service)
    things = things_of(api, joins)
    for thing in things.values():
        thing.template = "" if thing.arn else joins.arn(thing)
    full = sdk.full_name(service)
    head: dict[str, Json] = {"service": service, "category": joins.category}
    if sdk.is_global(service) or service in GLOBAL:
        head["global"] = True
    found: dict[str, dict[str, Json]] = {}
    for thing in things.values():
        record = record_of(thing, things, joins)
        found[thing.word] = {**head, **record, **_said(full, thing.words, record)}
    for word, setting in settings_of(api, things).items():
        words = setting.pop("words")
        if f"{service}.{word}" not in found:
            found[f"{service}.{word}"] = {**head, "kind": "setting", **setting, **_said(full, words, setting)}
    return found


def _said(full: str, words: Sequence[str], record: Mapping[str, Json]) -> dict[str, Json]:
    """The sentence that describes a record, and where its facts are from."""
    noun = " ".join(w if w.isupper() or any(c.isdigit() for c in w) else w.lower() for w in words)
    calls = [record["list"]["call"], *(o["call"] for o in record.get("operations", {}).values())]
    summary = f"{noun[:1].upper()}{noun[1:]} of {full}."
    return {"summary": summary, "source": f"{full} API Reference: {', '.join(dict.fromkeys(calls[:4]))}"}
