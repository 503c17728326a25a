"""Who is alive: a process that exists, is the same, or has a lease."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.plugin.journal import RunRecord
from engine.store.process import alive, born, here

from .suite import NOW, run

ME = here()
SOON, PAST = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


@pytest.fixture(scope="module")
def other() -> Iterator[int]:
    """Another live process."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    yield process.pid
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def gone() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def of(pid: int, born_: str, host: str = ME.host, lease: object = SOON, **more: object) -> RunRecord:
    """A run of a process."""
    return replace(run("r", pid=pid), host=host, born=born_, lease=lease, **more)  # type: ignore[arg-type]


def test_the_process_decides_on_its_own_host(other: int, gone: int) -> None:
    """Whatever the lease says."""
    assert alive(of(other, born(other), lease=PAST), NOW)
    assert not alive(of(gone, "123"), NOW)


def test_a_number_that_is_used_again_is_another_process(other: int) -> None:
    """It started at another time."""
    assert not alive(of(other, "1"), NOW)


def test_the_lease_decides_elsewhere(other: int) -> None:
    """Also where this host has a process of the same number."""
    assert alive(of(other, "1", host="elsewhere"), NOW)
    assert not alive(of(other, born(other), host="elsewhere", lease=PAST), NOW)


def test_the_lease_decides_for_runs_of_this_process() -> None:
    """One of them may have ended badly while the process goes on."""
    assert alive(of(ME.pid, ME.born), NOW)
    assert not alive(of(ME.pid, ME.born, lease=PAST), NOW)
    assert not alive(of(ME.pid, ME.born, lease=None), NOW)


def test_without_a_start_time_both_must_hold(other: int, gone: int) -> None:
    """Systems without /proc."""
    assert alive(of(other, ""), NOW)
    assert not alive(of(other, "", lease=PAST), NOW)
    assert not alive(of(gone, ""), NOW)


def test_what_has_ended_or_is_of_the_first_version_is_over(other: int) -> None:
    """Version 1 recorded no host."""
    assert not alive(of(other, born(other), ended=NOW), NOW)
    assert not alive(of(other, born(other), status="died"), NOW)
    assert not alive(of(other, born(other), host=""), NOW)


def test_a_zombie_has_no_start_time() -> None:
    """It makes no calls any more."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert born(process.pid) == ""
    process.wait()
    assert born(os.getpid()) == ME.born != ""
