"""Texts in which nothing is filled, and options whose meaning the text hides."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of

TRAPS = cases("""
actions: [{type: tag, key: A, value: '{ region }'}]
    W315 '{ region }' is left as it stands
         write {region}

actions: [{type: tag, key: A, value: '${account_id}'}]
    W315 '$' is left as it stands
         write {account_id}

actions: [{type: tag, key: A, value: '{now:-5d%Y}'}]
    W315 '-5d%Y' is left as it stands
         offsets only go forward, as in {now:+5d%Y-%m-%d}

actions: [{type: tag, key: A, value: '{event}'}]
    W315 '{event}' is left as it stands
         a tag cannot hold it; {account_id}, {region}, {now} and your own vars can

filters: [{A: '{op}'}]
    W315 '{op}' is left as it stands
         only actions fill it in

actions: [{type: mark-for-op, op: stop, hours: 5, tz: et}]
    W302 a mark with hours and tz 'et' holds an offset, which c7n cannot read
         leave 'tz' out if c7n reads these marks too

actions: [{type: mark-for-op, op: stop, days: 5, msg: Nobody owns it}]
    W349 no marked-for-op filter finds the mark 'Nobody owns it'
         end it with ': {op}@{action_date}'

filters: [{type: marked-for-op, op: stop, tz: ist}]
    W303 'ist' means Europe/Dublin here
         write Europe/Dublin, or Asia/Kolkata or Asia/Jerusalem if that is meant

filters: [{type: value, key: A, op: in, value_from: {url: 's3://b/k.csv'}}]
    W327 without 'expr' every cell of the CSV is a value, its header included
         give 'expr: 0' for the first column, or 'format: csv2dict' and 'expr' with a column's name

filters: [{type: value, key: A, op: in, value_from: {url: 'https://x.y/list'}}]
    W337 the form of 'https://x.y/list' cannot be told from its name
         give 'format': json, csv, csv2dict or txt
""")

FINE = cases("""
actions: [{type: tag, key: A, value: '{region}'}]

actions: [{type: tag, key: A, value: '{{ region }}'}]

actions: [{type: mark-for-op, op: stop, days: 5, msg: 'x: {op}@{action_date}'}]

actions: [{type: mark-for-op, op: stop, hours: 5}]

filters: [{type: marked-for-op, op: stop, tz: Europe/Berlin}]

filters: [{type: value, key: A, op: in, value_from: {url: 's3://b/k.csv', expr: 0}}]

filters: [{type: value, key: A, op: in, value_from: {url: 'https://x.y/list.json?a=b'}}]

filters: [{type: value, key: A, op: in, value_from: {url: dynamodb, query: select}}]

filters: [{type: value, key: A, op: regex, value: '^x{2,3}$'}]
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of(given) == expected == []


def test_what_a_has_statement_filter_fills_in() -> None:
    """Its own names, not those of actions."""
    wanted = "filters: [{type: has-statement, statements: [{Effect: Deny, Resource: '{%s}'}]}]"
    assert of(wanted % "queue_arn", "aws.sqs") == []
    assert [code for code, *_ in of(wanted % "action_date", "aws.sqs")] == ["W315"]
