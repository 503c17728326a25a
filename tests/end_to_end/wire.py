"""An account in the test's own process that remembers every request: the calls as they arrive over HTTP."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from engine.sandbox.server import AccountServer
from engine.sandbox.server import _refusal as refusal

CONTROL = "/engine-sandbox/"
READS = ("Describe", "Get", "List", "Search", "GET ", "HEAD ")


class Wire(AccountServer):
    """A sandbox whose `calls` are `service:Operation`, or `service:METHOD /path` for services that speak REST.

    Those that are `denied` are refused.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.calls: list[str] = []
        self.denied: set[str] = set()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Note the call, then answer."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(CONTROL):
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = io.BytesIO(body)
            self.calls.append(_named(environ, path, body))
            if self.calls[-1] in self.denied:
                return refusal(environ, start_response, "403 Forbidden", "AccessDenied", "not you")
        return super().__call__(environ, start_response)

    @property
    def writes(self) -> dict[str, int]:
        """The calls that are no reads, counted."""
        return dict(Counter(each for each in self.calls if not each.partition(":")[2].startswith(READS)))


def _named(environ: Any, path: str, body: bytes) -> str:
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    service = scope[1] if scope else "unsigned"
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return f"{service}:{target.rpartition('.')[2]}"
    form = parse_qs(body.decode("utf-8", "replace")) if b"Action=" in body else {}
    query = f"?{text}" if (text := environ.get("QUERY_STRING")) else ""
    return f"{service}:{form['Action'][0]}" if form else f"{service}:{environ['REQUEST_METHOD']} {path}{query}"
