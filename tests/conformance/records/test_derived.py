"""Every derived record holds against the SDK's models, like those that people write; and there are as many as told."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby

import pytest

from engine.model.record import ResourceType
from providers.aws import PROVIDER
from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.derive.outside import table

from .checker import problems_of
from .iam_names import PINNED, needed
from .path_types import scalar_of
from .surroundings import Known, root_of

KNOWN = Known(SdkModel(), PROVIDER.type)
WORDS = [word for word in PROVIDER.words() if "." in word]
SERVICES = {service: list(words) for service, words in groupby(WORDS, key=lambda word: word.split(".")[0])}


def records(service: str) -> list[ResourceType]:
    """The service's derived types."""
    return [PROVIDER.type(word) for word in SERVICES[service]]


@pytest.mark.parametrize("service", SERVICES)
def test_records_hold(service: str) -> None:
    """Calls, required inputs, paths in a whole answer, parents, tags, operations and their ways back."""
    found = {record.word: problems_of(record, KNOWN) for record in records(service)}
    assert {word: problems for word, problems in found.items() if problems} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_dates_are_dates(service: str) -> None:
    """Timestamps; or texts and numbers that are named so."""
    for record in records(service):
        root = root_of(KNOWN, record)
        for path in record.dates.values():
            kind = scalar_of(root.members.get(path))
            assert kind == "date" or path.lower().endswith(
                ("date", "time", "at", "timestamp", "on", "created", "modified")
            ), (
                record.word,
                path,
            )


def test_words_are_unique_and_of_their_service() -> None:
    assert [word for word, times in Counter(WORDS).items() if times > 1] == []
    assert [word for word in WORDS if PROVIDER.type(word).service != word.split(".")[0]] == []


def test_kinds_and_categories_are_known() -> None:
    every = [PROVIDER.type(word) for word in WORDS]
    assert {record.kind for record in every} <= {"resource", "activity", "relation", "setting"}
    assert {record.category for record in every} <= set(table("categories")["categories"])


def test_there_are_as_many_types_as_told() -> None:
    """At least 1,900 kinds of resource over at least 325 services."""
    resources = [word for word in WORDS if PROVIDER.type(word).kind == "resource"]
    assert len(resources) >= 1_900
    assert len({word.split(".")[0] for word in resources}) >= 325


def test_iam_names_are_in_the_pinned_reference() -> None:
    """None is new to the pinned data, and nine in ten are in the Service Authorization Reference."""
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    known = {f"{prefix}:{name}" for prefix, names in pinned.items() for name in names.get("known", ())}
    newer = {f"{prefix}:{name}" for prefix, names in pinned.items() for name in names.get("newer", ())}
    wanted = needed(PROVIDER.type(word) for word in WORDS)
    assert wanted - known - newer == set(), "pin anew: python -m tests.conformance.records.iam_names"
    assert len(wanted & known) / len(wanted) > 0.85
