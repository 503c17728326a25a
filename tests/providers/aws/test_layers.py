"""The derived layer as lines on disk, and a curated file laid over a derived record."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.json import Json
from providers.aws.layers import DERIVED, Derived, laid_over

LINES = """{
"glue.job": {"service": "glue", "summary": "A job."},
"glue.crawler": {"service": "glue"}
}
"""


@pytest.fixture
def derived(tmp_path: Path) -> Derived:
    (tmp_path / "glue.json").write_text(LINES)
    (tmp_path / "athena.json").write_text('{\n"athena.query": {"service": "athena"}\n}\n')
    (tmp_path / "VERSIONS.json").write_text('{\n"botocore": "1"\n}\n')
    return Derived(tmp_path)


def test_words_and_records(derived: Derived) -> None:
    assert derived.words() == ["athena.query", "glue.job", "glue.crawler"]
    assert derived.record("glue.job") == {"service": "glue", "summary": "A job."}
    assert derived.record("glue.crawler") == {"service": "glue"}


@pytest.mark.parametrize("word", ["glue.jo", "glue.nothing", "nothing.job", "glue", "", ".job", "VERSIONS.botocore"])
def test_no_such_record(word: str, derived: Derived) -> None:
    assert derived.record(word) is None


def test_every_word_that_is_shipped_has_its_line() -> None:
    shipped = Derived(DERIVED)
    some = shipped.words()[:: max(1, len(shipped.words()) // 50)]
    assert len(some) > 20
    assert [word for word in some if not (shipped.record(word) or {}).get("service")] == []


BELOW: dict[str, Json] = {"a": {"x": 1, "y": {"p": 1, "q": 2}}, "b": [1, 2], "c": "text"}


@pytest.mark.parametrize(
    ("curated", "expected"),
    [
        ({}, BELOW),
        ({"derived": "x"}, BELOW),
        ({"a": {"x": 2}}, {**BELOW, "a": {"x": 2, "y": {"p": 1, "q": 2}}}),
        ({"a": {"y": {"q": 3, "r": 4}}}, {**BELOW, "a": {"x": 1, "y": {"p": 1, "q": 3, "r": 4}}}),
        ({"b": [3]}, {**BELOW, "b": [3]}),
        ({"a": "gone"}, {**BELOW, "a": "gone"}),
        ({"c": {"k": 1}, "d": 5}, {**BELOW, "c": {"k": 1}, "d": 5}),
        ({"without": ["a.y.p", "b"]}, {"a": {"x": 1, "y": {"q": 2}}, "c": "text"}),
        ({"without": ["a.y"], "a": {"y": {"r": 1}}}, {**BELOW, "a": {"x": 1, "y": {"r": 1}}}),
    ],
)
def test_laid_over(curated: dict[str, Json], expected: dict[str, Json]) -> None:
    """Tables merge key by key, everything else replaces, what is not wanted goes first."""
    before = repr(BELOW)
    assert laid_over(BELOW, curated) == (expected, [])
    assert repr(BELOW) == before


@pytest.mark.parametrize("path", ["z", "a.z", "c.k", "a.x.k"])
def test_what_is_not_there_cannot_be_taken_away(path: str) -> None:
    made, problems = laid_over(BELOW, {"without": [path]})
    assert (made, problems) == (BELOW, [f"'without' names '{path}', which the derived record does not have"])
