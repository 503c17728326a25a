"""What `run` and `plan` do, from options to exit code."""

from __future__ import annotations

import functools
import os
import threading
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.exits import Exit
from engine.cli.options import Where, chosen, command_line, connections, interactive, state_dir
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent, Planned
from engine.executor.recording import NOT_DONE
from engine.lang.load import read_variables
from engine.model.change import Status
from engine.model.errors import UsageRejected
from engine.model.fact import Defect
from engine.model.json import Json
from engine.model.scope import Scope
from engine.plugin.discover import catalog
from engine.plugin.protocols import Connection
from engine.runner import Ran, Settings, run_policies

if TYPE_CHECKING:
    from engine.cli.history import Resumed
    from engine.model.change import Outcome
    from engine.plugin.journal import Entry, Journal, RunRecord
    from engine.report.places import Output


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `run` and `plan`."""

    paths: tuple[str, ...]
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    vars_file: str | None = None
    where: Where = field(default_factory=Where)
    output_dir: str | None = None
    dry_run: bool = False
    yes: bool = False
    form: str = "table"
    quiet: bool = False
    out: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Request:
        """From click's parameters; a policy file after a bare --sandbox is a policy, not a world."""
        sandbox, paths = policy_or_world(given["sandbox"], tuple(given["paths"]))
        if not paths:
            raise click.UsageError("which policies? Give files or directories.")
        where = Where(given["regions"], given["profile"], given["assume"], given["external_id"], sandbox)
        rest = {
            k: given[k]
            for k in ("names", "types", "vars_file", "output_dir", "dry_run", "yes", "form", "quiet", "out")
            if k in given
        }
        return cls(paths=paths, where=where, **rest)


