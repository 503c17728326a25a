"""Keys that no resource of the type has."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.lint import lint
from engine.lang.parse import parse
from engine.lang.source import loads
from engine.plugin.discover import catalog
from tests.engine.lang.told import Told, policy


def warned(filter: str, resource: str) -> list[Told]:
    node, _, _ = loads(policy(f"filters:\n  - {filter}", resource).encode(), "f.yml", False)
    (found,), _ = parse(node, "f.yml")
    checked, problems = check(found, catalog())
    assert checked is not None, problems
    told = lint(checked, catalog().provider.attributes)
    return [(d.code, d.summary, d.hint) for d in told if d.code == "W347"]


KNOWN = [
    ("ec2", "State.Name: running"),
    ("ec2", "'NetworkInterfaces[].Groups[].GroupId': sg-1"),
    ("ec2", "'BlockDeviceMappings[0].Ebs.VolumeId': vol-1"),
    ("ec2", "tag:Anything: absent"),
    ("ec2", "ReservationId: r-1"),
    ("ec2", "DisableApiTermination: true"),  # a facet
    ("ec2", "'length(Nothing)': 0"),  # not a plain path
    ("ec2", "'c7n:MatchedFilters': absent"),
    ("sqs", "Anything: 1"),  # the models do not tell which attributes a queue has
    ("s3", "Policy: absent"),
    ("glue.blueprint", "Name: b"),
    ("log-group", "storedBytes: 0"),
]


@pytest.mark.parametrize(("resource", "filter"), KNOWN)
def test_what_the_models_know_or_leave_open(resource: str, filter: str) -> None:
    assert warned(filter, resource) == []


@pytest.mark.parametrize(
    ("resource", "filter", "expected"),
    [
        ("ec2", "Stat.Name: running", ("W347", "ec2 has no attribute 'Stat'", "did you mean 'State'?")),
        ("ec2", "State.Nme: running", ("W347", "ec2 has no attribute 'State.Nme'", "did you mean 'State.Name'?")),
        ("ec2", "'BlockDeviceMappings[].Ebz': absent",
         ("W347", "ec2 has no attribute 'BlockDeviceMappings.Ebz'", "did you mean 'BlockDeviceMappings.Ebs'?")),
        ("ec2", "Zzzzz: absent", ("W347", "ec2 has no attribute 'Zzzzz'", "all of them: engine schema ec2")),
        ("glue.blueprint", "Sttus: x", ("W347", "glue.blueprint has no attribute 'Sttus'", "did you mean 'Status'?")),
    ],
)  # fmt: skip
def test_what_they_do_not_know(resource: str, filter: str, expected: Told) -> None:
    assert warned(filter, resource) == [expected]
