"""What does moto do again and again that could be done once? Remembered here, for a quick start.

None of it changes an answer. `Dispatcher` is for every server; `take` changes botocore and moto in the whole process,
so it is for the process that does nothing else than be the sandbox.
"""

from __future__ import annotations

import functools
import gzip
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from moto.core.loaders import Loader
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app


class Dispatcher(DomainDispatcherApplication):
    """Moto's dispatch by host, which tries two hundred patterns and lists a folder each time; a host's answer stays."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._known: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """The name of the part of moto that answers for a host name of AWS."""
        if host not in self._known:
            self._known[host] = super().get_backend_for_host(host)
        return self._known[host]


class OnceLoader:
    """Reads botocore's model files, each once: moto alone reads that of EC2 (3 MB) five times while it starts."""

    def exists(self, file_path: str) -> bool:
        """Is there a model at this path, written without its ending?"""
        return _file_of(file_path) is not None

    def load_file(self, file_path: str) -> Any:
        """The model at this path, written without its ending; None when there is none."""
        return _content_of(file_path)


@functools.cache
def _file_of(path: str) -> Path | None:
    return next((file for file in (Path(path + ".json"), Path(path + ".json.gz")) if file.is_file()), None)


@functools.cache
def _content_of(path: str) -> Any:
    file = _file_of(path)
    if file is None:
        return None
    data = file.read_bytes()
    return json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)


def take() -> None:
    """Take the shortcuts that concern the whole process; before moto's services are imported.

    All KMS keys of the account then share one pair for signing, which takes a noticeable part of a second to find.
    """
    botocore_loader: Any = Loader.__mro__[1]
    botocore_loader.FILE_LOADER_CLASS = OnceLoader
    for module, name in (("moto.core.utils", "create_loader"), ("moto.kms.models", "generate_private_key")):
        owner = import_module(module)
        setattr(owner, name, functools.cache(getattr(owner, name)))
