"""What do all kinds of things in a world share? A name, a place, an age and tags; and how they point at each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

if TYPE_CHECKING:
    from engine.sandbox.site import Site


@dataclass(frozen=True, slots=True)
class Names:
    """Marks a text as the name of another thing of the same world: `Annotated[str, Names("instances")]`."""

    section: str


@dataclass(frozen=True, slots=True)
class Region:
    """Marks a text as the code of an AWS region: `Annotated[str, Region()]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing of a world. The fields of a subclass are exactly the keys its entry in a world file may have."""

    called: ClassVar[str]
    """How messages speak of one: "an instance"."""

    everywhere: ClassVar[bool] = False
    """True for what has no region (IAM): it is built through us-east-1."""

    name: str
    region: Annotated[str, Region()] | None = None
    age: timedelta | None = None
    tags: dict[str, str] = field(default_factory=dict)

    def build(self, site: Site) -> None:
        """Make the thing through the API, then move its dates back by its age."""
        raise NotImplementedError

    def finish(self, site: Site) -> None:
        """Do what had to wait until everything else in the world stands; for most kinds nothing."""
