"""Tags are text."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of_filters

TRAPS = cases("""
'tag:Keep': true
    W340 a tag's value is text: true never equals it
         write "true"

'tag:Count': 5
    W340 a tag's value is text: 5 never equals it
         put it in quotes: '5'

{type: value, key: 'tag:N', op: in, value: [1, a]}
    W340 a tag's value is text: 1 never equals it
         put it in quotes: '1'

{type: value, key: 'tag:N', op: gt, value: 5}
    W345 a tag's value is text: 'gt' with 5 never holds
         add 'value_type: integer'
""")

FINE = cases("""
'tag:Keep': 'true'

'tag:Keep': present

{type: value, key: 'tag:N', value_type: integer, op: gt, value: 5}

{type: value, key: 'tag:N', value_type: age, op: gt, value: 5}

Encrypted: true
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected == []
