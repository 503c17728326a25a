"""Make any call of the AWS API on each resource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import Operation, Option, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.params import Problem, Says
from engine.plugin.paths import PathRejected, getter
from engine.plugin.protocols import Provider, Setting, View

READS = ("Describe", "Get", "List", "Head", "BatchGet", "Search", "Query", "Scan")
"""Operations by these verbs change nothing, so they are no actions."""

DESTROYS = (
    "Delete", "Terminate", "Deregister", "Remove", "Purge", "Revoke", "Release", "Reset", "Cancel", "Close", "Abort",
    "Decline", "Discard", "Flush", "Rebuild", "Reject", "Retire", "Rollback", "Deprecate",
)  # fmt: skip
"""Verbs that take away what cannot always be had back: asked about, as destructive changes are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Makes one call for each resource: an operation of the type's service, or of another one.

    `with` fills parameters from the resource (parameter: path), `params` gives them as they are. Both are held against
    AWS's model of the operation when the policy is checked. The plan shows the call, `engine permissions` knows its IAM
    action, and the journal keeps it; what it changes is not known, so it cannot be undone.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: call, operation: ModifyVolume, with: {VolumeId: VolumeId}, params: {VolumeType: gp3}}",
    )

    operation: Annotated[str, Says("the operation, as AWS spells it")]
    service: Annotated[str, Says("the service, as botocore spells it; the type's own when not given")] = ""
    with_: Annotated[
        dict[str, Json], Says("parameter: path into the resource (JMESPath; `_arn` is its ARN)", key="with")
    ] = field(default_factory=dict)
    params: Annotated[dict[str, Json], Says("parameter: value")] = field(default_factory=dict)
    when: Annotated[str, Says("JMESPath that must hold of the resource, else it is left alone")] = ""

    def problems(
        self, *, type: ResourceType | None = None, provider: Provider | None = None, **_: Json
    ) -> Iterator[Problem]:
        """What AWS's model says against the call, and paths that are none."""
        if self.operation.startswith(READS):
            yield Problem("operation", f"'{self.operation}' changes nothing", "filters read; actions change")
        paths = [("with", path) for path in self.with_.values() if isinstance(path, str)]
        for key, path in [("when", self.when)] * bool(self.when) + paths:
            try:
                getter(path)
            except PathRejected as error:
                yield Problem(key, f"'{path}' is no path: {error}", "as in 'with: {VolumeId: VolumeId}'")
        for name in sorted(set(self.with_) & set(self.params)):
            yield Problem("params", f"'{name}' is given twice", "once, under 'with' or under 'params'")
        if type is not None and provider is not None:
            for each in provider.misfits(self.service or type.service, self.operation, self.params, set(self.with_)):
                yield Problem(each.option, each.text, each.hint)

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """The one operation."""
        return (self._made.operation,)

    @property
    def _made(self) -> Operate:
        operation = Operation(
            call=self.operation,
            service=self.service,
            with_=self.with_,
            when=self.when,
            options={"params": Option("object", to="*")},
            undo="none: what the call changes is not known",
            destructive=self.operation.startswith(DESTROYS),
        )
        return Operate("call", operation, {"params": self.params})

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Facets that its paths read."""
        return self._made.needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The same."""
        return self._made.must_know(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The call."""
        return self._made.change(view, setting)
