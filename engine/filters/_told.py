"""What filters have in common that ask what a service says of the resource: match where it says something."""

from __future__ import annotations

from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.protocols import Setting, View


class Told:
    """Passes when the need's fact is a list that holds something; what it holds is what was found."""

    __slots__ = ()

    @property
    def _need(self) -> Need:
        raise NotImplementedError

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What is said of each resource."""
        return frozenset({self._need})

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when something is said."""
        return decided(bool(view.fact(self._need)))

    def found(self, view: View, setting: Setting) -> list[Json]:
        """All that is said."""
        return list(view.fact(self._need))
