"""Protect a resource by a web ACL of AWS WAF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._web_acls import AclChange
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True)
class SetWafv2(AclChange):
    """Protects the resource by a web ACL of AWS WAF, or (`state: false`) takes it off.

    An ACL of that name must exist in the region. Undo gives back the ACL that it had, or none.
    """

    WORD: ClassVar[str] = "set-wafv2"
    OPERATION: ClassVar[str] = "put-wafv2"
    JOIN: ClassVar[str] = "wafv2"
    ID: ClassVar[str] = "ARN"
    PATTERN: ClassVar[bool] = True
    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: set-wafv2, web-acl: edge}", "{type: set-wafv2, state: false}")

    web_acl: Annotated[str, Says("the ACL's name: a regular expression, from its start", key="web-acl")] = ""
