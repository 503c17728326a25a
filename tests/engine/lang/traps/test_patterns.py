"""Patterns that match elsewhere than their author thought."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of_filters

TRAPS = cases("""
{type: value, key: A, op: regex, value: prod}
    W310 regex 'prod' is matched at the start only
         write '.*prod' to find it anywhere, '^prod' to show that the start is meant

{type: value, key: A, op: regex-case, value: prod$}
    W311 regex 'prod$' must match from the start: only the whole text passes
         write '.*prod$' for what ends so, '^prod$' to show that the whole is meant

{type: value, key: A, op: regex, value: '.*prod'}
    W312 regex '.*prod' may end anywhere: it finds 'prod' in the middle too
         write '.*prod$' for what ends so, '.*prod.*' to show that it may go on

{type: value, key: 'tag:Name', op: glob, value: '*Prod*'}
    W313 glob '*Prod*' tells upper from lower case
         for any case: add 'value_type: normalize' and write '*prod*'
""")

FINE = cases("""
{type: value, key: A, op: regex, value: ^prod}

{type: value, key: A, op: regex, value: '.*prod$'}

{type: value, key: A, op: regex, value: '.*prod.*'}

{type: value, key: A, op: regex, value: '^(a|b)$'}

{type: value, key: InstanceType, op: glob, value: 'M5*'}

{type: value, key: 'tag:Name', op: glob, value: '*prod*'}

{type: value, key: 'tag:Name', op: glob, value: '*prod*', value_type: normalize}
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected == []
