"""Protect a resource by a web ACL of AWS WAF Classic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._web_acls import AclChange
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True)
class SetWaf(AclChange):
    """Protects the resource by a web ACL of AWS WAF Classic, or (`state: false`) takes it off.

    An ACL of that name must exist in the region. Undo gives back the ACL that it had, or none.
    """

    WORD: ClassVar[str] = "set-waf"
    OPERATION: ClassVar[str] = "put-waf"
    JOIN: ClassVar[str] = "waf"
    ID: ClassVar[str] = "WebACLId"
    PATTERN: ClassVar[bool] = False
    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: set-waf, web-acl: edge}", "{type: set-waf, state: false}")

    web_acl: Annotated[str, Says("the ACL's name or id", key="web-acl")] = ""
