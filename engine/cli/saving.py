"""Plans as files: what `engine plan -o` writes and `engine apply` makes."""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.cli.exits import Exit
from engine.cli.flow import Flow, exit_code, journalled
from engine.cli.history import resume, touched
from engine.cli.options import Where, connections, interactive
from engine.cli.screen import say, screen
from engine.executor.fresh import drifted, read_again
from engine.executor.intent import Intent, Planned
from engine.executor.item import Item
from engine.executor.rebase import rebased, tags_after
from engine.model.change import Outcome, Skip
from engine.model.codec import change_json, change_of_json
from engine.model.errors import PlanRejected, UsageRejected
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.plugin.journal import RunRecord
from engine.plugin.protocols import Connection
from engine.report.changes import count_of, outcome_summary, print_outcomes, print_plan
from engine.report.document import default, outcome_json, skip_json

VERSION = 1


def plan(flow: Flow) -> Exit:
    """Find what would be changed, show it, and save it where that is asked for."""
    if flow.request.out is not None and not Path(flow.request.out).absolute().parent.is_dir():
        raise UsageRejected(f"cannot write '{flow.request.out}': there is no such folder")
    ran, intent = flow.find()
    results = [result for _, result in ran.results]
    flow.show(results, intent, plan=True)
    flow.tell(results, intent, [])
    if flow.request.out is not None:
        save(Path(flow.request.out), intent.planned, flow)
        click.echo(f"saved {count_of(len(intent.planned), 'change')}: engine apply {flow.request.out}", err=True)
    return exit_code(results, [])


def save(path: Path, planned: Sequence[Planned], flow: Flow) -> None:
    """Write changes to a file; it appears whole or not at all."""
    document: dict[str, Json] = {
        "format": "engine-plan",
        "version": VERSION,
        "created": flow.started.isoformat(),
        "command": " ".join(["engine", *sys.argv[1:]]),
        "target": flow.request.where.target(),
        "changes": [{"policy": p.policy, "step": p.step, **change_json(p.change)} for p in planned],
    }
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(document, indent=1), encoding="utf-8")
    partial.replace(path)


def load(path: Path) -> tuple[dict[str, Json], list[Planned]]:
    """A saved plan. Raises UsageRejected for what is none, PlanRejected for one of another version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != "engine-plan" or document["version"] != VERSION:
            raise PlanRejected(f"'{path}' is a plan of version {document['version']}; this engine reads {VERSION}")
        return document, [Planned(c["policy"], c["step"], change_of_json(c)) for c in document["changes"]]
    except OSError as error:
        raise UsageRejected(f"cannot read '{path}': {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageRejected(f"'{path}' is not a saved plan: make one with 'engine plan … -o FILE'") from error


def apply_file(file: str, *, yes: bool, form: str) -> Exit:
    """Make the changes of a saved plan on the resources that are still as they were."""
    document, planned = load(Path(file))
    regions = sorted({p.change.ref.scope.region for p in planned})
    there = connections(catalog().provider, Where.of_target(document["target"], regions), keep_world=True)
    by_account = {c.account: c for c in there} if planned else {}
    foreign = sorted({p.change.ref.scope.account for p in planned} - set(by_account))
    if foreign:
        raise PlanRejected(
            f"the plan is for account {', '.join(foreign)}, these credentials reach {', '.join(by_account)}"
        )
    since = touched()
    resumed = resume(fit(planned, by_account), by_account, document["target"])
    intent, uncertain = resumed.intent, resumed.uncertain
    if form == "table":
        print_plan(screen(), intent)
    if not intent.planned:
        _tell([], intent, form)
        return Exit.FAILED if uncertain else Exit.DRIFTED if intent.skipped else Exit.DONE
    if not yes and not (interactive() and click.confirm(f"Make {count_of(len(intent.planned), 'change')}?", err=True)):
        click.echo(
            "nothing was changed" + ("" if interactive() else "; say --yes to do it without being asked"), err=True
        )
        _tell([], intent, form)
        return Exit.DECLINED
    id, outcomes = _make(document, intent.planned, by_account, since)
    _tell(outcomes, intent, form, id)
    code = exit_code([], outcomes, uncertain=uncertain)
    return Exit.DRIFTED if code is Exit.DONE and intent.skipped else code


def _tell(outcomes: Sequence[Outcome], intent: Intent, form: str, run: str = "") -> None:
    """What was changed, and what was refused."""
    if form == "json":
        told = {
            "run": run or None,
            "outcomes": [outcome_json(o) for o in outcomes],
            "refused": [skip_json(*s) for s in intent.skipped],
        }
        say(json.dumps(told, default=default, indent=2))
    elif outcomes:
        print_outcomes(screen(), outcomes)
        refused = f", {len(intent.skipped)} refused" if intent.skipped else ""
        screen().line(f"{outcome_summary(outcomes)}{refused}.  run {run}: engine runs {run} · engine undo {run}")


def fit(planned: Sequence[Planned], connections: Mapping[str, Connection]) -> Intent:
    """The changes whose resources are as they were planned against; the others are refused with how they differ.

    Of several changes to one resource the later ones were planned on top of the earlier, so a path is compared only
    with what the first change to it expected; a resource that drifted is refused whole.
    """
    types = catalog().provider.type
    groups: dict[tuple[str, object], list[Planned]] = {}
    for each in planned:
        groups.setdefault((each.change.ref.type, each.change.ref.scope), []).append(each)
    refused: dict[object, str] = {}
    now: dict[object, Item] = {}
    for (word, _), group in groups.items():
        scope = group[0].change.ref.scope
        changes = [p.change for p in group]
        items = read_again(connections[scope.account], types(word), scope, changes, types, datetime.now(UTC))
        now |= {item.resource.ref: item for item in items.values()}
        seen: set[tuple[object, str]] = set()
        for change in changes:
            first = {path: v for path, v in change.before.items() if (change.ref, path) not in seen}
            seen |= {(change.ref, path) for path in change.before}
            reason = drifted(change, items.get(change.ref.id), first)
            if reason:
                refused.setdefault(change.ref, reason)
    intent = Intent(_on_top(planned, now, refused))
    intent.skipped = [
        (p.policy, Skip(p.change.ref, p.change.action, f"refused: {refused[p.change.ref]}"))
        for p in planned
        if p.change.ref in refused
    ]
    return intent


def _on_top(planned: Sequence[Planned], now: dict[object, Item], refused: dict[object, str]) -> list[Planned]:
    """The changes on top of what the resources are now; more may be refused."""
    kept = []
    for each in planned:
        ref = each.change.ref
        if ref in refused:
            continue
        change, reason = rebased(each.change, now[ref])
        if reason:
            refused[ref] = reason
            continue
        kept.append(replace(each, change=change))
        if tags := tags_after(change):
            now[ref] = now[ref].with_tags(tags)
    return [each for each in kept if each.change.ref not in refused]


def _make(
    document: Mapping[str, Json], planned: Sequence[Planned], by_account: Mapping[str, Connection], since: int
) -> tuple[str, list[Outcome]]:
    id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    policies = tuple(dict.fromkeys(p.policy for p in planned))
    command = " ".join(["engine", *sys.argv[1:]])
    record = RunRecord(id, "apply", datetime.now(UTC), command, policies, document["target"], pid=os.getpid())
    doors = {p.change.ref.scope: by_account[p.change.ref.scope.account] for p in planned}
    return id, journalled(record, planned, doors, threading.Event(), since=since)
