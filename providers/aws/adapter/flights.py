"""What all scans of a run share: complete results, made once a key. A failure is passed on, never kept.

Two scans that need the same listing at once must not each see the half of it that the other has filled in, and a
listing that was refused must not be remembered as one that found nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flights:
    """Results by key, thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: dict[Hashable, Future[Any]] = {}

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result; the first to come makes it, the others wait for it. What `make` raises is raised for all of them.

        A key whose `make` has failed is made again by whoever comes later.
        """
        mine: Future[T] = Future()
        with self._lock:
            future: Future[T] = self._results.setdefault(key, mine)
        if future is mine:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    del self._results[key]
                future.set_exception(error)
                raise
        return future.result()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._results.clear()


class Known:
    """What is known of some keys of one listing, in which others are looked up as they are needed; thread-safe.

    A key is known once the question about it has been answered completely: with its value, or with None for what
    does not exist. While one scan asks, others that ask the same wait.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Any, Any] = {}

    def of(self, keys: Iterable[K], ask: Callable[[list[K]], Mapping[K, V | None]]) -> dict[K, V | None]:
        """Key → value, None for what does not exist; keys for which `ask` gives no answer are left out, and not kept.

        Raises what `ask` raises; nothing of that question is kept then.
        """
        wanted = list(keys)
        with self._lock:
            if missing := [key for key in wanted if key not in self._values]:
                self._values.update(ask(missing))
            return {key: self._values[key] for key in wanted if key in self._values}
