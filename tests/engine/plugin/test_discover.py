"""Entry points, read as they lie on the path; asked for where nothing lies there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.plugin import discover
from engine.plugin.discover import catalog

OTHERS = """
[console_scripts]
engine.filters = not:this

[engine.filters]
# acme = commented.out
acme =  acme.filters

[engine.providers]
other = acme:PROVIDER
[engine.nothing]
x = y
"""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing found is remembered, before or after."""
    monkeypatch.setattr(discover, "catalog", discover.catalog.__wrapped__)
    return monkeypatch


def package(folder: Path, name: str, text: str | bytes) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "entry_points.txt").write_bytes(text if isinstance(text, bytes) else text.encode())


def test_ours_is_there_and_comes_first() -> None:
    found = catalog()
    assert found.filters.packages[0] == "engine.filters"
    assert found.actions.packages[0] == "actions"
    assert "ec2" in found.provider.words()


def test_a_third_partys_package(fresh: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package(tmp_path, "acme-1.0.dist-info", OTHERS)
    fresh.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert discover.catalog().filters.packages == ("engine.filters", "acme.filters")


@pytest.mark.parametrize("text", [b"\xff[engine.filters]\nx = y\n", b"", b"[engine.filters]\nno equals sign\n"])
def test_what_cannot_be_read_is_passed_over(text: bytes, fresh: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package(tmp_path, "broken-1.0.egg-info", text)
    (tmp_path / "empty-1.0.dist-info").mkdir()
    fresh.setattr(sys, "path", [str(tmp_path), str(tmp_path / "nowhere"), *sys.path])
    assert discover.catalog().filters.packages == ("engine.filters",)


def test_where_nothing_lies_on_the_path_it_is_asked(fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr(discover, "_lying", lambda: iter(()))
    assert discover.catalog().filters.packages == ("engine.filters",)
    assert discover.catalog().actions.packages == ("actions",)


def test_what_lies_and_what_is_asked_agree() -> None:
    assert set(discover._lying()) == set(discover._told())
