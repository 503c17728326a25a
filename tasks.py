"""What a developer, a newcomer and CI run: each task makes the virtual environment it needs.

    python3 tasks.py demo        find, tag and stop idle instances in the sandbox
    python3 tasks.py test        every test
    python3 tasks.py check       lint, types, import contracts, tests: what CI runs
    python3 tasks.py derive      the derived layer of resource types, anew from the installed SDK's models
    python3 tasks.py drift       what the newest SDK would add to it, take from it and change in it
    python3 tasks.py contract    the plans' HTTP calls against moto and an independent emulator
    python3 tasks.py campaign    faults on the wire against every filter of every curated type, for hours (--most N)

Standard library only; Python 3.11 or newer. The environment is `.venv` beside this file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def run(*command: str | Path) -> None:
    """Run a command in this folder; end with its exit code when it fails."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def environment(extra: str) -> None:
    """Make `.venv` with the project and one of its extras, unless it is there for this very pyproject.toml."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest() + " " + extra
    stamp = VENV / f"installed-{extra}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    install(f".[{extra}]")
    stamp.write_text(wanted, encoding="utf-8")


def install(what: str) -> None:
    """Install through uv, which takes seconds where pip takes minutes; with pip where uv cannot be had."""
    python = str(BIN / "python")
    if subprocess.run([python, "-m", "pip", "install", "-q", "uv"], cwd=ROOT, check=False).returncode == 0:
        run(python, "-m", "uv", "pip", "install", "-q", "--python", python, "--compile-bytecode", "-e", what)
    else:
        run(python, "-m", "pip", "install", "-q", "-e", what)


def demo() -> None:
    """The main job, in the sandbox."""
    environment("sandbox")
    run(BIN / "engine", "run", "--sandbox", "policies/idle-ec2.yml")
    print(f"\nThat account lives on for 30 idle minutes. Next, with {(BIN / 'engine').relative_to(ROOT)}:")
    print("  engine runs last · engine undo last · engine run --sandbox policies --dry-run · engine sandbox")


def test() -> None:
    """Every test that needs no network and no credentials; further arguments go to pytest."""
    environment("dev")
    run(BIN / "python", "-m", "pytest", *sys.argv[2:])


def lint() -> None:
    """Style, formatting and the import contracts."""
    environment("dev")
    run(BIN / "ruff", "check", ".")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "lint-imports")


def types() -> None:
    """Strict types."""
    environment("dev")
    run(BIN / "mypy")


def check() -> None:
    """What CI runs."""
    lint()
    types()
    test()


def derive() -> None:
    """Make `providers/aws/derived` anew, the attributes of the curated types, and the IAM names that tests pin."""
    environment("dev")
    run(BIN / "python", "-m", "providers.aws.derive")
    run(BIN / "python", "-m", "providers.aws.known_attributes")
    run(BIN / "python", "-m", "tests.conformance.records.iam_names")


def drift() -> None:
    """Derive from the newest botocore that pip finds, in an environment of its own, and tell the differences."""
    environment("dev")
    with tempfile.TemporaryDirectory() as folder:
        newest = Path(folder) / "venv"
        venv.create(newest, with_pip=True)
        python = newest / BIN.name / "python"
        run(python, "-m", "pip", "install", "-q", f"{ROOT}[derive]")
        run(python, "-m", "pip", "install", "-q", "--upgrade", "botocore", "boto3")
        run(python, "-m", "providers.aws.derive", Path(folder) / "derived")
        run(BIN / "python", "-m", "providers.aws.derive.drift", Path(folder) / "derived")


def contract() -> None:
    """The plans' calls over HTTP, on moto's server and on an emulator that shares no code with it."""
    environment("dev")
    other = ROOT / ".venv-ministack"
    if not (other / "bin" / "ministack").exists():  # it pins botocore exactly, so it gets an environment of its own
        venv.create(other, with_pip=True)
        run(other / "bin" / "python", "-m", "pip", "install", "-q", "ministack==1.5.33", "boto3")
    run(BIN / "python", "-m", "pytest", "-m", "contract", "tests/contract", *sys.argv[2:])


def campaign() -> None:
    """The whole campaign against reading; further arguments are types, or options of `tests.campaign.reads`."""
    environment("dev")
    run(BIN / "python", "-m", "tests.campaign.reads", *sys.argv[2:])


TASKS: dict[str, Callable[[], None]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "types": types,
    "check": check,
    "derive": derive,
    "drift": drift,
    "contract": contract,
    "campaign": campaign,
}


def main() -> None:
    """Run the task named first."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TASKS:
        print(__doc__)
        sys.exit(0 if name in ("", "-h", "--help") else 2)
    TASKS[name]()


if __name__ == "__main__":
    main()