def policy_or_world(sandbox: str | None, paths: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """`--sandbox policies/x.yml` hands the policy to the option; tell the two by what the file holds."""
    from engine.cli.options import DEFAULT_WORLD

    if sandbox is None or sandbox == DEFAULT_WORLD:
        return sandbox, paths
    path = Path(sandbox)
    if (path.exists() and not paths) or path.is_dir() or _holds_policies(path):
        return DEFAULT_WORLD, (sandbox, *paths)
    if not paths and not path.exists():
        raise UsageRejected(f"no such file: '{sandbox}'")
    return sandbox, paths


def _holds_policies(path: Path) -> bool:
    from engine.private_files import read_bounded

    lines = read_bounded(path).decode(errors="replace").splitlines() if path.is_file() else []
    return any(line.startswith(("policies:", '{"policies')) for line in lines)


@dataclass(slots=True)
class Flow:
    """One `run` or `plan`."""

    request: Request
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}")
    stop: threading.Event = field(default_factory=threading.Event)
    output: Output | None = None
    since: int | None = None
    """The journal's counter from before anything was read."""

    def run(self) -> Exit:
        """Find, plan, ask, change, tell."""
        if self.request.output_dir is not None:
            from engine.cli.output import prepared

            self.output = prepared(self.request.output_dir)
        ran, intent = self.find()
        results = [result for _, result in ran.results]
        outcomes: list[Outcome] = []
        declined = False
        resumed = self._resume(ran, intent)
        intent, uncertain, again = resumed.intent, resumed.uncertain, resumed.policies
        if self.request.dry_run or not (intent.planned or again):
            self.show(results, intent, plan=self.request.dry_run)
        else:
            self.show(results, intent, plan=False)
            declined = not self._agreed(intent)
            if not declined:
                outcomes = self._change(ran, intent.planned, again)
        try:
            self._write(ran)
        finally:
            self.tell(results, intent, outcomes)
        return exit_code(results, outcomes, declined=declined, uncertain=uncertain)

    def _resume(self, ran: Ran, intent: Intent) -> Resumed:
        """What is left to do after earlier runs."""
        from engine.cli.history import Resumed, resume

        if self.request.dry_run:
            return Resumed(intent)
        return resume(intent, {r.scope.account: c for c, r in ran.results}, self.request.where.target())

    def find(self) -> tuple[Ran, Intent]:
        """Load, check, list, judge, and work out the changes."""
        request = self.request
        shelves = catalog()
        variables = read_variables(request.vars_file)
        policies = chosen(request.paths, shelves, variables, request.names, request.types)
        if not request.dry_run and any(policy.node.get("actions") is not None for policy in policies):
            from engine.cli.history import touched

            self.since = touched()
        there = connections(shelves.provider, request.where)
        if self.output is not None:
            from engine.cli.output import check

            check(self.output, policies, there, request.where.regions)
        from engine.cli.signals import stopping

        with stopping(self.stop), self._watching() as observer:
            settings = Settings(
                now=self.started, variables=variables, regions=request.where.regions, observer=observer,
                acting=not request.dry_run or request.out is not None, stop=self.stop,
            )  # fmt: skip
            ran = run_policies(policies, shelves, there, settings)
            if not any(result.policy.actions for _, result in ran.results):
                return ran, Intent()
            from engine.executor.changes import intend

            return ran, intend(ran.results)

    def _watching(self) -> Any:
        from engine.cli.progress import watching

        return watching(quiet=self.request.quiet)

    def show(self, results: Sequence[PolicyResult], intent: Intent, *, plan: bool) -> None:
        """Tables of what matched, and of what would be changed."""
        if self.request.quiet or self.request.form == "json":
            return
        from engine.cli.screen import screen
        from engine.report.table import print_results

        print_results(screen(), results)
        if plan and (intent.planned or intent.skipped):
            from engine.report.changes import print_plan

            print_plan(screen(), intent)

    def _agreed(self, intent: Intent) -> bool:
        """Ask before destructive changes; without a terminal they need --yes."""
        destructive = [p for p in intent.planned if p.change.destructive]
        if self.request.yes or not destructive:
            return True
        from engine.cli.screen import confirm, note, screen
        from engine.report.changes import count_of, print_plan

        print_plan(screen(err=True), Intent(destructive))
        text = count_of(len(destructive), "destructive change")
        if not interactive():
            note(f"{text}: nothing was changed; pass --yes to make them without being asked")
            return False
        return confirm(f"Make {text}?")

    def _change(self, ran: Ran, planned: Sequence[Planned], again: Sequence[str]) -> list[Outcome]:
        """Make the changes. A run that only goes on from one that was cut short stands in the journal, too."""
        from engine.plugin.journal import RunRecord

        command = command_line()
        doors = {result.scope: connection for connection, result in ran.results}
        names = tuple(dict.fromkeys((*again, *(p.policy for p in planned))))
        record = RunRecord(self.id, "run", self.started, command, names, self.request.where.target(), pid=os.getpid())
        return journalled(record, planned, doors, self.stop, quiet=self.request.quiet, since=self.since)

    def _write(self, ran: Ran) -> None:
        if self.output is None:
            return
        from engine.cli.screen import redactor
        from engine.report.files import write_files

        config = {
            "regions": list(self.request.where.regions),
            "dryrun": self.request.dry_run,
            **self.request.where.target(),
        }
        write_files(
            self.output, ran.results, run=self.id, started=self.started, ended=datetime.now(UTC), config=config,
            calls=calls_of(ran), dumps=redactor().dumped,
        )  # fmt: skip

    def tell(self, results: Sequence[PolicyResult], intent: Intent, outcomes: Sequence[Outcome]) -> None:
        """The JSON document, or what was changed."""
        if self.request.form == "json":
            from engine.report.document import change_line, default, outcome_json, result_json, skip_json

            document: dict[str, Json] = {
                "run": self.id,
                "started": self.started,
                "dry_run": self.request.dry_run,
                "policies": [result_json(r) for r in results],
                "planned": [{"policy": p.policy, **change_line(p.change)} for p in intent.planned],
                "left_alone": [skip_json(*s) for s in intent.skipped],
                "outcomes": [outcome_json(o) for o in outcomes],
            }
            from engine.cli.screen import say_json

            say_json(document, default=default)
        elif not self.request.dry_run and (outcomes or intent.skipped) and not self.request.quiet:
            from engine.cli.screen import screen
            from engine.report.changes import outcome_summary, print_left_alone, print_outcomes

            print_outcomes(screen(), outcomes)
            print_left_alone(screen(), intent)
            if not outcomes:
                return
            screen().line(f"{outcome_summary(outcomes)}.  run {self.id}: engine runs {self.id} · engine undo {self.id}")


