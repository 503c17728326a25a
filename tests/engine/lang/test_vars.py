"""Variables: what is said, word for word, and what they become."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.lang.vars import Now, expand, names_in
from engine.model.node import node_of

from .told import Told, cases, of_actions

TEXTS = cases("""
{onwer}
    C230 unknown variable '{onwer}'
         did you mean 'owner'?

{owner}

{policy[nam]}
    C231 '{policy[nam]}' names nothing: 'policy' has no 'nam'
         did you mean 'name'?

{policy[name][x]}
    C231 '{policy[name][x]}' names nothing: 'policy' has no 'x'
         it has no parts

{policy[name]}

{policy.name}
    C233 '{policy.name}' takes a part of 'policy' with a dot
         write {policy[name]}

{owner:x}
    C232 '{owner:x}' cannot be written so: unknown format code 'x' for object of type 'str'
         write {owner}

{account_id:9999d}
    C232 '{account_id:9999d}' cannot be written so: the width is too large
         write {account_id}

{now:+99999999999999d%Y}
    C232 '{now:+99999999999999d%Y}' cannot be written so: python int too large to convert to c int
         as in {now:+5d%Y-%m-%d}

{now:+5d%Y-%m-%d}

{2,3}

{}

{0}

{event}
    W315 '{event}' is left as it stands
         a tag cannot hold it; {account_id}, {region}, {now} and your own vars can

a {onwer} {owner}
    C230 unknown variable '{onwer}'
         did you mean 'owner'?
""")


@pytest.mark.parametrize(("given", "expected"), TEXTS)
def test_text(given: str, expected: list[Told]) -> None:
    assert of_actions(f'{{type: tag, key: A, value: "{given}"}}') == expected


VARIABLES = {
    "a": "x",
    "n": 5,
    "l": [1, 2],
    "m": {"k": {"j": "z"}},
    "now": Now(datetime(2026, 11, 21, 4, 5, tzinfo=UTC)),
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{a}", "x"),
        ("{n}", 5),
        ("n={n}", "n=5"),
        ("{l}", [1, 2]),
        ("{m[k][j]}", "z"),
        ("{m[k]}", {"j": "z"}),
        ("{{a}} {a}", "{a} x"),
        ("{{a}}", "{{a}}"),
        ("x{2,3}{a}", "x{2,3}x"),
        ("{op}@{a}", "{op}@x"),
        ("{now:%Y}", "2026"),
        ("{now:+1d%d}", "22"),
        ("{now:+2h+30M%H:%M}", "06:35"),
        ("{now}", "2026-11-21 04:05:00"),
        ("{n:03d}", "005"),
        (["{a}", {"k": "{a}", "{a}": 1}], ["x", {"k": "x", "{a}": 1}]),
        ({"type": "notify", "subject": "{a}", "to": ["{a}"]}, {"type": "notify", "subject": "{a}", "to": ["x"]}),
        (5, 5),
    ],
    ids=str,
)
def test_expand(given: object, expected: object) -> None:
    problems: list[object] = []
    assert expand(node_of(given), VARIABLES, problems).data() == expected  # type: ignore[arg-type]
    assert not problems


def test_names() -> None:
    assert names_in(node_of(["{a} {b[c]} {{d}} {2}", {"{e}": "{now:%Y}"}])) == {"a", "b", "now"}
