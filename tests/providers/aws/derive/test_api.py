"""An operation's name as verb, noun and qualifier."""

import pytest

from providers.aws.derive.api import Api, parse, thing_of

from .models import SDK, TEXT, toys


@pytest.mark.parametrize(
    ("name", "verb", "noun", "beside", "many"),
    [
        ("DescribeDBInstances", "Describe", ("DB", "Instance"), (), True),
        ("GetJob", "Get", ("Job",), (), False),
        ("ListFindingsV2", "List", ("Finding",), (), True),
        ("BatchGetProjects", "BatchGet", ("Project",), (), True),
        ("ListTagsForResource", "List", ("Tag",), ("For", "Resource"), True),
        ("DescribeAllCases", "Describe", ("Case",), (), True),
        ("ListDomainNames", "List", ("Domain",), (), True),
        ("SearchProductsAsAdmin", "Search", ("Product",), ("As", "Admin"), True),
        ("DeleteAlias", "Delete", ("Alias",), (), False),
    ],
)
def test_parse(name: str, verb: str, noun: tuple[str, ...], beside: tuple[str, ...], many: bool) -> None:
    assert parse(name) == (verb, noun, beside, many)


@pytest.mark.parametrize(
    ("shape", "thing"),
    [
        ("DBClusterSummary", "dbcluster"),
        ("JobListItem", "job"),
        ("Summary", "summary"),
        ("FunctionConfiguration", "functionconfiguration"),
    ],
)
def test_thing_of_a_shape(shape: str, thing: str) -> None:
    assert thing_of(shape) == thing


def test_tokens_that_the_sdk_makes_are_not_required() -> None:
    op = Api(SDK, "fis").ops["StartExperiment"]
    assert op.required == ("experimentTemplateId",)


def test_operations_by_noun_the_plain_ones_first() -> None:
    api = toys(ListCarsByName=({}, {}), ListCars=({}, {}), DeleteCar=({"Name!": TEXT}, {}))
    assert [op.name for op in api.by_noun["car"]] == ["DeleteCar", "ListCars", "ListCarsByName"]
    assert [op.name for op in api.of("car", "List", "Delete")] == ["ListCars", "ListCarsByName", "DeleteCar"]
    assert api.listed == {"car"}
