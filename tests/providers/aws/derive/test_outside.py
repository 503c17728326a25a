"""What CloudFormation's and IAM's data say of a thing."""

import pytest

from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.derive.outside import CfnType, IamType, Joins, table
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, toys

WASHED = {
    **CARS,
    "ListWashes": ({"CarName!": TEXT}, {"Washes": [{"WashId": TEXT}]}),
    "CreateWash": ({"CarName!": TEXT}, {}),
    "DeleteWash": ({"CarName!": TEXT, "WashId!": TEXT}, {}),
}
HANDLERS = {
    "list": frozenset({"toys:listcars"}),
    "create": frozenset({"toys:createcar"}),
    "delete": frozenset({"toys:deletecar"}),
}


@pytest.mark.parametrize(
    ("cfn", "found"),
    [
        (CfnType("AWS::Toys::Car", {}), "AWS::Toys::Car"),
        (CfnType("AWS::Other::Car", {}), ""),
        (CfnType("AWS::Toys::Vehicle", HANDLERS), "AWS::Toys::Vehicle"),
        (CfnType("AWS::Toys::Wash", HANDLERS), ""),
        (CfnType("AWS::Toys::Vehicle", {"read": frozenset({"toys:getcar"})}), ""),
    ],
)
def test_cloudformation(cfn: CfnType, found: str) -> None:
    joins = Joins(prefix="toys", cfn_types=[cfn], namespaces=frozenset({"toys"}))
    assert things_of(toys(**WASHED), joins)["car"].cfn == found


@pytest.mark.parametrize(
    ("arn", "template"),
    [
        (
            "arn:${Partition}:toys:${Region}:${Account}:car/${CarName}",
            "arn:{partition}:toys:{region}:{account}:car/{Name}",
        ),
        (
            "arn:${Partition}:toys:${Region}:${Account}:car/${Name}",
            "arn:{partition}:toys:{region}:{account}:car/{Name}",
        ),
        ("arn:${Partition}:toys:${Region}:${Account}:car/${CarId}", ""),
        ("arn:${Partition}:toys:${Region}:${Account}:car/*", ""),
        ("*", ""),
    ],
)
def test_arn_templates(arn: str, template: str) -> None:
    joins = Joins(prefix="toys", iam_types={"car": IamType("car", arn, True)})
    thing = things_of(toys(**CARS), joins)["car"]
    assert joins.arn(thing) == template


def test_a_childs_template_names_its_parent() -> None:
    arn = "arn:${Partition}:toys:${Region}:${Account}:car/${CarName}/wash/${WashId}"
    joins = Joins(prefix="toys", iam_types={"wash": IamType("wash", arn, True)})
    thing = things_of(toys(**WASHED), joins)["wash"]
    assert joins.arn(thing) == "arn:{partition}:toys:{region}:{account}:car/{CarName}/wash/{WashId}"


def test_every_service_has_a_category() -> None:
    """The SDK's services, no more and no less; as many kinds as lists have."""
    tables = table("categories")
    assert set(tables["services"]) == set(SdkModel().services())
    assert set(tables["services"].values()) == set(tables["categories"])


def test_names_in_our_tables_are_types() -> None:
    """What is chosen or measured is there to be chosen."""
    from providers.aws import PROVIDER

    words = set(PROVIDER.words())
    assert [word for word in table("metrics")["types"] if word not in words] == []
    assert [
        word
        for word in (*table("choices")["lists"], *table("choices")["ids"], *table("parents")["implicit"])
        if word not in words
    ] == []
    assert [word for word, kind in table("choices")["kinds"].items() if kind and word not in words] == []
