"""What the tests of the commands share: an account in this process, and a fresh home and folder for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.sandbox.account import Sandbox
from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text

from .here import WORLD, Here, lead


@pytest.fixture(scope="package")
def account() -> Iterator[Sandbox]:
    """The account, built once: tests that change it put it back."""
    with sandbox(read_text(WORLD)) as made:
        yield made


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, a home that is not the machine's; nothing of AWS's configuration."""
    for name in [each for each in os.environ if each.startswith(("AWS_", "ENGINE_"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("ENGINE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def here(account: Sandbox, alone: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Here]:
    """The commands with the account."""
    lead(account, alone / "home")
    made = Here(account, alone, capsys)
    yield made
    made.clear()
