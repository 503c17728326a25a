"""Everything printed passes through one module, where it is made safe for a terminal and freed of secrets."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import modules, name, tree

# Where something may be printed, and why.
PRINTS = {
    "engine/cli/screen.py": "the screen itself",
    "engine/lang/codes.py": "a page of the documentation, made by a developer",
    "engine/sandbox/serve.py": "the sandbox's log, which the command line quotes through the screen",
}
DEVELOPERS = ("providers/aws/derive/",)
ECHO = {"echo", "secho", "confirm", "prompt", "echo_via_pager"}


def prints(path: Path) -> list[str]:
    """Calls in a module that write to the terminal."""
    found = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        text = ast.unparse(node.func)
        of, _, last = text.rpartition(".")
        if (
            text == "print"
            or (of in ("click", "typer") and last in ECHO)
            or (last == "print" and of)
            or (last in ("write", "writelines") and of.startswith(("sys.stdout", "sys.stderr", "sys.__std")))
            or (text == "os.write" and ast.unparse(node.args[0]).startswith(("1", "2", "sys.std")) and node.args)
        ):
            found.append(f"{name(path)}:{node.lineno} {text}")
    return found


@pytest.mark.parametrize("path", modules(), ids=name)
def test_only_the_screen_prints(path: Path) -> None:
    where = name(path)
    if where in PRINTS or where.startswith(DEVELOPERS):
        return
    allowed = ["os.write"] if where == "engine/cli/signals.py" else []  # shows the cursor again, a fixed sequence
    assert [each for each in prints(path) if each.split()[-1] not in allowed] == []


def test_the_list_is_no_longer_than_needed() -> None:
    known = {name(path): path for path in modules()}
    assert [where for where in PRINTS if where not in known or not prints(known[where])] == []


@pytest.mark.parametrize(
    "text",
    ["print('a')", "click.echo(x)", "click.confirm(x)", "console.print(x)", "sys.stderr.write(x)", "sys.stdout.buffer.write(x)", "os.write(1, x)"],
)  # fmt: skip
def test_what_printing_is(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.test_printing.name", str)
    (tmp_path / "m.py").write_text(text)
    assert len(prints(tmp_path / "m.py")) == 1
