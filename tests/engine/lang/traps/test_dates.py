"""Ages and dates compared in ways that never hold."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of_filters

TRAPS = cases("""
{type: value, key: LaunchTime, value_type: age, value: 30}
    W309 without 'op' the age must be 30 days to the microsecond
         add 'op: gt' for what is older

{type: value, key: A, value_type: expiration, op: eq, value: 7}
    W309 without 'op' the expiration must be 7 days to the microsecond
         add 'op: lt' for what expires within

{type: value, key: A, value: 2026-11-21}
    W346 the date 2026-11-21 never equals a text
         add 'value_type: date' and an 'op', or put it in quotes if it is meant as text
""")

FINE = cases("""
{type: value, key: LaunchTime, value_type: age, op: gt, value: 30}

{type: value, key: A, value: '2026-11-21'}

{type: value, key: A, value: 2026-11-21, value_type: date, op: gt}
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected == []
