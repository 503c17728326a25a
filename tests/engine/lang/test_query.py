"""A policy's own `query`: parameters of the list call, or entries of its Filters."""

from __future__ import annotations

import pytest

from engine.lang.query import query_params
from engine.model.json import Json
from providers.aws import PROVIDER

from .told import Told, of


@pytest.mark.parametrize(
    ("resource", "query", "expected"),
    [
        ("ec2", [], {}),
        ("ec2", [{"instance-state-name": "running"}], {"Filters": [("instance-state-name", ["running"])]}),
        ("ec2", [{"tag:Env": ["dev", "test"]}], {"Filters": [("tag:Env", ["dev", "test"])]}),
        ("ec2", [{"a": "1"}, {"a": "2"}, {"a": "1"}], {"Filters": [("a", ["1", "2"])]}),
        ("ec2", [{"a": "1", "b": "2"}], {"Filters": [("a", ["1"]), ("b", ["2"])]}),
        ("ec2", [{"Name": "a", "Values": ["1"]}], {"Filters": [("a", ["1"])]}),
        ("ec2", [{"Filters": [{"Name": "a", "Values": ["1"]}]}, {"a": "2"}], {"Filters": [("a", ["1", "2"])]}),
        ("ec2", [{"InstanceIds": ["i-1"]}], {"InstanceIds": ["i-1"]}),
        ("ec2", [{"Name": "MaxResults", "Value": 5}], {"MaxResults": 5}),
        ("ec2", [{"encrypted": True}], {"Filters": [("encrypted", ["true"])]}),
        ("ebs-snapshot", [{"OwnerIds": ["self"]}], {"OwnerIds": ["self"]}),
        ("lambda", [{"FunctionVersion": "ALL"}], {"FunctionVersion": "ALL"}),
        ("ops-item", [{"Key": "a"}, {"Key": "b"}], {"OpsItemFilters": [{"Key": "a"}, {"Key": "b"}]}),
        ("ops-item", [{"OpsItemFilters": [{"Key": "a"}]}], {"OpsItemFilters": [{"Key": "a"}]}),
        (
            "health-event",
            [{"services": ["EC2"]}, {"regions": ["eu-west-1"]}],
            {"filter": {"services": ["EC2"], "regions": ["eu-west-1"]}},
        ),
    ],
)
def test_query(resource: str, query: list[Json], expected: dict[str, Json]) -> None:
    """As c7n reads it."""
    found = dict(query_params(PROVIDER.type(resource), query))
    if "Filters" in found:
        found["Filters"] = [(f["Name"], f["Values"]) for f in found["Filters"]]
    assert found == expected


REFUSED = [
    ("ec2", "[{instance-state-name: running}]", []),
    ("ec2", "[{MaxResults: many}]", [("C226", "'query' cannot be asked: DescribeInstances.MaxResults is 'many'", "it takes a whole number")]),
    ("ec2", "[{Newer: 1}]", []),  # a newer model than this one may know it
    ("ops-item", "[{Key: Status, Operator: Equal, Values: [Open]}]", []),
    ("ops-item", "[{Key: Status, Operator: Equals, Values: [Open]}]",
     [("C226", "'query' cannot be asked: DescribeOpsItems.OpsItemFilters[0].Operator cannot be 'Equals'", "did you mean 'Equal'?")]),
    ("vpc-lattice-rule", "[{serviceIdentifier: svc-0123456789abcdef0}]", []),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "query", "expected"), REFUSED)
def test_what_the_list_call_would_refuse(resource: str, query: str, expected: list[Told]) -> None:
    assert of(f"query: {query}", resource) == expected
