"""What can be done to a thing, and the way back."""

import pytest

from engine.model.json import Json
from providers.aws.derive.outside import Joins
from providers.aws.derive.types import things_of
from providers.aws.derive.verbs import operations_of

from .models import CARS, TEXT, things, toys


def operations(**more: object) -> dict[str, dict[str, Json]]:
    """The operations of a car of which the service has these besides."""
    made = things_of(toys(**CARS, **more), Joins())  # type: ignore[arg-type]
    return operations_of(made["car"], made)


NAMED = {"Name!": TEXT}


def test_a_deletion_is_destructive_and_has_no_way_back() -> None:
    assert operations()["delete"] == {
        "call": "DeleteCar", "says": "Delete the car.", "with": {"Name": "Name"}, "destructive": True, "gone": True,
        "undo": "none: what it takes away is not kept",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Start", "Stop"),
        ("Enable", "Disable"),
        ("Pause", "Resume"),
        ("Suspend", "Resume"),
        ("Lock", "Unlock"),
        ("Archive", "Unarchive"),
    ],
)
def test_opposites_undo_each_other(one: str, other: str) -> None:
    made = operations(**{f"{one}Car": (NAMED, {}), f"{other}Car": (NAMED, {})})
    assert (made[one.lower()]["undo"], made[other.lower()]["undo"]) == (other.lower(), one.lower())


def test_what_has_no_opposite_says_so() -> None:
    assert operations(StopCar=(NAMED, {}))["stop"]["undo"].startswith("none: ")


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        ("DisableCarAlarm", "disable-alarm"),
        ("ResetRadioOfCar", "reset-radio"),
        ("RotateKeys", "rotate-key"),
    ],
)
def test_words(operation: str, word: str) -> None:
    assert word in operations(**{operation: ({"CarName!": TEXT}, {})}) or "Of" in operation


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("StopCar", {"Name!": TEXT, "Speed!": "integer"}),
        ("WashCar", NAMED),
        ("StopTruck", {"Name!": TEXT}),
        ("StopTruck", {"TruckName!": TEXT}),
    ],
)
def test_what_is_no_operation_of_it(operation: str, given: dict[str, str]) -> None:
    assert set(operations(**{operation: (given, {})})) == {"delete"}


def test_options_of_an_update_are_its_inputs() -> None:
    made = operations(
        UpdateCar=({"Name!": TEXT, "Seats": "integer", "Open": "boolean", "Doors": [TEXT], "ClientToken": TEXT}, {})
    )
    assert made["update"]["options"] == {
        "Doors": {"type": "array", "to": "Doors"},
        "Open": {"type": "boolean", "to": "Open"},
        "Seats": {"type": "integer", "to": "Seats"},
    }


def test_botocore() -> None:
    """Many in one call where the model tells how many; choices as the API has them."""
    made = things("rds")
    modify = operations_of(made["dbinstance"], made)["modify"]
    assert modify["with"] == {"DBInstanceIdentifier": "DBInstanceIdentifier"}
    assert modify["options"]["AllocatedStorage"] == {"type": "integer", "to": "AllocatedStorage"}
    delete = operations_of(made["dbinstance"], made)["delete"]
    assert delete["options"]["SkipFinalSnapshot"] == {"type": "boolean", "to": "SkipFinalSnapshot"}
    ec2 = things("ec2")
    instances = operations_of(ec2["instance"], ec2)
    assert instances["start"]["with"] == {"InstanceIds": ["InstanceId"]}
    assert (instances["start"]["undo"], instances["stop"]["undo"]) == ("stop", "start")
    assert "modify-instance-metadata-option" not in operations_of(ec2["instanceeventwindow"], ec2)


def test_another_way_to_say_which_is_no_option() -> None:
    made = things("cloudfront")
    delete = operations_of(made["realtimelogconfig"], made)["delete"]
    assert delete["with"] == {"ARN": "ARN"}
    assert "options" not in delete
    made = things("codedeploy")
    assert [*operations_of(made["application"], made)["update"]["options"]] == ["newApplicationName"]
