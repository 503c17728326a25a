"""Places in the text, as editors take them."""

from __future__ import annotations

import pytest

from engine.model.span import NOWHERE, Span


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span("p.yml", 14, 15, 21), "p.yml:14:15"),
        (Span("p.yml", 1, 1), "p.yml:1:1"),
        (Span("p.yml"), "p.yml"),
        (NOWHERE, "<policy>"),
    ],
)
def test_a_place(span: Span, expected: str) -> None:
    assert str(span) == expected


def test_places_sort_as_the_text_runs() -> None:
    spans = [Span("b.yml", 1, 1), Span("a.yml", 10, 1), Span("a.yml", 9, 20), Span("a.yml", 9, 3)]
    assert sorted(spans) == spans[::-1]
