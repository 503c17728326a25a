"""What paths can do beside JMESPath."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.model.json import Json
from engine.plugin.paths import getter

OPTIONS = {"Types": {"big": "small"}, "Type": "big", "Date": "2026-11-01T00:00:00Z", "Path": "Types.big"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lookup(Types, Type)", "small"),
        ("lookup(Types, 'other')", None),
        ("lookup(Types, `5`)", None),
        ("lookup(Nothing, Type)", None),
        ("lookup({big: `0`}, Type)", 0),
        ("product([`2`, `1.5`])", 3),
        ("product(['a'])", None),
        ("days_after(Date, `2`)", "2026-11-03T00:00:00+00:00"),
        ("days_after(Moment, `0.5`)", "2026-11-21T12:00:00+00:00"),
        ("days_after(Type, `2`)", None),
        ("days_after(Nothing, `2`)", None),
        ("days_after(Date, Nothing)", None),
        ("those_in(`[3, 1, 2]`, `[1, 3]`)", [3, 1]),
        ("those_in(Nothing, `[1]`)", []),
        ("those_not_in(`[3, 1, 2]`, `[1, 3]`)", [2]),
        ("those_not_in(`[1]`, Nothing)", [1]),
        ('like(\'RDS DB Instances\', `["EC2*", "RDS*"]`)', True),
        ("like('RDS', `[\"rds\"]`)", False),
        ('like(Nothing, `["*"]`)', False),
        ('those_with(`[{"a": 1}, {"a": 2}]`, \'a\', `[2]`)', [{"a": 2}]),
        ("those_with(Nothing, 'a', `[2]`)", []),
        ('those_with(`[{"a": [1, 2]}, {"a": []}, {"a": 2}]`, \'a\', `[2]`)', [{"a": [1, 2]}, {"a": 2}]),
        ('those_with(`[{"a": 1, "b": 2}, {"a": 2, "b": 1}]`, \'[a, b]\', `[[1, 2]]`)', [{"a": 1, "b": 2}]),
        ('those_before(`[{"d": "2026-01-01"}, {"d": "2026-12-31"}, {}]`, \'d\', Moment)', [{"d": "2026-01-01"}]),
        ('those_before(`[{"d": "2026-01-01"}]`, \'d\', Nothing)', []),
        ("csv_rows(Text)", [{"user": "ana", "active": True, "used": None}]),
        ("csv_rows(Bytes)", [{"user": "ana", "active": False}]),
        ("csv_rows(Nothing)", []),
        ('without(`{"a": 1, "b": 2}`, [\'a\'])', {"b": 2}),
        ("without(Nothing, ['a'])", {}),
        ("search(Path, @)", "small"),
        ("search('Types[', @)", None),
        ("search(Nothing, @)", None),
        ("those_like(Nothing, 'a')", []),
        ("those_like(`[\"a\"]`, '(')", None),
        ("pick(Types, ['small', 'big', Nothing])", ["small"]),
        ("pick(Nothing, ['big'])", []),
        ("chunks(`[1, 2, 3]`, `2`)", [[1, 2], [3]]),
        ('sort_versions(`["9.10", "9.6.1", "9.6", "10.1"]`)', ["9.6", "9.6.1", "9.10", "10.1"]),
        ('sort_versions(`["19.0.ru-2021-07", "19.0.ru-2020-10"]`)[-1]', "19.0.ru-2021-07"),
        ('sort_versions(`["7.0.1", "7.0.rc1", 5]`)', ["7.0.rc1", "7.0.1"]),
        ("sort_versions(Nothing)", []),
        (
            'merged(`{"a": {"b": 1, "c": [1]}, "d": 2}`, `{"a": {"c": [2]}, "e": {}}`)',
            {"a": {"b": 1, "c": [2]}, "d": 2, "e": {}},
        ),
        ('merged(Nothing, `{"a": {"b": 1}}`)', {"a": {"b": 1}}),
        ('items(`{"a": 1, "b": 2}`)', [{"Key": "a", "Value": 1}, {"Key": "b", "Value": 2}]),
        ("items(Nothing)", []),
        ("chunks(Nothing, `2`)", []),
        ("unique(`[2, 1, 2]`)", [2, 1]),
        ("unique(Nothing)", []),
        ("quotient(`3`, `2`)", 1.5),
        ("quotient(`3`, `0`)", None),
        ("quotient(Nothing, `2`)", None),
        ('those_like(`["Protocol-A", "B-Protocol", 1]`, \'^protocol-\')', ["Protocol-A"]),
        ('those_like(`[1, "a"]`, Nothing)', [1, "a"]),
        ('first_covering(`[{"c": "10.0.0.0/9"}, {"c": "10.0.0.0/8", "n": 2}]`, \'c\', `["10.128.0.0/16"]`)[].n', [2]),
        (
            'first_covering(`[{"c": "::/0"}, {"c": "0.0.0.0/0", "n": 4}]`, \'c\', `["10.0.0.0/8", "x"]`)',
            [{"c": "0.0.0.0/0", "n": 4}, None],
        ),
        ('first_covering(`[{"c": "::/0"}]`, \'c\', `["2600::/16"]`)', [{"c": "::/0"}]),
        ("first_covering(Nothing, 'c', Nothing)", []),
    ],
)
def test_functions(path: str, expected: Json) -> None:
    texts = {"Text": "user,active,used\nana,true,N/A\n", "Bytes": b"user,active\nana,false\n"}
    assert getter(path)({**OPTIONS, **texts, "Moment": datetime(2026, 11, 21, tzinfo=UTC)}) == expected
