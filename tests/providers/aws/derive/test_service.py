"""A service derived: the checked-in layer is what the deriver makes of the versions that it names."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError

import pytest

from providers.aws.derive.service import derive
from providers.aws.derive.sources import joins_for, versions
from providers.aws.derive.writing import FOLDER, VERSIONS, text_of

from .models import CARS, SDK, sdk_of

try:
    INSTALLED = versions()
except PackageNotFoundError as missing:
    INSTALLED = {"missing": str(missing)}
RECORDED = json.loads((FOLDER / VERSIONS).read_text(encoding="utf-8"))


@pytest.mark.skipif(INSTALLED != RECORDED, reason=f"derived from {RECORDED}, installed is {INSTALLED}")
@pytest.mark.parametrize("service", ["apprunner", "dynamodb", "elbv2", "glue", "iam"])
def test_the_layer_is_made_again_byte_for_byte(service: str) -> None:
    made = text_of(derive(service, SDK, joins_for(service)))
    assert made == (FOLDER / f"{service}.json").read_text(encoding="utf-8"), "python3 tasks.py derive"


def test_a_record_without_any_other_source() -> None:
    made = derive("toys", sdk_of(**CARS))
    assert list(made) == ["toys.car"]
    assert made["toys.car"]["summary"] == "Car of Toys."
    assert made["toys.car"]["source"] == "Toys API Reference: ListCars, DeleteCar"


@pytest.mark.parametrize(
    ("service", "word", "everywhere"),
    [("iam", "iam.role", True), ("cloudfront", "cloudfront.distribution", True), ("sqs", "sqs.queue", False)],
)
def test_global_services(service: str, word: str, everywhere: bool) -> None:
    assert derive(service, SDK)[word].get("global", False) is everywhere
