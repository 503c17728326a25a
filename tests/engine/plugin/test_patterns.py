"""Patterns find what `re` finds, and never take longer than they may."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import time
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.verdict import unknown
from engine.plugin import patterns
from engine.plugin.patterns import LONG, Pattern, compiled, is_simple
from engine.plugin.protocols import Missing

SLOW = [
    (r"(a|aa)+$", "a" * 60 + "b"),
    (r"(x+x+)+y", "x" * 3000),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60 + "!"),
    (r"(.*a){25}$", "a" * 60 + "b"),
    (r".*.*.*.*=.*;", "x" * 5000),
    (r"(a|b|ab)*c\1", "ab" * 60),
]


@pytest.mark.parametrize(("pattern", "text"), SLOW)
def test_a_pattern_that_never_ends_is_unknown_or_ends(pattern: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`re` takes hours for these; `regex` ends some of them by itself."""
    monkeypatch.setattr(patterns, "LIMIT_S", 0.2)
    before = time.monotonic()
    verdict = None
    try:
        found = Pattern(pattern).match(text)
    except Missing as missing:
        found, verdict = None, missing.verdict
    assert found is None
    assert verdict in (None, unknown(f"the pattern {pattern!r} took longer than 0.2 s"))
    assert time.monotonic() - before < 1.5


def test_the_cause_says_a_second() -> None:
    with pytest.raises(Missing) as caught:
        Pattern(r"(a|aa)+$").match("a" * 60 + "b")
    assert caught.value.verdict.causes == ("the pattern '(a|aa)+$' took longer than 1 s",)


def test_many_slow_texts_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the budget is spent each gets little; those that are quick are still decided."""
    monkeypatch.setattr(patterns, "LIMIT_S", 0.1)
    monkeypatch.setattr(patterns, "BUDGET_S", 0.3)
    pattern = Pattern(r"(a|aa)+$")
    before = time.monotonic()
    for _ in range(40):
        with pytest.raises(Missing):
            pattern.match("a" * 60 + "b")
    assert time.monotonic() - before < 3
    assert pattern.match("aaa") is not None


@pytest.mark.parametrize(
    ("pattern", "simple"),
    [
        ("prod", True), ("^prod-.*", True), (".*(dev|test).*", True), (r"\d{4}-\d{2}", True), ("(?i)a.*b", True),
        ("(a+)+", False), ("(a|aa)*b", False), (r"(a)\1", False), (".*.*.*", False), ("(a){9}", False),
        ("a?" * 7, False), ("(a|b)(a|b)(a|b)(a|b)", False), ("a" * 2001, False), ("(?x) (a|aa) +$", False), ("(?ix:(a) +)", False),
    ],
)  # fmt: skip
def test_what_is_simple(pattern: str, simple: bool) -> None:
    assert is_simple(pattern) is simple


@pytest.mark.parametrize(
    "pattern", [".*x.*y", ".*(a|b).*c", "[ab]+[ab]+c", "a{0,2000}a{0,2000}b", ".*?a.*?b", "(a|ab)(c|bcd)(d*)"]
)
def test_simple_patterns_are_quick_on_the_longest_text(pattern: str) -> None:
    assert is_simple(pattern)
    for text in ("a" * LONG, "ab" * (LONG // 2), "x" * LONG):
        before = time.monotonic()
        Pattern(pattern).match(text)
        assert time.monotonic() - before < 0.5


def test_a_glob_is_quick_on_any_text() -> None:
    """They run in `re` as they are: fnmatch takes care that no `*` goes back."""
    before = time.monotonic()
    re.match(fnmatch.translate("*a" * 30 + "b"), "a" * 20_000)
    assert time.monotonic() - before < 1


@pytest.mark.parametrize("pattern", ["(", "a**", "(?P<n>", "[", r"\p{L}", r"\K", "(?<n>a)", "*"])
def test_what_re_refuses_is_refused(pattern: str) -> None:
    """`regex` knows more syntax; policies keep that of c7n."""
    with pytest.raises(re.error):
        compiled(pattern)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(?:ab){e<=1}x", ["ab{e<=1}x", "ab", "abx"]),  # fuzzy matching in `regex`
        ("(a){x}", ["a{x}", "a"]),
        (r"(a)\{2\}", ["a{2}", "aa"]),
        ("(a|b){,2}c{1}", ["c", "abc", "abac"]),
        ("[[a]+(b)+", ["[b", "ab", "a[b"]),
        ("(?i)(straße)+", ["STRASSE", "straße", "STRAßE"]),
        (r"(\w+\s?)*\Z", ["a b c", "a!"]),
        (r"(a)?(?(1)b|c)+", ["ab", "c", "b"]),
        ("(?s)(.)*$", ["a\nb", ""]),
        ("(?x) (a) + # comment", ["aaa"]),
        (r"(^a|b$)+", ["a\nb", "b"]),
        (r"(?P<x>a)(?P=x)+", ["aa", "ab"]),
    ],
)
def test_the_limited_engine_means_what_re_means(pattern: str, texts: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        for text in texts:
            for flags in (0, re.IGNORECASE):
                expected = re.match(pattern, text, flags)
                found = patterns._limited(pattern, flags).match(text)
                assert (found is None) is (expected is None), (pattern, text)
                assert expected is None or (found.group(), found.groups()) == (expected.group(), expected.groups())


ATOMS = st.sampled_from(
    ["a", "b", "ab", ".", r"\d", r"\w", "[ab]", "[^a]", "-", r"\.", "^", "$", "(?=a)", "(?!b)", "{", "x{", "é"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}", "*?"])).map(lambda t: f"(?:{t[0]}){t[1]}")
        | st.tuples(inner, inner).map(lambda t: f"({t[0]}|{t[1]})")
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.text("ab.-1é{\n", max_size=12), st.sampled_from([0, re.IGNORECASE]))
def test_any_pattern_finds_the_same(pattern: str, text: str, flags: int) -> None:
    try:
        expected = re.match(pattern, text, flags)
    except re.error:
        return
    found = patterns._limited(pattern, flags).match(text)
    assert (found and found.group()) == (expected and expected.group())


def test_regex_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys\nfrom engine.plugin.patterns import compiled\n"
        "compiled('prod-.*').match('prod-1')\nprint('regex' in sys.modules)\n"
        "compiled('(prod|dev)+').match('prod')\nprint('regex' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
