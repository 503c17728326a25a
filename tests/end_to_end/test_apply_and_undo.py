"""Apply, then undo, is the identity: for each reversible operation of each type, and for each way of tagging."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.executor.fresh import happened, value_at
from engine.executor.intent import Planned
from engine.model.change import Status
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.sandbox.inprocess import sandbox
from tests.end_to_end.at_work import AtWork, differences, first_only, journal_in
from tests.end_to_end.cases import (
    BESIDE,
    GENERIC,
    OPERATIONS,
    TAGGED,
    TAGGED_TWICE,
    UNTAGGABLE,
    UNTRIED,
    VOLATILE,
    Case,
)
from tests.end_to_end.estate import furnish

TYPES = {
    type.word: type for type in map(catalog().provider.type, catalog().provider.words()) if type.origin == "curated"
}


def untaggable(word: str, action: str) -> str:
    """Why moto cannot, or cannot so."""
    twice = word in TAGGED_TWICE and action in ("tag", "remove-tag")
    return "moto keeps the former value beside the new one" if twice else UNTAGGABLE.get(word, "")


TAG_CASES = [
    Case(word, action, options, moto=untaggable(word, action))
    for word in TAGGED
    for action, options in (
        ("tag", {"tags": {"Idle": "true", "Kept": "no longer"}}),
        ("remove-tag", {"tags": ["Kept", "Gone"]}),
        ("rename-tag", {"old_key": "Kept", "new_key": "Renamed"}),
        ("mark-for-op", {"op": "tag", "days": 4, "tag": "Marked"}),
    )
]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtWork]:
    """The shop with what it lacks; a call that cannot be made is not tried again."""
    with pytest.MonkeyPatch.context() as patch, sandbox() as account:
        patch.setenv("AWS_RETRY_MODE", "standard")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        journal = journal_in(tmp_path_factory.mktemp("journal"))
        made = AtWork(account, journal)
        furnish(made)
        yield made
        journal.close()


def marked(case: Case) -> Json:
    """A case for pytest; what moto lacks must fail, so that the entry goes when moto has it."""
    marks = [pytest.mark.xfail(reason=case.moto, strict=True)] if case.moto else []
    return pytest.param(case, id=case.id, marks=marks)


def there_and_back(at: AtWork, planned: Planned, leaves: tuple[str, ...] = ()) -> None:
    """Make one change, see it, take it back, see everything as it was."""
    change = planned.change
    volatile = (*VOLATILE.get(change.ref.type, ()), *leaves)
    assert change.reversible, change.irreversible
    before = at.state(change.ref)
    entries, outcomes = at.make([planned])
    assert [(o.status, o.reason) for o in outcomes] == [(Status.DONE, "")]
    between = at.item(change.ref)
    assert happened(change, between) is not False
    if between is not None:
        shown = {path: value_at(path, between) for path in change.after if path not in (change.action, "exists")}
        assert shown == {path: change.after[path] for path in shown}
    assert differences(before, at.state(change.ref), VOLATILE.get(change.ref.type, ())), "nothing has changed"
    intent, undone = at.take_back(entries)
    assert [skip.reason for _, skip in intent.skipped] == []
    assert [(o.status, o.reason) for o in undone] == [(Status.DONE, "")]
    assert differences(before, at.state(change.ref), volatile) == {}


@pytest.mark.parametrize("case", [marked(case) for case in (*OPERATIONS, *BESIDE, *GENERIC)])
def test_an_operation_and_its_undo_leave_nothing(case: Case, at: AtWork) -> None:
    if case.first:
        at.make(at.wanted(case.type, case.first, case.filters).planned)
    intent = at.wanted(case.type, case.action, case.filters)
    planned = first_only(intent)
    assert planned is not None, [skip.reason for _, skip in intent.skipped]
    there_and_back(at, planned, case.leaves)


@pytest.mark.parametrize("case", [marked(case) for case in TAG_CASES])
def test_tagging_and_its_undo_leave_nothing(case: Case, at: AtWork) -> None:
    identity = TYPES[case.type].identity
    if case.type not in at.remembered:
        first = first_only(at.wanted(case.type, {"type": "tag", "tags": {"Kept": "as it is", "Owner": "ana"}}))
        assert first is not None
        _, outcomes = at.make([first])
        assert [(o.status, o.reason) for o in outcomes] == [(Status.DONE, "")]
        at.remembered[case.type] = first.change.ref.id
    names = (*identity.within, identity.id)
    one = zip(names, at.remembered[case.type].split("/", len(names) - 1), strict=True)
    intent = at.wanted(case.type, case.action, [{"type": "value", "key": key, "value": value} for key, value in one])
    planned = first_only(intent)
    assert planned is not None, [skip.reason for _, skip in intent.skipped]
    there_and_back(at, planned)


def untried(word: str, operation: str) -> bool:
    """Whether the table says that the type, or a part of its operations, cannot be tried."""
    return any(
        word == name and (not part or part in operation) for name, _, part in (k.partition(" ") for k in UNTRIED)
    )


def test_every_reversible_operation_has_a_case() -> None:
    """Those that no policy names are reached from one that it does: as its undo, in its stead, or by an action."""
    asked = {(case.type, case.word) for case in (*OPERATIONS, *BESIDE)}
    asked |= {(case.type, name) for case in GENERIC for name in catalog().actions.get(case.word).OPERATIONS}
    lacking = []
    for word, type in TYPES.items():
        reached = {name for name in type.operations if (word, name) in asked}
        for op in [type.operations[name] for name in tuple(reached)]:
            beside = (*op.before_it.values(), *op.after_it.values())
            reached |= {op.undo, *op.instead.values(), *(each for words in beside for each in words)}
        reversible = {
            name for name, op in type.operations.items() if op.undo and not op.undo.startswith("none") and not op.hidden
        }
        lacking += sorted(f"{word} {name}" for name in reversible - reached if not untried(word, name))
    assert lacking == []
    assert [word for word in UNTRIED if word in {case.type for case in (*OPERATIONS, *BESIDE)}] == []


def test_the_table_holds_what_it_promises() -> None:
    operations = {(case.type, case.word) for case in (*OPERATIONS, *BESIDE) if not case.moto}
    tagging = {(case.type, case.word) for case in TAG_CASES if not case.moto}
    assert len(operations) >= 100
    assert len({word for word, _ in operations}) >= 45
    assert len({word for word, _ in tagging}) >= 70
