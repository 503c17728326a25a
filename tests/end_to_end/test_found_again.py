"""Every resource of the furnished account is found again by the id that its listing gives it, and by no other's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.model.errors import CallFailed
from engine.plugin.discover import catalog
from engine.plugin.listing import existing, listed
from engine.sandbox.inprocess import sandbox
from tests.end_to_end.at_work import AtWork, journal_in
from tests.end_to_end.estate import furnish
from tests.end_to_end.lists import pinned

PROVIDER = catalog().provider

SHARED = {
    "launch-template-current": "a template's default version and its newest, where these are two",
}
"""Types of which several resources have one id, and why."""

UNSEEN = {
    "ram.permission": "moto lists AWS's own permissions, and gives none of them",
    "rds.db-instance-automated-backup": "moto leaves DbiResourceId out",
}
"""Types that moto does not find by what it lists."""


def problems_of(word: str, at: AtWork) -> list[str]:
    """What is wrong with the ids of a type; nothing where moto cannot list or look up (`lists.json` pins that)."""
    type, door, rows = PROVIDER.type(word), at.connection.door, at.connection.rows
    try:
        found = [r.ref.id for page in listed(type, at.scope, door, PROVIDER.type, rows=rows) for r in page]
    except CallFailed:
        return []
    try:
        again = existing(type, at.scope, door, PROVIDER.type, found[:3], rows) if found else {}
    except CallFailed as failed:
        return [] if failed.code == "NotImplemented" else [str(failed)]
    twice = [id for id, count in Counter(found).items() if count > 1]
    return [f"twice: {id}" for id in twice] + [f"not found again: {id}" for id in found[:3] if id not in again]


def test_ids_lead_back(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, sandbox() as account:
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        at = AtWork(account, journal_in(tmp_path))
        furnish(at)
        words = [word for word in PROVIDER.words() if PROVIDER.type(word).service in pinned()]
        problems = {word: found for word in words if (found := problems_of(word, at))}
    assert {word: found for word, found in problems.items() if word not in SHARED | UNSEEN} == {}
    assert set(problems) == set(SHARED | UNSEEN)
