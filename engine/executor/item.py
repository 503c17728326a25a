"""A resource on its way through a run: the frozen snapshot, and the facts gathered beside it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.fact import Absent, Fact, Failed, Value, plain
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, MetricNeed, Need
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.verdict import unknown
from engine.plugin.protocols import Missing


class Item:
    """A View. Facts arrive through `tell`; `attributes` joins the facets with the listing's attributes, and the metrics
    that were read under `c7n.metrics`, as c7n writes them: `Namespace.Name.Statistic.days` → [{Statistic: value}].

    `offline`: nothing can be gathered, so a facet that is not there counts as "the resource has none".
    """

    __slots__ = ("_joined", "facts", "offline", "resource", "type")

    def __init__(self, resource: Resource, type: ResourceType, *, offline: bool = False) -> None:
        self.resource = resource
        self.type = type
        self.facts: dict[Need, Fact] = {}
        self.offline = offline
        self._joined: Attributes | None = None

    @property
    def attributes(self) -> Attributes:
        """The listing's attributes and the gathered facets'; a facet says more than the listing and wins."""
        if self._joined is None:
            self._joined = self._join() if self.facts else self.resource.attributes
        return self._joined

    def tell(self, need: Need, fact: Fact) -> None:
        """Keep a fact."""
        self.facts[need] = fact
        self._joined = None

    def fact(self, need: Need) -> Json:
        """The value, None for a proven absence. Raises Missing while it is pending or when it failed."""
        fact = self.facts.get(need)
        if isinstance(fact, Value):
            return fact.value
        if isinstance(fact, Failed):
            raise Missing(unknown(fact.cause))
        if isinstance(fact, Absent):
            return None
        if isinstance(need, FacetNeed):
            attribute = self._attribute(need)
            if attribute and attribute in self.resource.attributes:
                return self.resource.attributes[attribute]
            if self.offline:
                return None
        raise Missing(unknown(pending=(need,)))

    def with_tags(self, tags: Mapping[str, str | None]) -> Item:
        """A copy whose tags are these on top of its own; None removes one. Tags that are not known stay so."""
        have = {t["Key"]: t for t in self.attributes.get("Tags") or ()}  # an Auto Scaling group's say more
        have.update({k: {**have.get(k, {"Key": k}), "Value": v} for k, v in tags.items() if v is not None})
        kept = [tag for k, tag in have.items() if tags.get(k, "") is not None]
        copy = Item(Resource(self.resource.ref, {**self.resource.attributes, "Tags": kept}), self.type)
        copy.facts = dict(self.facts)
        if not isinstance(copy.facts.get(FacetNeed("tags")), Failed):
            copy.facts.pop(FacetNeed("tags"), None)
        return copy

    def _attribute(self, need: FacetNeed) -> str:
        if need.facet == "tags":
            return "Tags"
        facet = self.type.facets.get(need.facet)
        return facet.attribute if facet is not None else ""

    def _join(self) -> Attributes:
        """What facets give under a name of their own wins over what others add to the resource, whichever came first.

        Tags are those that the type's scheme reads: a detail facet may hold them too, in the service's own form.
        """
        joined: dict[str, Json] = {}
        named: dict[str, Json] = {}
        for need, known in self.facts.items():
            if isinstance(known, Failed):
                continue
            fact = plain(known)
            if isinstance(need, MetricNeed) and isinstance(fact, list):
                name = f"{need.namespace}.{need.name}.{need.statistic}.{need.days:g}"
                joined.setdefault("c7n.metrics", {})[name] = [
                    {need.statistic: value} for each in fact for value in (each if isinstance(each, list) else [each])
                ]
            if not isinstance(need, FacetNeed):
                continue
            attribute = self._attribute(need)
            if attribute:
                named[attribute] = fact
            elif isinstance(fact, Mapping):
                joined.update(fact)
        tags = self.type.tags
        if tags is not None and (tags.form != "pairs" or "Tags" in self.resource.attributes):
            joined.pop("Tags", None)
        return {**self.resource.attributes, **joined, **named} if joined or named else self.resource.attributes
