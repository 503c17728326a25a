"""What a plan is made of: frozen steps, each with the place in the text that asked for it.

A plan holds one `Scan` for each (type, conditions the API answers); under it one `Track` for each policy that reads
from that scan. A track's facts are gathered in `Stage`s, cheap before costly; after each stage every resource that
is decided leaves, so that a costly fact is gathered only for what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.lang.syntax import CheckedPolicy
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that the list call answers: values of an entry of `Filters`, or of a plain parameter.

    It is a superset of what the policies ask: what comes back is judged again.
    """

    key: str
    filter: str
    param: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Facts gathered together, for the resources whose verdict still waits for them; or for `everyone` (naive)."""

    needs: tuple[Need, ...]
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One policy's way through a scan: its stages, whether it must see the whole set at once, and what it does.

    `whole`: a filter judges sets (reduce, counts), so pages cannot be judged one by one.
    """

    policy: CheckedPolicy
    stages: tuple[Stage, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """One listing of a type in each scope, shared by its tracks; of these `ids` alone, where they are given.

    `only`: everything is listed and counted, but no resource beside these ids is judged.
    """

    type: ResourceType
    tracks: tuple[Track, ...]
    conditions: tuple[Condition, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict)
    ids: tuple[str, ...] | None = None
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done: scans with their tracks. `passes` are the rewrites that were applied, by name."""

    scans: tuple[Scan, ...]
    passes: tuple[str, ...] = ()

    @property
    def policies(self) -> tuple[CheckedPolicy, ...]:
        """Every policy of the plan."""
        return tuple(track.policy for scan in self.scans for track in scan.tracks)
