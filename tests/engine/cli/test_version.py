"""`engine version`"""

from __future__ import annotations

import json

from click.testing import CliRunner

from engine import __version__
from engine.cli.version import command


def test_text_and_json() -> None:
    assert CliRunner().invoke(command).output == f"{__version__}\n"
    assert json.loads(CliRunner().invoke(command, ["--format", "json"]).output) == {"version": __version__}
