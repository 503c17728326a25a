"""Apply, then undo, is the identity: for each reversible operation of each type, and for each way of tagging."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.executor.changes import Planned
from engine.executor.fresh import happened, value_at
from engine.model.change import Status
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.discover import catalog
from engine.sandbox.inprocess import sandbox
from tests.end_to_end.at_work import AtWork, differences, first_only, journal_in
from tests.end_to_end.cases import OPERATIONS, Case
from tests.end_to_end.estate import furnish

TYPES = {type.word: type for type in (catalog().provider.type(word) for word in catalog().provider.words())}
TAGGABLE = sorted(word for word, type in TYPES.items() if type.tags is not None and type.tags.write is not None)

TAG_CASES = [
    case
    for word in TAGGABLE
    for case in (
        Case(word, "tag", {"tags": {"Idle": "true", "Kept": "no longer"}}),
        Case(word, "remove-tag", {"tags": ["Kept", "Gone"]}),
        Case(word, "rename-tag", {"old_key": "Kept", "new_key": "Renamed"}),
        Case(word, "mark-for-op", {"op": "tag", "days": 4, "tag": "Marked"}),
    )
]
VOLATILE: dict[str, tuple[str, ...]] = {}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtWork]:
    """The shop with what it lacks."""
    with sandbox() as account:
        journal = journal_in(tmp_path_factory.mktemp("journal"))
        made = AtWork(account, journal)
        furnish(made)
        yield made
        journal.close()


def marked(case: Case) -> Json:
    """A case for pytest; what moto lacks must fail, so that the entry goes when moto has it."""
    marks = [pytest.mark.xfail(reason=case.moto, strict=True)] if case.moto else []
    return pytest.param(case, id=case.id, marks=marks)


def there_and_back(at: AtWork, planned: Planned) -> None:
    """Make one change, see it, take it back, see everything as it was."""
    change = planned.change
    volatile = VOLATILE.get(change.ref.type, ())
    assert change.reversible, change.irreversible
    before = at.state(change.ref)
    entries, outcomes = at.make([planned])
    assert [(o.status, o.reason) for o in outcomes] == [(Status.DONE, "")]
    between = at.item(change.ref)
    assert happened(change, between) is not False
    if between is not None:
        shown = {path: value_at(path, between) for path in change.after if path not in (change.action, "exists")}
        assert shown == {path: change.after[path] for path in shown}
    assert differences(before, at.state(change.ref), volatile), "nothing has changed"
    intent, undone = at.take_back(entries)
    assert [skip.reason for _, skip in intent.skipped] == []
    assert [(o.status, o.reason) for o in undone] == [(Status.DONE, "")]
    assert differences(before, at.state(change.ref), volatile) == {}


@pytest.mark.parametrize("case", [marked(case) for case in OPERATIONS])
def test_an_operation_and_its_undo_leave_nothing(case: Case, at: AtWork) -> None:
    intent = at.wanted(case.type, case.action, case.filters)
    planned = first_only(intent)
    assert planned is not None, [skip.reason for _, skip in intent.skipped]
    there_and_back(at, planned)


@pytest.mark.parametrize("case", [marked(case) for case in TAG_CASES])
def test_tagging_and_its_undo_leave_nothing(case: Case, at: AtWork) -> None:
    id = TYPES[case.type].identity.id
    first = first_only(at.wanted(case.type, {"type": "tag", "tags": {"Kept": "as it is", "Owner": "ana"}}))
    if first is not None and first.change.ref.type not in at.remembered:
        _, outcomes = at.make([first])
        assert [(o.status, o.reason) for o in outcomes] == [(Status.DONE, "")]
        at.remembered[case.type] = first.change.ref.id
    intent = at.wanted(case.type, case.action, [{"type": "value", "key": id, "value": at.remembered[case.type]}])
    planned = first_only(intent)
    assert planned is not None, [skip.reason for _, skip in intent.skipped]
    there_and_back(at, planned)
