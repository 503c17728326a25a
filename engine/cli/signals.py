"""How does a command end when somebody stops it? SIGINT, SIGTERM and SIGHUP: at a safe point, within two seconds.

The first signal is raised in the main thread as `Interrupted`, which unwinds as Ctrl-C does, and sets the events that
work looks at before it begins something new. A call that AWS does not answer keeps its thread, and so would keep the
process: a watcher waits `GRACE_S`, has the journal closed (what is under way is uncertain), and ends the process. A
second signal ends it at once: the journal was written before each change, so the next run finds what was under way.

The watcher hears of signals through a pipe that the interpreter writes to, not through the handler, which runs only
when the main thread does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from engine.model.errors import EngineError

GRACE_S = 1.4
CLOSING_S = 0.4
"""Together less than the two seconds after which whoever stops a process begins to wonder."""

_SHOW_CURSOR = b"\x1b[?25h"

Closer = Callable[[], str]
"""Closes what must be closed; gives a sentence about what was done so far, or an empty text."""


class Interrupted(KeyboardInterrupt):
    """A signal asks the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class _State:
    """The signal that has come, and what is to be told of it."""

    def __init__(self) -> None:
        self.number = 0
        self.raised = False
        self.lock = threading.Lock()
        self.events: list[threading.Event] = []
        self.closers: list[Closer] = []


_state = _State()


def exit_code(number: int) -> int:
    """What a shell expects of a process that a signal ended: 130, 143, 129."""
    return 128 + number


def received() -> int:
    """The number of the signal that has come, or 0."""
    return _state.number


@contextmanager
def stopping(stop: threading.Event, close: Closer | None = None) -> Iterator[None]:
    """Set an event at the first signal, and close something where the block does not end in time."""
    _state.events.append(stop)
    if close is not None:
        _state.closers.append(close)
    try:
        yield
    finally:
        with _state.lock:
            _state.events.remove(stop)
            if close in _state.closers:
                _state.closers.remove(close)


@contextmanager
def listening() -> Iterator[None]:
    """Handle the signals for the time of a command. Outside the main thread nothing is changed.

    A signal that the parent had ignored (nohup, a background job) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state.number, _state.raised = 0, False
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = {n: signal.getsignal(n) for n in _numbers() if signal.getsignal(n) is not signal.SIG_IGN}
    earlier = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in before:
        signal.signal(number, _raise)
    watcher = threading.Thread(target=_watch, args=(reading, _state), name="signals", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        if _state.number:
            _leave(_state)
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(earlier)
        os.close(writing)
        watcher.join()
        os.close(reading)


def _numbers() -> tuple[signal.Signals, ...]:
    return tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def _raise(number: int, frame: FrameType | None) -> None:
    """In the main thread, at the first signal; the second ends the process."""
    if _state.raised:
        _end(_state.number, flush=False)
    _state.number, _state.raised = number, True
    raise Interrupted(number)


def _watch(reading: int, state: _State) -> None:
    number = _next(reading)
    if not number:
        return
    state.number = number
    for event in tuple(state.events):
        event.set()
    last = threading.Thread(target=_end_at_second, args=(reading, number), name="second signal", daemon=True)
    last.start()
    last.join(GRACE_S)
    _leave(state)


def _next(reading: int) -> int:
    """The next signal's number; 0 when the command has ended."""
    with suppress(OSError):
        return next(iter(os.read(reading, 1)), 0)
    return 0


def _end_at_second(reading: int, number: int) -> None:
    if _next(reading):
        _end(number, flush=False)


def _leave(state: _State) -> None:
    """Close what is open, say so, and end. Takes at most CLOSING_S: a journal that another process locks must wait."""
    threading.Thread(target=_end_after, args=(CLOSING_S, state.number), name="end", daemon=True).start()
    with state.lock:
        told = [text for close in state.closers if (text := _closed(close))]
        state.closers.clear()
        from engine.cli.screen import note

        with suppress(OSError, ValueError):
            note("; ".join(["interrupted", *told]))
        _end(state.number)


def _closed(close: Closer) -> str:
    try:
        return close()
    except EngineError as error:
        return str(error)


def _end_after(seconds: float, number: int) -> None:
    threading.Event().wait(seconds)
    _end(number, flush=False)


def _end(number: int, *, flush: bool = True) -> None:
    """End without waiting for threads: those of a pool may wait a minute for an answer that nobody wants any more.

    The journal is on disk (or records the change under way as started, which the next run settles), so nothing that
    the interpreter would do at its end is missed, but flushing what was printed. That may wait for whoever reads a
    pipe, so it is left out where the time is up.
    """
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    for stream in (sys.stdout, sys.stderr) if flush else ():
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(exit_code(number))
