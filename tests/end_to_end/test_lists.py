"""Every listing that needs no parent is really asked of an account, in every service that the sandbox has."""

from __future__ import annotations

import pytest

from engine.model.scope import Scope
from engine.sandbox.inprocess import sandbox
from tests.end_to_end.lists import PINNED, Told, ask, connected, pinned, root_types

ANSWERED = 380
"""Distinct list operations that answer at least."""

NAMELESS = {"rds.db-instance-automated-backup"}
"""Types of which moto gives no id: it leaves DbiResourceId out."""

PINNED_CODES = {(service, name): code for service, codes in pinned().items() for name, code in codes.items()}


@pytest.fixture(scope="module")
def told() -> Told:
    """What each operation of the pinned services said; none is tried again."""
    asked = {operation: types for operation, types in root_types().items() if operation[0] in pinned()}
    with pytest.MonkeyPatch.context() as patch, sandbox() as account:
        patch.setenv("AWS_RETRY_MODE", "standard")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        return ask(connected(account), Scope(account.account_id, account.region), asked)


def test_each_says_what_is_pinned(told: Told) -> None:
    """One that failed and answers now is told as well: then the file is to be written anew."""
    differing = {
        f"{service}:{name}": (
            PINNED_CODES.get((service, name), "not pinned"),
            told.codes.get((service, name), "not asked"),
        )
        for service, name in {*told.codes, *PINNED_CODES}
        if told.codes.get((service, name)) != PINNED_CODES.get((service, name))
    }
    assert differing == {}, f"(pinned, now); {PINNED.name} is written by python -m tests.end_to_end.lists"


def test_as_many_answer_as_promised(told: Told) -> None:
    assert len(told.answered) >= ANSWERED
    assert len({service for service, _ in told.answered}) >= 130


def test_what_is_found_has_an_id(told: Told) -> None:
    """The default world and moto's own furniture: some sixty types have resources."""
    assert set(told.nameless) == NAMELESS
    assert len([word for word, count in told.found.items() if count]) >= 60
