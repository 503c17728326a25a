"""Another source is another listing of the same record, as data."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plan.compile import compile
from engine.plugin.discover import catalog
from engine.plugin.listing import list_calls
from providers.aws import PROVIDER

QUESTION = "select resourceId, configuration, supplementaryConfiguration where resourceType = 'AWS::EC2::Instance'"


def by(source: str, word: str = "ec2", query: list[dict[str, Json]] | None = None) -> ResourceType:
    found = PROVIDER.sourced(PROVIDER.type(word), source, query or [])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([], QUESTION),
        ([{"clause": "resourceId = 'i-1'"}], QUESTION + "AND resourceId = 'i-1'"),
        ([{"expr": "select configuration where a = 'b'"}], "select configuration where a = 'b'"),
    ],
)
def test_what_config_is_asked(query: list[dict[str, Json]], expected: str) -> None:
    (call,) = list_calls(by("config", query=query), Scope("1", "us-east-1"))
    assert str(call) == "config:SelectResourceConfig"
    assert call.params == {"Expression": expected, "Limit": 100}


def test_where_the_query_finds_nothing_what_config_has_discovered_is_read() -> None:
    """Advanced queries answer nothing for a type that they do not know; with a clause, nothing is an answer."""
    otherwise = by("config").list.otherwise
    assert otherwise is not None
    assert otherwise.parent is not None
    assert otherwise.parent.list is not None
    assert (otherwise.parent.list.call, otherwise.call) == ("ListDiscoveredResources", "GetResourceConfigHistory")
    assert by("config", query=[{"clause": "resourceId = 'i-1'"}]).list.otherwise is None


def test_config_keeps_what_the_type_is_and_can() -> None:
    described, configured = PROVIDER.type("ec2"), by("config")
    assert (configured.identity, configured.operations) == (described.identity, described.operations)
    assert configured.list.like is described.list


def test_cloud_control_lists_by_type_name_and_reads_one_by_one() -> None:
    type = by("cloudcontrol", "log-group")
    (call,) = list_calls(type, Scope("1", "us-east-1"))
    assert (str(call), call.params) == ("cloudcontrol:ListResources", {"TypeName": "AWS::Logs::LogGroup"})
    assert type.facets["properties"].call == "GetResource"
    assert type.operations["delete"].call == "DeleteResource"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"source": "config"}, None),
        ({"source": "cloudcontrol"}, None),
        ({"source": "config", "query": [{"expr": "select 1"}]}, None),
        ({"source": "config", "query": [{"InstanceIds": ["i-1"]}]}, "C226"),
        ({"source": "config", "resource": "aws.launch-template-version"}, "C225"),
        ({"source": "elsewhere"}, "C209"),
    ],
)
def test_policies_that_name_a_source(policy: dict[str, Json], expected: str | None) -> None:
    parsed, problems = policy_from({"name": "p", "resource": "aws.ec2", **policy})
    assert parsed is not None
    assert not problems
    _, problems = check(parsed, catalog())
    assert [p.code for p in problems] == ([expected] if expected else [])


def test_two_sources_of_one_type_are_two_scans() -> None:
    made = []
    for source in ("describe", "config", "describe"):
        parsed, _ = policy_from({"name": f"p{len(made)}", "resource": "ec2", "source": source})
        assert parsed is not None
        checked, problems = check(parsed, catalog())
        assert checked is not None, problems
        made.append(checked)
    scans = compile(made).scans
    assert [(s.type.list.call, len(s.tracks)) for s in scans] == [("DescribeInstances", 2), ("SelectResourceConfig", 1)]
