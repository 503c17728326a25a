"""Paths that give a list."""

from __future__ import annotations

import pytest

from engine.lang.traps.paths import gives_list
from tests.engine.lang.told import Told, cases, of_filters

TRAPS = cases("""
'SecurityGroups[].GroupId': sg-1
    W328 'SecurityGroups[].GroupId' gives a list, which is never equal to 'sg-1'
         'op: contains' finds 'sg-1' among its elements

{type: value, key: 'SecurityGroups[*].GroupId', op: in, value: [sg-1, sg-2]}
    W328 'SecurityGroups[*].GroupId' gives a list, which is never an element of a list
         'op: intersect' finds those that have any of them

{type: value, key: 'SecurityGroups[].GroupId', op: not-in, value: [sg-1]}
    W328 'SecurityGroups[].GroupId' gives a list, which is never an element of a list
         'op: intersect' finds those that have any of them, within 'not'

{type: value, key: 'SecurityGroups[].GroupName', op: regex, value: ^x}
    W328 'SecurityGroups[].GroupName' gives a list, which is never matched by a pattern
         take one element: 'SecurityGroups[].GroupName | [0]', or use list-item

{type: value, key: 'A[].B', op: gt, value: 5}
    W328 'A[].B' gives a list, which is never 'gt' a single value
         compare 'length(A[].B)', or the greatest: 'max(A[].B)'

{type: value, key: "Tags[?Key=='a'].Value", value: x}
    W328 'Tags[?Key=='a'].Value' gives a list, which is never equal to 'x'
         'op: contains' finds 'x' among its elements

"Tags[?Key=='a']": absent
    W329 'Tags[?Key=='a']' gives an empty list where nothing is found, and that is not absent
         write 'empty'

"Tags[?Key=='a']": present
    W329 'Tags[?Key=='a']' gives an empty list where nothing is found, and that is present all the same
         write 'not-null'

'[A, B]': x
    W328 '[A, B]' gives a list, which is never equal to 'x'
         'op: contains' finds 'x' among its elements
""")

FINE = cases("""
'SecurityGroups[0].GroupId': sg-1

{type: value, key: 'SecurityGroups[].GroupId', op: contains, value: sg-1}

{type: value, key: 'SecurityGroups[].GroupId', op: intersect, value: [sg-1]}

{type: value, key: 'SecurityGroups[].GroupId | [0]', value: sg-1}

{type: value, key: "length(Tags[?Key=='a'])", value: 0}

{type: value, key: 'SecurityGroups[].GroupId', value_type: swap, op: in, value: sg-1}

{type: value, key: 'SecurityGroups[].GroupId', value: []}

'A[].B': empty

{type: value, key: 'A[].B', value_type: size, value: 2}

'tag:a[b]': x
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", False), ("a[]", True), ("a[*].b[0]", True), ("a[].b | [0]", False), ("a[] | [*]", True), ("a[1:2]", True),
     ("(a[].b)[0]", False), ("a[] || b[]", True), ("a[] || b", False), ("length(a[])", False), ("a[", False)],
)  # fmt: skip
def test_gives_list(path: str, expected: bool) -> None:
    assert gives_list(path) is expected
