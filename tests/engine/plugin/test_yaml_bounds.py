"""Documents that stand for more than they hold are refused without being written out."""

from __future__ import annotations

import time

import pytest
import yaml

from engine.plugin.yaml_bounds import ENDLESS, EXPANDED, NESTED, problem_of

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("a: 1", None),
        ("a: &x [1, 2]\nb: *x\nc: [*x, *x]", None),
        ("a: &x {b: *x}", ENDLESS),
        ("- &x [[*x]]", ENDLESS),
        (LAUGHS, EXPANDED),
        ("[" * 101 + "]" * 101, NESTED),
        ("[" * 100 + "]" * 100, None),
        ("a: &x " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 60 + "*x" + "]" * 60, NESTED),
    ],
)
def test_documents(text: str, expected: str | None) -> None:
    before = time.monotonic()
    found = problem_of(yaml.compose(text, Loader=yaml.SafeLoader))
    assert (found[0] if found else None) == expected
    assert time.monotonic() - before < 1
