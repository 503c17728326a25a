"""A misspelt word anywhere in a record is found: the checker sees what it claims to see."""

import tomllib
from pathlib import Path

import pytest

from engine.plugin.catalog import word_of
from providers.aws import PROVIDER
from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.record_reader import RecordRejected, read_record
from providers.aws.records import SERVICES

from .checker import problems_of
from .seeds import seeded
from .surroundings import Known

KNOWN = Known(SdkModel(), PROVIDER.type)
UNSEEN = ("bedrock_mantle_project",)
"""What Cloud Control alone lists: no model tells its attributes."""

FILES = sorted(
    f
    for f in SERVICES.glob("*/*.toml")
    if f.stem not in UNSEEN and "alias" not in tomllib.loads(f.read_text(encoding="utf-8"))
)
MOST = 40
"""Faults tried of one record, spread evenly over it."""

BEYOND = (
    "filters.has-allow-all.", "operations.enable-data-events.rules.", "operations.enable-data-events.terms.", "filters.dead-letter.with.by.", "operations.add-permissions.with.",
    "filters.consecutive-backups.with.period", "filters.consecutive-backups.with.status",
    "filters.consecutive-snapshots.with.period", "filters.consecutive-snapshots.with.status",
    "operations.request-limit-increase.", "operations.start-found-trail.region", "operations.stop-found-trail.region",
    "facets.trail-status.take", "facets.trail-selectors.take", "filters.iam-summary.bare.key",
    "filters.service-limit.with.ids", "operations.set-password-policy.terms.now",
    "facets.credential-report.", "filters.credential.with.parts",
)  # fmt: skip
"""Paths into JSON documents, reports and tables that policies give, whose members no model tells, into what filters found,
and into another operation's terms; and presets that are no paths."""


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_seeded_fault_is_found(file: Path) -> None:
    word, service = word_of(file.stem), word_of(file.parent.name)
    faults = [f for f in seeded(tomllib.loads(file.read_text(encoding="utf-8"))) if not f[0].startswith(BEYOND)]
    missed = []
    for place, data in faults[:: max(1, len(faults) // MOST)]:
        try:
            found = problems_of(read_record(word, data, service), KNOWN)
        except RecordRejected as rejected:
            found = list(rejected.problems)
        if not found:
            missed.append(place)
    assert missed == []
