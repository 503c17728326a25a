"""What takes a run's changes back? A plan made from the journal: inverses, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.executor.fresh import happened, unread
from engine.executor.intent import Intent, Planned
from engine.executor.item import Item
from engine.executor.rebase import rebased, tags_after
from engine.model.change import Change, Check, Skip, Status
from engine.model.resource import ResourceRef
from engine.plugin.journal import Entry


def inverses(entries: Sequence[Entry], now: Mapping[ResourceRef, Item], *, force: bool = False) -> Intent:
    """The changes that take DONE entries back. `now` is how the resources are; what is not in it is gone.

    An earlier change of a resource is held against the tags it will have once the later ones are taken back.
    """
    intent = Intent()
    then = dict(now)
    done = [e for e in entries if e.status is Status.DONE]
    for step, entry in enumerate(reversed(done)):
        change = entry.change
        item = then.get(change.ref)
        back = inverse(change)
        reason = _why_not(change, item, force=force)
        if not reason and item is not None:
            back, reason = rebased(back, item)
        if reason:
            intent.skipped.append((entry.policy, Skip(change.ref, undo_word(change.action), reason)))
            continue
        intent.planned.append(Planned(entry.policy, step, back))
        if item is not None and (tags := tags_after(back)):
            then[change.ref] = item.with_tags(tags)
    return _together(intent)


def inverse(change: Change) -> Change:
    """The change that takes this one back."""
    calls = change.inverse
    batching = change.batching
    if batching is not None and (len(calls) != 1 or batching.param not in calls[0].params):
        batching = None
    return Change(
        ref=change.ref,
        action=undo_word(change.action),
        calls=calls,
        before=change.after,
        after=change.before,
        inverse=change.calls,
        batching=batching,
        done=Check(f"!({change.done.expression})") if change.done and change.done.expression else None,
        unseen=(change.unseen[1], change.unseen[0]),
    )


def undo_word(action: str) -> str:
    """`stop` → `undo stop`; and back, so that an undo that is undone is called by its own name."""
    return action.removeprefix("undo ") if action.startswith("undo ") else f"undo {action}"


def _why_not(change: Change, item: Item | None, *, force: bool) -> str:
    if not change.inverse:
        return change.irreversible or "there is no way back"
    if item is None and not (change.done is not None and change.done.gone):
        return "the resource is gone"
    if not force and item is not None and (reason := unread(change, item)):
        return f"it cannot be read again: {reason}"
    if not force and happened(change, item) is False:
        return "it has changed since; --force takes it back all the same"
    return ""


def _together(intent: Intent) -> Intent:
    """Inverses of one kind that follow each other may be made side by side."""
    step = -1
    last = ("", "")
    planned = []
    for each in intent.planned:
        key = (each.policy, each.change.action)
        if key != last:
            step, last = step + 1, key
        planned.append(replace(each, step=step))
    return Intent(planned, intent.skipped)
