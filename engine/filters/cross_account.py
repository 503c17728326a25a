"""Is the resource open to other accounts?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _compare, _texts
from engine.filters._options import NOT_GIVEN, Reader, ValueFrom, needs_of, reader
from engine.filters._policies import Trusted, listed, statements_of, violates
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided, unknown
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.patterns import Pattern, compiled
from engine.plugin.protocols import Missing, Setting, View

EVERYONE = "all"


@dataclass(frozen=True, slots=True)
class CrossAccount:
    """Passes when the resource's policy (or its list of accounts) lets in somebody who is not of its own account.

    A statement counts unless all its principals are of the account or whitelisted, or are AWS services; or its
    conditions leave only whitelisted accounts, organizations, networks. A condition key that is not known here leaves
    it counted: name it in `whitelist_conditions` where it is enough.
    """

    ACCOUNT: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "cross-account",
        "{type: cross-account, whitelist: ['123456789012'], whitelist_orgids: [o-abcd1234]}",
        "{type: cross-account, everyone_only: true}",
    )

    whitelist: Annotated[tuple[str, ...], Says("account ids that may")] = ()
    whitelist_from: Annotated[ValueFrom, Says("account ids from a document")] = NOT_GIVEN
    whitelist_orgids: Annotated[tuple[str, ...], Says("organizations whose accounts may")] = ()
    whitelist_orgids_from: Annotated[ValueFrom, Says("organizations from a document")] = NOT_GIVEN
    whitelist_org_units: Annotated[tuple[str, ...], Says("organization paths whose accounts may, whole")] = ()
    whitelist_org_units_from: Annotated[ValueFrom, Says("organization paths from a document")] = NOT_GIVEN
    whitelist_vpc: Annotated[tuple[str, ...], Says("VPCs from which anybody may")] = ()
    whitelist_vpc_from: Annotated[ValueFrom, Says("VPCs from a document")] = NOT_GIVEN
    whitelist_vpce: Annotated[tuple[str, ...], Says("VPC endpoints through which anybody may")] = ()
    whitelist_vpce_from: Annotated[ValueFrom, Says("VPC endpoints from a document")] = NOT_GIVEN
    whitelist_patterns: Annotated[tuple[str, ...], Says("patterns of principals' ARNs, from their start")] = ()
    whitelist_patterns_from: Annotated[ValueFrom, Says("patterns from a document")] = NOT_GIVEN
    whitelist_endpoints: Annotated[tuple[str, ...], Says("ends of the endpoints that may subscribe (SNS)")] = ()
    whitelist_endpoints_from: Annotated[ValueFrom, Says("ends of endpoints from a document")] = NOT_GIVEN
    whitelist_protocols: Annotated[tuple[str, ...], Says("protocols by which anybody may subscribe (SNS)")] = ()
    whitelist_protocols_from: Annotated[ValueFrom, Says("protocols from a document")] = NOT_GIVEN
    whitelist_conditions: Annotated[tuple[str, ...], Says("condition keys that are enough, whatever they say")] = (
        "aws:userid",
        "aws:username",
    )
    actions: Annotated[tuple[str, ...], Says("only statements about these actions")] = ()
    everyone_only: Annotated[bool, Says("only what is open to everyone")] = False
    return_allowed: Annotated[bool, Says("find those with a statement that is in order instead")] = False
    of: Annotated[str, Says("JMESPath to the policy", key="-of")] = ""
    shared: Annotated[str, Says("JMESPath to the accounts it is shared with, `all` for everyone", key="-shared")] = ""
    options: Annotated[dict[str, Json] | None, Says("what the path sees as _options", key="-options")] = None
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self._path))

    @property
    def _path(self) -> str:
        return bound(self.of or self.shared, self.options or {})

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The policy, and the documents that lists come from."""
        documents = [getattr(self, f"{name}_from") for name in _LISTS]
        return needs_of(self._path, type) | {each.need for each in documents if each is not None}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when a stranger is let in (or a statement is in order, for `return_allowed`)."""
        return decided(bool(self._found(view, setting)))

    @property
    def finds(self) -> str:
        """Statements, or the accounts that it is shared with."""
        return "accounts" if self.shared else "statements"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The statements (or accounts) that let strangers in."""
        return self._found(view, setting)

    def _found(self, view: View, setting: Setting) -> list[Json]:
        trusted = self._trusted(view, setting)
        value = self._read(view.attributes)
        if self.shared:
            accounts = [str(each) for each in listed(value)]
            strange = [a for a in accounts if (a == EVERYONE if self.everyone_only else a not in trusted.accounts)]
            return [a for a in accounts if a not in strange] if self.return_allowed else list(strange)
        return [s for s in statements_of(value) if violates(s, trusted) is not self.return_allowed]

    def _trusted(self, view: View, setting: Setting) -> Trusted:
        return Trusted(
            accounts=self._list("whitelist", view) | {setting.scope.account},
            organizations=self._list("whitelist_orgids", view),
            units=self._list("whitelist_org_units", view),
            vpcs=self._list("whitelist_vpc", view),
            endpoints=self._list("whitelist_vpce", view),
            subscribers=self._list("whitelist_endpoints", view),
            protocols=self._list("whitelist_protocols", view),
            patterns=tuple(_pattern(each) for each in sorted(self._list("whitelist_patterns", view))),
            conditions=frozenset(key.lower() for key in self.whitelist_conditions),
            everyone_only=self.everyone_only,
            actions=self.actions,
        )

    def _list(self, name: str, view: View) -> frozenset[str]:
        document = getattr(self, f"{name}_from")
        more = listed(view.fact(document.need)) if document is not None else []
        return frozenset(getattr(self, name)) | {str(each) for each in more}

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The statements, by their ids, or the accounts."""
        found = self._found(view, setting)
        named = [str(s.get("Sid") or _texts.short(s.get("Principal"))) if not self.shared else str(s) for s in found]
        asked = "everyone" if self.everyone_only else "somebody of another account"
        return Evidence(
            filter="allowed statements" if self.return_allowed else f"open to {asked}",
            verdict=self.judge(view, setting),
            expected="one such statement" if not self.shared else "one such account",
            observed=_texts.short(", ".join(named)) or "none",
            source=_texts.source(self.of or self.shared, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Patterns that can be used, something to look at."""
        if not self.of and not self.shared:
            yield Problem("-of", "the record names no policy")
        for pattern in self.whitelist_patterns:
            if text := _compare.problem_of_regex(pattern):
                yield Problem("whitelist_patterns", f"'{pattern}' is no pattern: {text}")


_LISTS = (
    "whitelist",
    "whitelist_orgids",
    "whitelist_org_units",
    "whitelist_vpc",
    "whitelist_vpce",
    "whitelist_patterns",
    "whitelist_endpoints",
    "whitelist_protocols",
)


def _pattern(text: str) -> Pattern:
    """A pattern, perhaps of a document. Raises Missing, unknown, for what is none: it may trust anybody."""
    try:
        return compiled(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise Missing(unknown(f"'{text}' is not a valid pattern: {error}")) from error
