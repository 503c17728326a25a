"""How does a test get an account? `with sandbox(world) as account:`, in the test's own process.

Faster than a process of its own (about what building the world takes), fresh each time, and gone afterwards. Moto's
state is global, so two at once in one process would share their account: take one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.sandbox.account import DEFAULT_WORLD, Sandbox, sandbox_of
from engine.sandbox.server import AccountServer
from engine.sandbox.world import World, read_file


@contextmanager
def sandbox(world: World | Path = DEFAULT_WORLD) -> Iterator[Sandbox]:
    """An account built from a world, for as long as the block lasts.

    Raises:   WorldRejected for a file with problems.
    """
    source = world if isinstance(world, Path) else None
    server = AccountServer(read_file(world) if isinstance(world, Path) else world, source)
    server.start()
    try:
        yield sandbox_of(server.status)
    finally:
        server.close()
