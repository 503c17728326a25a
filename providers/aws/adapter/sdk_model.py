"""What does the SDK know of an API? Questions to botocore's own models, answered without network or credentials.

Takes service names as botocore spells them (`elbv2`, `logs`) and operations as AWS does (`DescribeInstances`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import create_loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.paginate import PaginatorModel

from engine.model.json import Json
from providers.aws.adapter.models import SERVICE_NAME

SAMPLE_TEXT = "arn:aws:service:region:111122223333:kind/first/second/third/fourth/fifth"
"""What a synthesised text holds: every part that records cut out of ARNs and URLs."""

SAMPLE_DATE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pagination:
    """How an operation's pages hang together: parameters and members by name (JMESPath where AWS nests them).

    `more`: member that is true while pages follow (empty: as long as there is a token). `limit`: page-size parameter.
    """

    input_tokens: tuple[str, ...]
    output_tokens: tuple[str, ...]
    results: tuple[str, ...]
    more: str = ""
    limit: str = ""


@dataclass(slots=True)
class SdkModel:
    """botocore's models, each service loaded once."""

    _services: dict[str, ServiceModel | None] = field(default_factory=dict, repr=False)
    _paginators: dict[str, PaginatorModel | None] = field(default_factory=dict, repr=False)

    def service(self, name: str) -> ServiceModel | None:
        """A service's model, or None if the SDK has no such service."""
        if not SERVICE_NAME.match(name):
            return None
        if name not in self._services:
            try:
                self._services[name] = ServiceModel(_loader().load_service_model(name, "service-2"), name)
            except (UnknownServiceError, DataNotFoundError):
                self._services[name] = None
        return self._services[name]

    def services(self) -> Sequence[str]:
        """Every service name, sorted."""
        names: list[str] = _loader().list_available_services("service-2")
        return sorted(names)

    def operations(self, service: str) -> Sequence[str]:
        """A service's operations, sorted; empty for an unknown service."""
        model = self.service(service)
        return sorted(model.operation_names) if model is not None else ()

    def operation(self, service: str, name: str) -> OperationModel | None:
        """One operation's model, or None."""
        model = self.service(service)
        return model.operation_model(name) if model is not None and name in model.operation_names else None

    def pagination(self, service: str, operation: str) -> Pagination | None:
        """How an operation pages, or None if it answers at once.

        botocore's paginators say; where they are silent, `tokens_of` reads it off the shapes.
        """
        if not SERVICE_NAME.match(service):
            return None
        if service not in self._paginators:
            try:
                data = _loader().load_service_model(service, "paginators-1")
                self._paginators[service] = PaginatorModel(data)
            except (UnknownServiceError, DataNotFoundError):
                self._paginators[service] = None
        model = self._paginators[service]
        try:
            config = model.get_paginator(operation) if model is not None else None
        except ValueError:
            config = None
        if config is None:
            found = self.operation(service, operation)
            return tokens_of(found) if found is not None else None
        return Pagination(
            input_tokens=_texts(config["input_token"]),
            output_tokens=_texts(config["output_token"]),
            results=_texts(config.get("result_key", ())),
            more=config.get("more_results", ""),
            limit=config.get("limit_key", ""),
        )

    def iam_prefix(self, service: str) -> str:
        """The prefix of the service's IAM actions as far as the model tells: its signing name.

        Source: Service Authorization Reference; CloudWatch, for one, signs as `monitoring`.
        """
        model = self.service(service)
        if model is None:
            return ""
        return _PREFIXES.get(service, str(model.signing_name))

    def full_name(self, service: str) -> str:
        """What AWS calls the service: `AWS Glue`; the SDK's name where the model says nothing."""
        model = self.service(service)
        metadata = model.metadata if model is not None else {}
        return str(metadata.get("serviceFullName") or metadata.get("serviceAbbreviation") or service)

    def is_global(self, service: str) -> bool:
        """Whether the service has one endpoint for all regions of the commercial partition, by botocore's endpoints."""
        model = self.service(service)
        if model is None:
            return False
        known = _commercial().get(model.endpoint_prefix, {})
        return known.get("isRegionalized") is False


def tokens_of(operation: OperationModel) -> Pagination | None:
    """How an operation pages by its shapes alone: an optional text input whose like stands in the answer.

    The two have the same name, or differ by `Next` (`Marker`, `NextMarker`). Some 400 list operations have tokens but
    no paginator.
    """
    given = operation.input_shape.members if operation.input_shape is not None else {}
    told = operation.output_shape.members if operation.output_shape is not None else {}
    by_name = {name.lower(): name for name, shape in told.items() if shape.type_name == "string"}
    for name, shape in given.items():
        plain = name.lower()
        if (
            shape.type_name != "string"
            or not plain.endswith(_TOKEN_ENDINGS)
            or name in operation.input_shape.required_members
        ):
            continue
        answer = by_name.get(plain) or by_name.get(f"next{plain}") or by_name.get(plain.removeprefix("next"))
        if answer is not None and (plain in _TOKENS or answer.lower() in _TOKENS):
            limits = [n for n, s in given.items() if n.lower() in _LIMITS and s.type_name in ("integer", "long")]
            return Pagination((name,), (answer,), (), limit=limits[0] if limits else "")
    return None


_TOKENS = frozenset({"nexttoken", "nextmarker", "nextpagetoken", "marker", "pagetoken", "paginationtoken"})
_TOKEN_ENDINGS = ("token", "marker")
_LIMITS = frozenset({"maxresults", "maxitems", "limit", "pagesize", "maxrecords", "maxkeys"})

_PREFIXES = {
    "cloudcontrol": "cloudformation",
    "cloudwatch": "cloudwatch",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
}
"""Services whose IAM prefix is not their signing name. Source: Service Authorization Reference."""


@functools.cache
def _loader() -> Json:
    return create_loader()


@functools.cache
def _commercial() -> Mapping[str, Json]:
    endpoints = _loader().load_data("endpoints")
    services: Mapping[str, Json] = endpoints["partitions"][0]["services"]
    return services


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def synthesised(shape: Shape, within: tuple[str, ...] = ()) -> Json:
    """A value of the shape, every member filled, lists with one element or their least; no shape is inside itself."""
    if shape.name in within:
        return None
    inside = (*within, shape.name) if isinstance(shape, StructureShape) else within
    if isinstance(shape, StructureShape):
        return {name: synthesised(member, inside) for name, member in shape.members.items()}
    if isinstance(shape, ListShape):
        return [synthesised(shape.member, inside)] * max(1, int(shape.metadata.get("min", 1)))
    if isinstance(shape, MapShape):
        return {str(synthesised(shape.key, inside)): synthesised(shape.value, inside)}
    return _scalar(shape)


def _scalar(shape: Shape) -> Json:
    match shape.type_name:
        case "integer" | "long":
            return max(1, int(shape.metadata.get("min", 1)))
        case "float" | "double":
            return max(1.5, float(shape.metadata.get("min", 1.5)))
        case "boolean":
            return True
        case "timestamp":
            return SAMPLE_DATE
        case "blob":
            return b"blob"
        case _:
            choices = getattr(shape, "enum", None)
            return choices[0] if choices else SAMPLE_TEXT
