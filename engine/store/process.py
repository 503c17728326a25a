"""Is the process that writes a run still there? A process is known by its host, its number and its start time."""

from __future__ import annotations

import functools
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.plugin.journal import RunRecord

LEASE = timedelta(seconds=60)
"""How long a run counts as alive after its last sign, where its process cannot be looked at."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process: the host's boot and process namespace, its number, and its start time in the kernel's own units."""

    host: str
    pid: int
    born: str


def here() -> Process:
    """This process."""
    pid = os.getpid()
    return Process(_host(), pid, born(pid))


@functools.cache
def _host() -> str:
    """The boot of this machine and the namespace that process numbers belong to; the network card where unknown.

    Containers of one machine share its boot id, and each numbers its processes from 1: hence the namespace.
    Source: Linux man pages, proc_sys_kernel(5) `random/boot_id`, and pid_namespaces(7).
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return f"node {uuid.getnode():x}"


def born(pid: int) -> str:
    """When a process of this host started, in clock ticks since boot; empty where that cannot be read.

    Source:   Linux man page proc_pid_stat(5), field 22; the name in field 2 may hold spaces and brackets.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in ("Z", "X") else ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def alive(record: RunRecord, now: datetime | None = None) -> bool:
    """Whether a run that has not ended is still going on.

    On its own host the process decides: a process of the same number that started at another time is another one. On
    another host, and for runs of this very process, the lease decides.
    """
    if record.ended is not None or record.status != "running" or not record.host:
        return False
    leased = record.lease is not None and (now or datetime.now(UTC)) < record.lease
    me = here()
    if record.host != me.host:
        return leased
    if record.pid == 0:
        return False
    if record.pid == me.pid:
        return leased and record.born == me.born
    if record.born:
        return born(record.pid) == record.born
    return leased and _exists(record.pid)