def journalled(
    record: RunRecord,
    planned: Sequence[Planned],
    connections_by_scope: Mapping[Scope, Connection],
    stop: threading.Event,
    *,
    quiet: bool = False,
    since: int | None = None,
    after: Collection[str] = (),
) -> list[Outcome]:
    """Apply changes under a run of the journal, closed whatever happens.

    `since`: the journal's counter from before the resources were read. `after`: for a saved plan, the runs that have
    applied it before. Raises StoreUnavailable; PlanRejected where another run has begun to apply the plan.
    """
    from engine.cli.history import everywhere
    from engine.cli.progress import watching
    from engine.cli.screen import note
    from engine.cli.signals import stopping
    from engine.executor.apply import Application, apply
    from engine.executor.reconcile import settled
    from engine.executor.recording import recording
    from engine.store.sqlite import SqliteJournal

    types = catalog().provider.type
    by_account = {scope.account: connection for scope, connection in connections_by_scope.items()}

    def settle(entries: Sequence[Entry]) -> Sequence[tuple[Entry, Status, str]]:
        return settled(entries, by_account, types, datetime.now(UTC))

    journal = SqliteJournal(state_dir() / "journal.db")
    try:
        cut = functools.partial(_cut_short, journal, record)
        with (
            recording(journal, record, stop, after) as run,
            stopping(stop, cut),
            watching(quiet=quiet, total=len(planned)) as observer,
        ):
            some = next(iter(connections_by_scope.values()))
            with_ = Application(
                lambda scope: connections_by_scope.get(scope, some).door, journal, observer, stop, settle, since,
                everywhere((p.change.ref for p in planned), types),
            )  # fmt: skip
            try:
                outcomes = apply(record.id, planned, with_)
            except KeyboardInterrupt:
                stop.set()
                note(cut())
                run.closed = True
                raise
            run.ended(outcomes)
    finally:
        journal.close()
    return outcomes


def _cut_short(journal: Journal, record: RunRecord) -> str:
    """Close a run whose process is ended now: what is under way is uncertain. What was made, as a sentence."""
    entries = journal.entries(record.id)
    under_way = [e for e in entries if e.status is Status.STARTED]
    reason = "the run was ended while it was under way"
    journal.closed(under_way, Status.UNCERTAIN, {e.number: reason for e in under_way})
    counts = Counter((Status.UNCERTAIN if e.status is Status.STARTED else e.status).value for e in entries)
    journal.end(record.id, "interrupted", datetime.now(UTC), dict(counts))
    uncertain = f", {counts['uncertain']} uncertain" if counts["uncertain"] else ""
    return f"{counts['done']} of {len(entries)} changes were made{uncertain}: engine runs {record.id}"


def calls_of(ran: Ran) -> Counter[str]:
    """API calls made, by operation, over all connections."""
    counts: Counter[str] = Counter()
    for connection in {id(c): c for c, _ in ran.results}.values():
        counts.update(getattr(connection.door, "calls", {}))
    return counts


def exit_code(
    results: Sequence[PolicyResult], outcomes: Sequence[Outcome], *, declined: bool = False, uncertain: bool = False
) -> Exit:
    """The one code that says most: failed changes, bugs of ours, limits, refusal, unknowns, other runs."""
    from engine.plugin.journal import is_held, left_to_another

    skipped = [o.reason for o in outcomes if o.status.value == "skipped"]
    if uncertain or NOT_DONE & {o.status.value for o in outcomes} or any(map(is_held, skipped)):
        return Exit.FAILED
    if any(isinstance(cause, Defect) for r in results for cause in (r.error, *_causes(r))):
        return Exit.BUG
    if any(r.limited for r in results):
        return Exit.LIMITED
    if declined:
        return Exit.DECLINED
    if any(r.error or (r.unknown and r.policy.on_unknown != "skip") for r in results):
        return Exit.INCOMPLETE
    return Exit.DRIFTED if any(map(left_to_another, skipped)) else Exit.DONE


def _causes(result: PolicyResult) -> Iterator[str]:
    for _, verdict in result.unknown:
        yield from verdict.causes
