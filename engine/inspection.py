"""Why does a policy say what it says of one resource? All facts gathered for it, every filter judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.executor.execute import gather
from engine.executor.item import Item
from engine.lang.syntax import Policy
from engine.model.finding import Evidence
from engine.model.need import Need, PolicyNeed
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plan.compile import filter_needs, judges_sets
from engine.plan.steps import Plan
from engine.plugin.catalog import Catalog
from engine.plugin.listing import existing
from engine.plugin.protocols import Connection, Setting
from engine.plugin.tree import Block, evidence
from engine.runner import Settings, plan_for


@dataclass(frozen=True, slots=True)
class Told:
    """What a policy says of one resource, with every filter's evidence.

    `whole`: some filters judge sets, and of one resource alone they cannot say more than what they ask for.
    """

    policy: str
    type: str
    id: str
    region: str
    evidence: Evidence
    whole: bool


def inspect(
    policies: Sequence[Policy], id: str, shelves: Catalog, connections: Sequence[Connection], settings: Settings
) -> list[Told]:
    """One entry for each policy whose type has a resource of this id, in every region asked for."""
    found = []
    for connection in connections:
        for region in connection.regions(settings.regions):
            scope = Scope(connection.known_account, region)
            for policy in policies:
                plan = plan_for([policy], shelves, scope, settings)
                found += _one(plan, id, shelves, connection, scope, settings)
    return found


def _one(plan: Plan, id: str, shelves: Catalog, connection: Connection, scope: Scope, settings: Settings) -> list[Told]:
    scan = plan.scans[0]
    policy = scan.tracks[0].policy
    setting = Setting(scan.type, scope, settings.now, policy.policy.node.data(), types=shelves.provider.type)
    resources = [r for r in _read(connection, scan.type.word, scope, shelves, id) if r.ref.id == id]
    told = []
    for resource in resources:
        item = Item(resource, scan.type)
        wanted: dict[Need, dict[int, Item]] = {
            need: {0: item} for need in filter_needs(policy) if not isinstance(need, PolicyNeed)
        }
        gather(connection, wanted, setting, 1)
        why = evidence(Block("and", policy.filters, policy.policy.span), item, setting)
        told.append(Told(policy.name, scan.type.word, id, scope.region, why, judges_sets(policy)))
    return told


def _read(connection: Connection, word: str, scope: Scope, shelves: Catalog, wanted: str) -> list[Resource]:
    found = existing(shelves.provider.type(word), scope, connection.door, shelves.provider.type, (wanted,))
    return list(found.values())
