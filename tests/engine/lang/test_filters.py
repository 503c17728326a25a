"""Filters: what is said, word for word."""

from __future__ import annotations

import pytest

from .told import Told, cases, of, of_filters

FILTERS = cases("""
5
    C220 a filter is a word, a mapping with 'type', or one 'key: value', not 5
         as in '- State.Name: running'

{}
    C222 a filter with 0 keys needs 'type'
         write one 'key: value' a filter, or 'type: value' with 'key' and 'value'

{a: 1, b: 2}
    C222 a filter with 2 keys needs 'type'
         write one 'key: value' a filter, or 'type: value' with 'key' and 'value'

{type: 5}
    C220 a filter is a word, a mapping with 'type', or one 'key: value', not a mapping whose 'type' is 5
         all filters: engine schema ec2

metric
    C201 unknown filter 'metric' for ec2
         did you mean 'metrics'?

{type: ephemral}
    C201 unknown filter 'ephemral' for ec2
         did you mean 'ephemeral'?

age
    C201 unknown filter 'age' for ec2
         did you mean 'image'?

{and: x}
    C221 'and' is the string 'x', not a list of filters
         begin each filter with '- '

{or: {a: 1}}
    C221 'or' is a mapping, not a list of filters
         begin each filter with '- '

{not: [metric]}
    C201 unknown filter 'metric' for ec2
         did you mean 'metrics'?

{State: {Name: x}}
    C223 'State' is compared with a mapping
         write 'type: value' with 'key', 'op' and 'value'

{type: list-item, key: A, attrs: [{State: {Name: x}}]}

{type: list-item, key: A, attrs: [ephemeral]}
    C215 filter 'list-item': 'ephemeral' cannot be in attrs
         only value filters and and/or/not of them can

{type: value, key: a}
    C215 filter 'value': needs 'value', 'value_from' or 'value_path'

{type: value, key: '(((', value: 1}
    C215 filter 'value': '(((' is no path: Invalid jmespath expression: Incomplete expression:
         names with other than letters need quotes: a."b-c"

{type: value, key: a, op: eqq, value: 1}
    C213 'op' of filter 'value' cannot be the string 'eqq'
         did you mean 'eq'?

{type: metrics, name: x, value: 5, days: 500}
    C214 'days' of filter 'metrics' is 500, not at most 455
         the window, ending now; at most 455, as CloudWatch keeps

{type: metrics, name: 5, vlue: 5}
    C211 filter 'metrics' needs 'value'
         what to compare each datapoint with, in the metric's own unit
    C212 'name' of filter 'metrics' is 5, not a string
         the metric's name as CloudWatch spells it
    C210 unknown option 'vlue' of filter 'metrics'
         did you mean 'value'?

{type: reduce, order: up}
    C213 'order' of filter 'reduce' cannot be the string 'up'
         expected one of: asc, desc, reverse, randomize

{type: image-age, key: x}
    C210 unknown option 'key' of filter 'image-age'
         options are: days, op

{type: ephemeral, state: maybe}
    C210 unknown option 'state' of filter 'ephemeral'
         it takes none
""")

RIGHT = cases("""
ephemeral

{type: ephemeral}

State.Name: running

{and: []}

{not: [{a: 1}]}

{type: list-item, key: A, attrs: [{or: [{a: 1}, {b: {c: 1}}]}]}

{type: security-group, key: GroupName, value: default}

{type: instance-age, days: 5}

a:

a: []
""")


@pytest.mark.parametrize(("given", "expected"), FILTERS)
def test_wrong(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected


@pytest.mark.parametrize(("given", "expected"), RIGHT)
def test_right(given: str, expected: list[Told]) -> None:
    assert of_filters(given) == expected


def test_lists() -> None:
    assert of("filters: 5") == [("C221", "'filters' is 5, not a list of filters", "begin each filter with '- '")]
    assert of("filters:") == []


def test_required_option_of_a_record() -> None:
    assert of_filters("{type: bucket-logging}", resource="s3")[0][:2] == ("C211", "filter 'bucket-logging' needs 'op'")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{type: ssl-policy, whitelist: [a]}", []),
        ("{type: ssl-policy}", ["filter 'ssl-policy': give 'whitelist' or 'blacklist'"]),
        (
            "{type: ssl-policy, whitelist: [a], blacklist: [b]}",
            ["filter 'ssl-policy': give 'whitelist' or 'blacklist', not both"],
        ),
        ("ssl-policy", ["filter 'ssl-policy': give 'whitelist' or 'blacklist'"]),
    ],
)
def test_rules_of_a_record(given: str, expected: list[str]) -> None:
    assert [summary for _, summary, _ in of_filters(given, resource="elb")] == expected


def test_a_text_or_a_list() -> None:
    told = of_filters("{type: dhcp-options, domain-name: 5}", resource="vpc")
    assert [summary for _, summary, _ in told] == ["filter 'dhcp-options': 'domain-name' is a text or a list of texts"]


def test_too_complex() -> None:
    deep = "(" * 3000 + "a" + ")" * 3000
    expected = ("C224", "filter 'value' cannot be read: it nests too deeply", "write it shorter")
    assert of_filters("{type: value, key: '" + deep + "', value: 1}") == [expected]
