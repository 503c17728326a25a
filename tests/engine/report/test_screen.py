"""Plain text: what pipes and files get."""

from __future__ import annotations

import io

from engine.report.screen import Plain, text_of


def test_a_part_without_its_style() -> None:
    assert [text_of(part) for part in ("plain", ("bold", "styled"))] == ["plain", "styled"]


def test_lines_have_no_styles_and_no_trailing_space() -> None:
    stream = io.StringIO()
    screen = Plain(stream)
    screen.line(("bold", "idle"), "  ec2: 1 matched  ")
    screen.line()
    assert stream.getvalue() == "idle  ec2: 1 matched\n\n"


def test_a_table_has_a_line_a_row_however_long() -> None:
    stream = io.StringIO()
    rows = [("i-1", ("green", "done"), "x" * 200), ("i-22222", "failed", "two\nlines")]
    Plain(stream).table(("id", "outcome", "what"), rows, folded=("what",))
    assert stream.getvalue().splitlines() == [
        "  id       outcome  what",
        f"  i-1      done     {'x' * 200}",
        "  i-22222  failed   two\\nlines",
    ]
