"""What the executor's tests share: a desk that closes its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .cloud import Cloud, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[[Cloud], Desk]]:
    """A desk for a cloud."""
    made: list[Desk] = []

    def sit(cloud: Cloud) -> Desk:
        made.append(Desk(cloud, tmp_path / f"desk-{len(made)}"))
        return made[-1]

    yield sit
    for each in made:
        each.journal.close()
