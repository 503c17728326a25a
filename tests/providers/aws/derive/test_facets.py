"""Extra reads of a thing."""

import pytest

from engine.model.json import Json
from providers.aws.derive.facets import facets_of
from providers.aws.derive.outside import Joins
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, things, toys


def facets(**more: object) -> dict[str, dict[str, Json]]:
    """The facets of a car of which the service has these operations besides."""
    made = things_of(toys(**CARS, **more), Joins())  # type: ignore[arg-type]
    return facets_of(made["car"], made, (), made["car"].attributes)


@pytest.mark.parametrize(
    ("operation", "given", "told", "name", "facet"),
    [
        (
            "GetCarPolicy",
            {"Name!": TEXT},
            {"Policy": TEXT},
            "policy",
            {"attribute": "Policy", "take": "Policy", "form": "json-text", "with": {"Name": "Name"}},
        ),
        (
            "GetAlarm",
            {"CarName!": TEXT},
            {"On": "boolean", "Loud": "boolean"},
            "alarm",
            {"attribute": "Alarm", "with": {"CarName": "Name"}},
        ),
        (
            "ListCarWheels",
            {"CarName!": TEXT, "NextToken": TEXT},
            {"Wheels": [TEXT], "NextToken": TEXT},
            "wheel",
            {"attribute": "Wheel", "take": "Wheels", "paged": True, "with": {"CarName": "Name"}},
        ),
    ],
)
def test_facets(
    operation: str, given: dict[str, str], told: dict[str, object], name: str, facet: dict[str, object]
) -> None:
    assert facets(**{operation: (given, told)}) == {name: {"call": operation, **facet}}


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("GetAlarm", {"Name!": TEXT}),
        ("GetCarCredentials", {"Name!": TEXT}),
        ("GetCarAlarm", {"Name!": TEXT, "Zone!": TEXT}),
        ("GetTruckPolicy", {"TruckName!": TEXT}),
        ("ListTagsForCar", {"CarName!": TEXT}),
        ("DescribeCarAttribute", {"CarName!": TEXT, "Attribute": TEXT}),
    ],
)
def test_what_is_no_facet(operation: str, given: dict[str, str]) -> None:
    assert facets(**{operation: (given, {"Text": TEXT})}) == {}


def test_a_facet_hides_no_attribute() -> None:
    assert set(facets(GetCarArn=({"Name!": TEXT}, {"Arn": TEXT}))) == {"get-arn"}


@pytest.mark.parametrize(
    ("service", "noun", "name", "none"),
    [
        ("s3", "bucket", "encryption", ["ServerSideEncryptionConfigurationNotFoundError"]),
        ("s3", "bucket", "versioning", None),
        ("lambda", "function", "policy", ["ResourceNotFoundException"]),
        ("ecr", "repository", "lifecycle-policy", ["LifecyclePolicyNotFoundException", "RepositoryNotFoundException"]),
    ],
)
def test_botocore(service: str, noun: str, name: str, none: list[str] | None) -> None:
    every = things(service)
    found = facets_of(every[noun], every, (), every[noun].attributes)
    assert found[name].get("none") == none


def test_contents_are_no_facts() -> None:
    made = things("s3")
    assert sorted(facets_of(made["object"], made, (), made["object"].attributes)) == ["acl", "legal-hold", "retention"]
