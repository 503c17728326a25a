"""Every request is answered exactly once, whatever happens on the way."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Defect, Failed
from engine.model.json import Json
from engine.model.need import FacetNeed, FindingNeed, HealthNeed, MetricNeed, Need, OpsItemNeed, RelatedNeed

from ..doubles import at, gathered, refused

THINGS = [{"InstanceId": "i-1", "NetworkInterfaces": [{"Groups": [{"GroupId": "sg-1"}]}]}, {"InstanceId": "i-2"}]
NEEDS: list[Need] = [
    FacetNeed("termination-protection"),
    MetricNeed("AWS/EC2", "CPUUtilization", "Average", 7, 3600),
    RelatedNeed("security-group", ("GroupName",)),
    FindingNeed(),
    HealthNeed(),
    OpsItemNeed(),
]


def test_a_denied_call_fails_what_was_asked_with_it() -> None:
    """Each need has its own cause; an instance without groups is known to have none."""

    def deny(call: Call) -> Json:
        raise refused(call)

    connection, _ = at(deny)
    first, second = gathered(connection, "ec2", THINGS, *NEEDS)
    assert all(isinstance(fact, Failed) and "denied" in fact.cause for fact in first.values())
    assert second[NEEDS[2]] == []


@pytest.mark.parametrize("body", [{}, {"Unknown": 1}])
def test_an_answer_without_its_list_is_no_answer(body: dict[str, Any]) -> None:
    """Nothing is concluded from it: neither that there are none, nor that one does not exist."""
    connection, _ = at(lambda call: body)
    first, _ = gathered(connection, "ec2", THINGS, *NEEDS[1:])
    assert all(isinstance(fact, Failed) for fact in first.values()), first


def test_a_bug_fails_what_was_asked_and_says_so() -> None:
    """For every resource that was asked about."""

    def broken(call: Call) -> Json:
        raise ZeroDivisionError

    connection, _ = at(broken)
    for facts in gathered(connection, "ec2", THINGS, *NEEDS):
        causes = [fact.cause for fact in facts.values() if isinstance(fact, Failed)]
        assert len(causes) == len(NEEDS)
        assert all(isinstance(cause, Defect) for cause in causes)


def test_one_refusal_is_no_reason_to_ask_nobody_else() -> None:
    """The facet that is refused leaves the metrics."""

    def answer(call: Call) -> Json:
        if call.operation == "DescribeInstanceAttribute":
            raise refused(call, "Throttling", FailureKind.THROTTLED)
        return {"MetricDataResults": [{"Id": f"m{i}", "Values": [], "Timestamps": []} for i in range(2)]}

    connection, _ = at(answer)
    for facts in gathered(connection, "ec2", THINGS, *NEEDS[:2]):
        assert isinstance(facts[NEEDS[0]], Failed)
        assert facts[NEEDS[1]] == []
