"""The command `engine` as people run it: a process, what it prints, its exit code; and snapshots of that."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"

_CHANGING = (
    (r"\d{8}-\d{6}-[0-9a-f]{8}", "PLAN--------------------"),
    (r"\d{8}-\d{6}-[0-9a-f]{4}", "RUN-----------------"),
    (r"http://127\.0\.0\.1:\d+", "ENDPOINT"),
    (r'"pid": \d+', '"pid": PID'),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00| UTC)?", "TIME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME"),
    (r"\(\d+\.\d days ago\)", "(N days ago)"),
    (r"(CPUUtilization[^\n]{0,40}?)\d+\.\d+", r"\1N.N"),
    (r'("observed": )"\d+\.\d+"', r'\1"N.N"'),
    (r"\b\d+\.\d+\.\d+\b(?!\.)", "VERSION"),
    (r"\b(i|vol|eni|snap)-[0-9a-f]{17}\b", r"\1-ID---------------"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID--------------------------------"),
    (r"[ \t]+\n", "\n"),
)
"""What differs between two runs of the same: pattern, and what stands for it, as long as it, that columns stay."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def whole(self) -> str:
        """Everything it printed, and the code."""
        err = f"--- stderr\n{self.err}" if self.err else ""
        return f"{self.out}{err}--- exit {self.code}\n"


@dataclass
class Shell:
    """Where commands are run: the engine's home, and variables on top of none of AWS's."""

    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """The caller's without AWS's and the engine's own; no file of AWS's configuration is found."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ENGINE_", "COLUMNS", "FORCE_COLOR"))}
        none = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_RETRY_MODE": "standard",
            "AWS_MAX_ATTEMPTS": "1",
        }
        return {**kept, **none, "ENGINE_HOME": str(self.home), **self.variables, **more}

    def command(self, *arguments: str) -> list[str]:
        """The command line."""
        return [sys.executable, "-c", "from engine.cli.main import main; main()", *arguments]

    def engine(self, *arguments: str, **more: str) -> Done:
        """Run a command; `more` are variables of its environment."""
        done = subprocess.run(
            self.command(*arguments), cwd=ROOT, env=self.environment(more), capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)


def steady(text: str, *folders: Path) -> str:
    """A text without what differs from run to run."""
    for folder in folders:
        text = text.replace(str(folder), "FOLDER")
    for pattern, stand_in in _CHANGING:
        text = re.sub(pattern, stand_in, text)
    return text


def snapshot(name: str, text: str) -> None:
    """Hold a text against its file; with ENGINE_SNAPSHOTS=write, write the file instead."""
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("ENGINE_SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"{file.name} is missing: look at the text, then run with ENGINE_SNAPSHOTS=write\n{text}"
    assert text == file.read_text(encoding="utf-8")
