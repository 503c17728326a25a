"""A policy's own `query`: parameters of the list call, or entries of its Filters."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.plan.query import query_params

from .plans import policies


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
    ],
)
def test_query(resource: str, query: list[Json], expected: dict[str, Json]) -> None:
    """As c7n reads it."""
    (policy,) = policies({"resource": resource, "query": query})
    found = dict(query_params(policy))
    if "Filters" in found:
        found["Filters"] = [(f["Name"], f["Values"]) for f in found["Filters"]]
    assert found == expected
