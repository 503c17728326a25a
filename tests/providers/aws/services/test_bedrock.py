"""How long Bedrock's results are kept, by the rules of the bucket that they go to."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.json import Json
from tests.providers.aws.services.test_filters import kept

PLACE = "s3://results/evals"


def rule(days: int = 30, prefix: str = "", **more: Json) -> dict[str, Any]:
    return {"Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}, **more}


def job(*rules: Json, place: str | None = PLACE, status: str | None = None, there: bool = True) -> dict[str, Any]:
    """A job whose results go to `evals/nightly/x1/` of a bucket with these rules."""
    return {
        "jobName": "nightly",
        "jobArn": "arn:aws:bedrock:us-east-1:1:evaluation-job/x1",
        "outputDataConfig": {"s3Uri": place},
        "c7n:OutputLifecycle": list(rules) or None,
        "c7n:OutputVersioning": {"Status": status} if there else None,
    }


TAGGED = {"Filter": {"And": {"Prefix": "evals/", "Tags": [{"Key": "a", "Value": "b"}]}}}
FORMER = {"NoncurrentVersionExpiration": {"NoncurrentDays": 10}}
SOME = {"NoncurrentVersionExpiration": {"NoncurrentDays": 10, "NewerNoncurrentVersions": 3}}
DAYS = [
    (job(rule()), 30),
    (job(rule(), rule(7, "evals/nightly/x1/")), 7),
    (job(rule(7, "evals/weekly")), "absent"),
    (job(rule(7, "evals/"), place="s3://results/evals/"), 7),
    (job(rule(9, "nightly/"), place="s3://results"), 9),
    (job(rule(9, "a`b"), place="s3://results/a`b'c\"d"), 9),
    (job(rule(7, Status="Disabled")), "absent"),
    (job(rule(7, **TAGGED)), "absent"),
    (job(rule(7, Filter=None, Prefix="evals")), 7),
    (job(), "absent"),
    (job(rule(), status="Enabled"), "absent"),
    (job(rule(**FORMER), status="Suspended"), 40),
    (job(rule(**SOME), status="Enabled"), "absent"),
    (job(rule(**FORMER)), 30),
]


@pytest.mark.parametrize(("given", "days"), DAYS)
def test_days(given: dict[str, Any], days: Json) -> None:
    assert kept("bedrock-evaluation-job", {"value": days}, {"a": given}, "output-retention") == "a"
    assert kept("bedrock-evaluation-job", {"value": 3}, {"a": given}, "output-retention") == ""


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (job(place=None, there=False), "missing-uri"),
        (job(place="https://x/y", there=False), "invalid-uri"),
        (job(there=False), "bucket-not-found"),
        (job(rule()), "absent"),
    ],
)
def test_errors(given: dict[str, Any], error: str) -> None:
    options: dict[str, Json] = {"key": '"c7n:BedrockEvaluationOutput".Error', "value": error}
    assert kept("bedrock-evaluation-job", options, {"a": given}, "output-retention") == "a"
