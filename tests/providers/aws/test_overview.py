"""Every type as one line, from both layers."""

from __future__ import annotations

import json
from pathlib import Path

from engine.plugin.protocols import TypeLine
from providers.aws.overview import categories, overview


def lines(folder: Path, curated: dict[str, str], derived: dict[str, dict[str, dict[str, str]]]) -> list[TypeLine]:
    """The overview of these files (`service/word` → TOML; service → records)."""
    files = {}
    for path, text in curated.items():
        file = folder / "services" / f"{path}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        files[file.stem.replace("_", "-")] = file
    below = folder / "derived"
    below.mkdir()
    (below / "VERSIONS.json").write_text('{"botocore": "1"}')
    for service, records in derived.items():
        (below / f"{service}.json").write_text(json.dumps(records))
    return list(overview(files, below))


JOB = {"service": "glue", "summary": "A job.", "kind": "resource"}


def test_both_layers_sorted_by_word(tmp_path: Path) -> None:
    found = lines(tmp_path, {"s3/s3": 'service = "s3"\nsummary = "A bucket."'}, {"glue": {"glue.job": JOB}})
    assert [(line.word, line.service, line.summary, line.origin) for line in found] == [
        ("glue.job", "glue", "A job.", "derived"),
        ("s3", "s3", "A bucket.", "curated"),
    ]


def test_a_curated_file_stands_before_what_it_is_laid_over(tmp_path: Path) -> None:
    """The derived word is its second name; what the file does not say is the derived record's."""
    (line,) = lines(tmp_path, {"glue/glue_job": 'derived = "glue.job"\nkind = "setting"'}, {"glue": {"glue.job": JOB}})
    assert (line.word, line.summary, line.kind, line.origin, line.aliases) == (
        "glue-job",
        "A job.",
        "setting",
        "curated",
        ("glue.job",),
    )


def test_aliases_are_no_types_of_their_own(tmp_path: Path) -> None:
    files = {"s3/s3": 'service = "s3"', "s3/bucket": 'alias = "s3"', "s3/a_bucket": 'alias = "s3"'}
    (line,) = lines(tmp_path, files, {})
    assert line.aliases == ("a-bucket", "bucket")


def test_the_folder_is_the_service_where_none_is_said(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, {"lambda_/lambda_": "summary = 'A function.'"}, {})
    assert (line.service, line.kind) == ("lambda", "resource")


def test_categories(tmp_path: Path) -> None:
    """A record's own, else its service's."""
    files = {"s3/s3": 'service = "s3"', "s3/odd": 'service = "s3"\ncategory = "Oddities"'}
    assert {line.word: line.category for line in lines(tmp_path, files, {})} == {
        "s3": categories()["s3"],
        "odd": "Oddities",
    }
