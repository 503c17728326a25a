"""Every type as a line: curated ones under their own word, derived ones that no file is laid over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from providers.aws import PROVIDER
from providers.aws.overview import overview
from providers.aws.records import Records

GLUE = """{
"glue.crawler": {"category": "analytics", "list": {}, "service": "glue", "summary": "Crawler of AWS Glue."},
"glue.job": {"category": "analytics", "kind": "activity", "list": {}, "service": "glue", "summary": "Job of AWS Glue."}
}
"""


def test_two_layers(tmp_path: Path) -> None:
    (tmp_path / "services" / "glue").mkdir(parents=True)
    (tmp_path / "derived").mkdir()
    (tmp_path / "derived" / "glue.json").write_text(GLUE)
    (tmp_path / "derived" / "VERSIONS.json").write_text('{"botocore": "1"}')
    for name, text in {
        "glue_crawler": 'derived = "glue.crawler"',
        "crawler": 'alias = "glue-crawler"',
        "own": 'summary = "Mine."',
    }.items():
        (tmp_path / "services" / "glue" / f"{name}.toml").write_text(text)
    records = Records(tmp_path / "services", tmp_path / "derived")
    lines = records.overview()
    assert [(t.word, t.service, t.summary, t.kind, t.origin, t.aliases) for t in lines] == [
        ("glue-crawler", "glue", "Crawler of AWS Glue.", "resource", "curated", ("crawler", "glue.crawler")),
        ("glue.job", "glue", "Job of AWS Glue.", "activity", "derived", ()),
        ("own", "glue", "Mine.", "resource", "curated", ()),
    ]
    assert {t.category for t in lines} == {"analytics"}


def test_every_type_has_a_service_a_category_and_a_sentence() -> None:
    lines = PROVIDER.overview()
    assert [t.word for t in lines if not (t.service and t.category and t.summary.endswith("."))] == []
    words = [word for t in lines for word in (t.word, *t.aliases)]
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_nothing_else_is_needed(tmp_path: Path) -> None:
    assert overview({}, tmp_path) == []
