"""What would this change do to the resource as it is now? Where a tag is written by writing them all, not what it was.

A service that takes only the whole set of tags (S3) is given those of a saved plan, or of a run that is taken back:
without this, tags that others have written since would be lost.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.executor.item import Item
from engine.model.call import Call
from engine.model.record import TagWrite
from engine.plugin.attributes import needs_of_roots
from engine.plugin.paths import place
from engine.plugin.protocols import Missing
from engine.plugin.tagging import shaped, tags_of

if TYPE_CHECKING:
    from engine.model.change import Change


def rebased(change: Change, item: Item) -> tuple[Change, str]:
    """(the change on top of the tags that the resource has now, why it cannot be made)."""
    write = item.type.tags.write if item.type.tags is not None else None
    tags = tags_after(change)
    if write is None or not write.replaces or not tags:
        return change, ""
    try:
        for need in needs_of_roots(frozenset({"Tags"}), item.type):
            item.fact(need)
    except Missing as missing:
        return change, f"its tags are not known: {'; '.join(missing.verdict.causes)}"
    own = tags_of(item.attributes)
    then = {k: v for k, v in {**own, **tags}.items() if v is not None}
    return replace(
        change,
        calls=tuple(_with_tags(call, write, then) for call in change.calls),
        inverse=tuple(_with_tags(call, write, own) for call in change.inverse),
    ), ""


def tags_after(change: Change) -> dict[str, str | None]:
    """The tags that a change writes; None for one that it removes."""
    return {path.removeprefix("tag:"): value for path, value in change.after.items() if path.startswith("tag:")}


def _with_tags(call: Call, write: TagWrite, tags: dict[str, str]) -> Call:
    if call.operation != write.call:
        return call
    params = copy.deepcopy(call.params)
    place(params, write.tags, shaped(tags, write.form))
    return replace(call, params=params)
