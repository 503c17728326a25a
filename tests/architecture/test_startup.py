"""A command imports only what it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

HEAVY = ("botocore", "boto3", "moto", "rich", "jsonschema", "hypothesis")


def imported(*command: str) -> set[str]:
    """Top-level packages that a command imports."""
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('\\nIMPORTED', *sorted({m.split('.')[0] for m in sys.modules})))\n"
        "from engine.cli.main import main\n"
        f"main({list(command)!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    line = next(ln for ln in done.stdout.splitlines() if ln.startswith("IMPORTED"))
    return set(line.split()[1:])


@pytest.mark.parametrize(
    ("command", "not_needed"),
    [
        (("version",), (*HEAVY, "yaml", "jmespath", "sqlite3")),
        (("--help",), (*HEAVY, "yaml", "jmespath")),
        (("validate", "policies/idle-ec2.yml"), (*HEAVY, "sqlite3")),
        (("explain", "policies/idle-ec2.yml"), (*HEAVY, "sqlite3")),
        (("permissions", "policies/idle-ec2.yml"), (*HEAVY, "sqlite3")),
    ],
)
def test_what_a_command_does_not_import(command: tuple[str, ...], not_needed: tuple[str, ...]) -> None:
    assert imported(*command) & set(not_needed) == set()


def test_importing_the_library_imports_nothing_else() -> None:
    code = "import sys, engine; print(sorted(m for m in sys.modules if m.startswith('engine')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['engine']"
