"""Every resource type of c7n 0.9.53: listed by the same call, found at the same place, named by the same id.

`c7n_types.json` holds facts asked of c7n 0.9.53 itself: name → service, list operation, result path and id, with an
empty operation where c7n lists by code. `DIFFERENCES` tells, for every type that is not the same, why; an entry that is
not needed fails. A path that adds attributes to what is listed (`Items[].merge(@, {…})`) is the same path.

`c7n_attributes.json` holds the names under which c7n's policies see what a resource has; they are ours too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from engine.model.record import ResourceType
from engine.plugin.protocols import Retired
from providers.aws import PROVIDER
from providers.aws.adapter.attributes import attributes

ASKED = json.loads(Path(__file__).with_name("c7n_types.json").read_text(encoding="utf-8"))
TYPES = {name: facts for name, facts in ASKED.items() if name}

ATTRIBUTES = json.loads(Path(__file__).with_name("c7n_attributes.json").read_text(encoding="utf-8"))
SEEN = {name: frozenset(told.split()) for name, told in ATTRIBUTES.items() if name}

ADDS = re.compile(r"\[\]\.merge\(@, .*\)$")
"""A path's end that puts further attributes on each item."""

BETTER, ALIKE, LESS = "better", "alike", "less"

BY_CODE = "c7n asks this in code; the call and the id are those"
NOT_UNIQUE = "c7n's id is the same for several resources"

DIFFERENCES = {
    "account": (ALIKE, BY_CODE),
    "advisor-check": (ALIKE, "c7n's id only comes with the result of a check; this is the same value in the listing"),
    "appmesh-virtualgateway": (ALIKE, "c7n's id only comes with a detail call; this is the same ARN in the listing"),
    "appmesh-virtualnode": (ALIKE, "c7n's id only comes with a detail call; this is the same ARN in the listing"),
    "backup-plan": (BETTER, "c7n's id is a name that several plans may have"),
    "catalog-product": (BETTER, "the path goes on to the product itself, which c7n only has after a detail call"),
    "codedeploy-config": (ALIKE, "the listing gives names, which c7n keeps under the name of the id"),
    "codedeploy-group": (ALIKE, "the listing gives names, which c7n keeps under the name of the id"),
    "ec2": (BETTER, "the path goes on to the instances; c7n takes them out of the reservations in code"),
    "eks-nodegroup": (LESS, "c7n's id only comes with a detail call; names are unique in a cluster only"),
    "elasticsearch": (BETTER, "the whole item, with its engine, and not its name alone"),
    "glue-catalog": (ALIKE, BY_CODE),
    "guardduty-finding": (BETTER, f"{NOT_UNIQUE}: the account's"),
    "kinesis-analytics": (ALIKE, "the name is unique too, and what the calls take"),
    "kinesis-analyticsv2": (ALIKE, "the name is unique too, and what the calls take"),
    "keyspace": (ALIKE, "the path leaves AWS's own keyspaces out; c7n does it in code"),
    "lambda-layer": (BETTER, f"{NOT_UNIQUE}: the layer's; c7n makes the second call in code"),
    "launch-template-version": (BETTER, f"{NOT_UNIQUE}: the template's; c7n makes the second call in code"),
    "org-unit": (ALIKE, BY_CODE),
    "quicksight-account": (ALIKE, BY_CODE),
    "rest-account": (ALIKE, BY_CODE),
    "rest-stage": (BETTER, f"{NOT_UNIQUE}: the deployment's; the stage's calls take its name"),
    "rrset": (BETTER, f"{NOT_UNIQUE}: a name has a set of each type"),
    "sagemaker-app": (LESS, "c7n's id only comes with a detail call; names are unique in a user's profile only"),
    "sagemaker-space": (LESS, "c7n's id only comes with a detail call; names are unique in a domain only"),
    "sagemaker-user-profile": (LESS, "c7n's id only comes with a detail call; names are unique in a domain only"),
    "savings-plan": (BETTER, "c7n's path and id are not spelt as the API spells them, and find nothing"),
    "security-hub": (ALIKE, BY_CODE),
    "service-quota": (LESS, "c7n makes this call in code too, and adds quotas that only have a default"),
    "ses-dedicated-ip-pool": (ALIKE, "the listing gives names, which c7n keeps under a name of its own"),
    "shield-attack": (BETTER, "c7n's path is not in the API's answer"),
    "xray-rule": (BETTER, "the path goes on to the rule; c7n takes it out of its record in code"),
}  # fmt: skip
"""c7n's name → how ours is to it, and why it is not the same."""

UNSEEN = {
    "ecr-image": ("imageArn", "no call tells it; it is the ARN of the type"),
    "hostedzone": ("c7n:ConfigHostedZoneId", "c7n's own, to ask AWS Config"),
    "rest-stage": ("stageArn", "no call tells it; it is the ARN of the type"),
    "vpc-lattice-service-network-association": ("c7n:parent-id", "listed at once, not under each network"),
}
"""c7n's name → the attribute that c7n adds to the type and we do not, and why."""

RETIRED = {"hsm", "hsm-client", "hsm-hapg", "lex-bot", "opswork-cm", "opswork-stack", "qldb"}
"""AWS has ended these services: a policy for them is told so."""


def plain(path: str) -> str:
    """A path without what does not change where it leads."""
    return ADDS.sub("", path).replace("[]", "").strip(".")


def facts(record: ResourceType) -> list[str]:
    """Service, operation, path and id of a record, as `c7n_types.json` has them."""
    listing = record.list
    path = f"{listing.items}.{listing.inner}" if listing.inner else listing.items
    return [listing.service or record.service, listing.call, plain(path), record.identity.id]


@pytest.mark.parametrize("name", sorted(set(TYPES) - RETIRED))
def test_the_type_is_listed_and_named_as_in_c7n_or_the_difference_is_told(name: str) -> None:
    service, operation, path, id = TYPES[name]
    same = facts(PROVIDER.type(name)) == [service, operation, plain(path), id]
    assert same is (name not in DIFFERENCES)


@pytest.mark.parametrize("name", sorted(SEEN.keys() - RETIRED))
def test_the_type_has_the_attributes_that_it_has_in_c7n(name: str) -> None:
    missing = SEEN[name] - attributes(PROVIDER.type(name)).keys()
    assert missing == ({UNSEEN[name][0]} if name in UNSEEN else set())


@pytest.mark.parametrize("name", sorted(RETIRED))
def test_a_type_of_an_ended_service_has_a_tombstone(name: str) -> None:
    assert name in TYPES
    with pytest.raises(Retired):
        PROVIDER.type(name)


def test_of_the_407_at_least_390_are_the_same_alike_or_better() -> None:
    assert len(TYPES) == 407
    assert set(TYPES) >= set(DIFFERENCES)
    ours = Counter(verdict for verdict, reason in DIFFERENCES.values() if reason)
    assert ours.total() == len(DIFFERENCES)
    assert len(TYPES) - len(RETIRED) - ours[LESS] >= 390
