"""Tiny models of services that do not exist, and botocore's own."""

from __future__ import annotations

from typing import Any

from botocore.model import ServiceModel

from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.derive.api import Api
from providers.aws.derive.outside import own_joins
from providers.aws.derive.thing import Thing
from providers.aws.derive.types import things_of

SDK = SdkModel()
TEXT = "text"


def shape(name: str, of: Any, shapes: dict[str, Any]) -> str:
    """Write a shape: a dict is a structure, a list a list, a string one of botocore's plain types."""
    if isinstance(of, dict):
        members = {k.rstrip("!"): {"shape": shape(f"{name}{k.rstrip('!')}", v, shapes)} for k, v in of.items()}
        shapes[name] = {"type": "structure", "members": members, "required": [k[:-1] for k in of if k.endswith("!")]}
        return name
    if isinstance(of, list):
        shapes[name] = {"type": "list", "member": {"shape": shape(f"{name}Member", of[0], shapes)}}
        return name
    kind = "string" if of == TEXT else of
    shapes[f"{kind}Of{name}"] = {"type": kind}
    return f"{kind}Of{name}"


def sdk_of(**operations: tuple[dict[str, Any], dict[str, Any]]) -> SdkModel:
    """An SDK with one service `toys`; each operation is (input, output), `!` marks what is required."""
    shapes: dict[str, Any] = {}
    made = {}
    for name, (given, told) in operations.items():
        made[name] = {
            "name": name,
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": shape(f"{name}Request", given, shapes)},
            "output": {"shape": shape(f"{name}Response", told, shapes)},
        }
    metadata = {"serviceFullName": "Toys", "protocol": "json", "endpointPrefix": "toys", "signingName": "toys"}
    sdk = SdkModel()
    sdk._services["toys"] = ServiceModel({"metadata": metadata, "operations": made, "shapes": shapes}, "toys")
    sdk._paginators["toys"] = None
    return sdk


def toys(**operations: tuple[dict[str, Any], dict[str, Any]]) -> Api:
    """The service of these operations."""
    return Api(sdk_of(**operations), "toys")


def things(service: str) -> dict[str, Thing]:
    """What botocore's service has, without any outside source but our own tables."""
    return things_of(Api(SDK, service), own_joins(service))


CAR = {"Name": TEXT, "Arn": TEXT}
CARS = {
    "ListCars": ({"NextToken": TEXT}, {"Cars": [CAR], "NextToken": TEXT}),
    "CreateCar": ({"Name!": TEXT}, {}),
    "DeleteCar": ({"Name!": TEXT}, {}),
}
