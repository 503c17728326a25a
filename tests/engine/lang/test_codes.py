"""Every diagnostic has one code, a meaning, a place on the page, and a test of its exact text."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from engine.lang import codes as room
from engine.lang.codes import _modules, codes, page
from engine.model.diagnostic import Message

ROOT = Path(__file__).parents[3]
TABLES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "engine" / "lang").rglob("test_*.py"))


def test_codes_are_unique() -> None:
    templates: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, Message):
                templates[value.code].add((name, value.text))
    assert [found for found in templates.values() if len(found) > 1] == []


def test_meanings_are_complete() -> None:
    meanings = tomllib.loads((Path(room.__file__).parent / "codes.toml").read_text(encoding="utf-8"))
    assert set(meanings) == set(codes())
    assert all(text.endswith(".") for text in meanings.values())


def test_severity_follows_the_letter() -> None:
    assert {code: c.severity.value for code, c in codes().items()} == {
        code: "warning" if code.startswith("W") else "error" for code in codes()
    }
    assert all(re.fullmatch(r"[PCW]\d{3}", code) for code in codes())


@pytest.mark.parametrize("code", codes())
def test_covered_by_an_exact_text(code: str) -> None:
    assert re.search(rf'^    {code} |\("{code}", |"{code} ', TABLES, re.MULTILINE)


def test_page_is_fresh() -> None:
    assert (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8") == page(), (
        "make it anew: python -m engine.lang.codes > docs/diagnostics.md"
    )
