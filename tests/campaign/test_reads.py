"""A sample of the campaign against reading, on every run of the tests; and that the campaign sees what it is for.

The whole of it: `python3 tasks.py campaign`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.model.call import Call
from engine.model.fact import Absent, Fact, NotFound
from engine.plugin import listing
from engine.plugin.discover import catalog
from providers.aws.adapter.gather import facets

from .faults import FAULTS
from .policies import policies_of, shipped
from .reads import TOGETHER, Campaign, Tally, campaign, together

SOME = ("denied", "an invented not-found", "a web page", "without its list", "an empty page with a token")


@pytest.fixture(scope="module")
def account() -> Iterator[Campaign]:
    with campaign(furnished=False) as ran:
        yield ran


@pytest.fixture
def ran(account: Campaign) -> Campaign:
    """With a tally of its own."""
    account.tally = Tally()
    return account


@pytest.mark.parametrize("word", ["ebs", "s3", "iam-role", "security-group"])
def test_matches_only_shrink(ran: Campaign, word: str) -> None:
    """Every filter of a type, faults drawn by chance."""
    policies = policies_of(catalog().provider.type(word), catalog())
    for at in range(0, len(policies), TOGETHER):
        ran.against(word, list(FAULTS), policies[at : at + TOGETHER], most=4)
    assert ran.tally.violations == []
    assert ran.tally.runs > 8
    assert ran.tally.shrunk > 0


def test_matches_of_the_shipped_policies_only_shrink(ran: Campaign) -> None:
    ran.against("shipped", list(FAULTS), shipped(catalog()), most=20)
    assert ran.tally.violations == []
    assert ran.tally.shrunk > 0


def test_scans_side_by_side_do_not_mislead_each_other(ran: Campaign) -> None:
    together(ran, ["ebs", "rds", "lambda", "sns", "kms-key"], 1, 12)
    assert ran.tally.violations == []
    assert ran.tally.runs == 12


def test_the_campaign_sees_a_failure_that_passes_for_an_absence(ran: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would prove nothing."""

    def believing(facet: object, failed: object) -> Fact:
        return Absent(NotFound("any:Call", "any"))

    monkeypatch.setattr(facets, "none_or_failed", believing)
    policies = policies_of(catalog().provider.type("s3"), catalog())
    ran.against("s3", ["denied"], policies[-TOGETHER:], most=20)
    assert any("matches more" in text for text in ran.tally.violations)


def test_the_campaign_sees_a_list_that_is_taken_for_empty(ran: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer without its list says nothing about what is in it."""

    def believing(type: object, call: Call, body: object, items: str) -> object:
        return body

    monkeypatch.setattr(listing, "whole", believing)
    policies = [p for p in policies_of(catalog().provider.type("ebs"), catalog()) if "kms-alias" in str(p.node.data())]
    ran.against("ebs", ["without its list"], policies)
    assert ran.tally.violations


@pytest.mark.parametrize("name", SOME)
def test_a_fault_reaches_the_engine(ran: Campaign, name: str) -> None:
    """What is put on the wire is what the engine has to do with: everything that rests on the call is unknown."""
    policies = policies_of(catalog().provider.type("ebs"), catalog())[:TOGETHER]
    ran.against("ebs", [name], policies, most=12)
    assert ran.tally.runs > ran.tally.unfit
    assert ran.tally.violations == []
