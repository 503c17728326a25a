"""No file becomes a drawer, no function a chapter."""

from __future__ import annotations

import statistics

from tests.architecture.sources import ROOT, functions, modules, name

FILE_LINES = 400
FUNCTION_LINES = 60
NINE_IN_TEN = 30


def test_files_stay_under_400_lines() -> None:
    long = {name(p): n for p in modules() if (n := len(p.read_text(encoding="utf-8").splitlines())) > FILE_LINES}
    assert long == {}


def test_functions_stay_under_60_lines() -> None:
    long = {
        f"{name(p)}:{f.name}": f.end_lineno - f.lineno + 1
        for p in modules()
        for f in functions(p)
        if f.end_lineno is not None and f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted((f.end_lineno or 0) - f.lineno + 1 for p in modules() for f in functions(p))
    assert statistics.quantiles(lengths, n=10)[-1] <= NINE_IN_TEN


def test_the_readme_can_be_read() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 300
