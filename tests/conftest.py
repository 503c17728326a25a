"""What all tests share: the SDK's model files are read once, not by every client of every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.loaders import Loader


@pytest.fixture(autouse=True, scope="session")
def models_are_read_once() -> Iterator[None]:
    """EC2's model alone is 3 MB of JSON, a tenth of a second each time."""
    from engine.sandbox.shortcuts import OnceLoader

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loader, "FILE_LOADER_CLASS", OnceLoader)
        yield
