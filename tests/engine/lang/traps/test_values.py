"""Comparisons that a missing value passes, and values that nothing can equal."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of, of_filters

TRAPS = cases("""
{type: value, key: 'tag:Env', op: ne, value: prod}
    W306 'ne' also finds what has no tag 'Env'
         if those are not meant, add '- "tag:Env": present' before it

{type: value, key: 'tag:Env', op: not-in, value: [a, b]}
    W306 'not-in' also finds what has no tag 'Env'
         if those are not meant, add '- "tag:Env": present' before it

{type: value, key: 'tag:Env', op: ni, value_from: {url: 's3://b/k.json'}}
    W306 'not-in' also finds what has no tag 'Env'
         if those are not meant, add '- "tag:Env": present' before it

{type: value, key: LaunchTime, value_type: age, op: ne, value: 5}
    W306 'ne' also finds what has no 'LaunchTime'
         if those are not meant, add '- LaunchTime: present' before it

not: [{type: value, key: LaunchTime, value_type: age, op: gt, value: 30}]
    W336 'not' with 'gt' also finds what has no 'LaunchTime'
         write 'op: le' without 'not', or add '- LaunchTime: present' before it

{type: value, key: 'tag:Days', value_type: integer, op: lt, value: 5}
    W308 a missing tag 'Days' is read as 0, which passes '< 5'
         if those are not meant, add '- "tag:Days": present' before it

{type: value, key: A, value_type: integer, value: 0}
    W308 a missing 'A' is read as 0, which passes 'equal to 0'
         if those are not meant, add '- A: present' before it

{type: value, key: A, value_type: float, op: lte, value: 0}
    W308 a missing 'A' is read as 0, which passes '<= 0'
         if those are not meant, add '- A: present' before it

{type: value, key: A, value_type: integer, value: present}
    W308 a missing 'A' is read as 0, which passes 'present'
         leave value_type out

not: [{type: value, key: A, value_type: integer, op: gt, value: 5}]
    W308 a missing 'A' is read as 0, which passes 'not > 5'
         if those are not meant, add '- A: present' before it

ImageId: [a, b]
    W341 'ImageId' is compared with the whole list at once
         to find any of them: {type: value, key: 'ImageId', op: in, value: [a, b]}

{type: value, key: ImageId, op: in, value: ami-1}
    W342 'in' with the text 'ami-1' finds parts of that text
         give a list: [ami-1]

{type: value, key: 'tag:Env', value_type: normalize, value: Prod}
    W343 'Prod' never matches: normalize lowers only the resource's value
         write 'prod'

{type: value, key: A, op: gt, value: '10'}
    W344 'gt' with the text '10' compares letter by letter
         write 'value: 10'

{type: value, key: 'tag:N', op: gt, value: '10'}
    W344 'gt' with the text '10' compares letter by letter
         write 'value: 10' and 'value_type: integer'

{type: list-item, key: A, attrs: [{type: value, key: B, op: in, value: x}]}
    W342 'in' with the text 'x' finds parts of that text
         give a list: [x]
""")

FINE = cases("""
not: [{type: value, key: 'tag:Env', op: not-equal, value: prod}]

{type: value, key: State.Name, op: ne, value: running}

{type: value, key: 'tag:Env', op: ne, value: ''}

{type: value, key: 'tag:Env', op: eq, value: prod}

{type: value, key: 'tag:Days', value_type: integer, op: gt, value: 5}

{type: value, key: A, value_type: size, op: lt, value: 5}

{type: value, key: A, op: gt, value: 10}

{type: value, key: ImageId, op: in, value: [a]}

A: []

{type: value, key: A, op: gt, value: '1.9', value_type: version}

{type: value, key: 'tag:Env', value_type: normalize, value: prod}
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected == []


def test_no_word_where_another_filter_speaks_of_the_key() -> None:
    negative = "{type: value, key: 'tag:Env', op: ne, value: prod}"
    assert of_filters("'tag:Env': present", negative) == []
    assert of_filters("or: [{'tag:Env': absent}, " + negative + "]") == []
    assert [code for code, _, _ in of_filters("'tag:Other': present", negative)] == ["W306"]


def test_guards_and_conditions_count() -> None:
    assert [code for code, _, _ in of("guard: [{type: value, key: A, op: gt, value: '10'}]")] == ["W344"]
