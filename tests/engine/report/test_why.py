"""Evidence as a table, a row a filter."""

from __future__ import annotations

from textwrap import dedent

from engine.inspection import Told
from engine.model.finding import Evidence
from engine.model.verdict import MATCH, NO_MATCH, unknown
from engine.report.why import print_why

from .runs_of import printed

DENIED = unknown("GetMetricData denied")
EVIDENCE = Evidence(
    "and",
    NO_MATCH,
    children=(
        Evidence("State.Name = running", MATCH, "running", "running"),
        Evidence(
            "or", DENIED, children=(Evidence("tag:[x]", NO_MATCH, "a", "[b]"), Evidence("cpu < 5", DENIED, "< 5"))
        ),
    ),
)


def test_a_row_for_each_filter() -> None:
    told = Told("[p]", "ec2", "i-1", "us-east-1", EVIDENCE, whole=False)
    assert printed(lambda screen: print_why(screen, told)) == dedent("""\
        [p] says of ec2 i-1 in us-east-1: ✗ no match
          verdict     filter                expected  observed              source
          ✓ match     State.Name = running  running   running               listing
          ? unknown   or                              GetMetricData denied
          ✗ no match    tag:[x]             a         [b]                   listing
          ? unknown     cpu < 5             < 5       GetMetricData denied  listing""")


def test_sets_cannot_be_judged_on_one() -> None:
    told = Told("p", "ec2", "i-1", "us-east-1", Evidence("and", MATCH), whole=True)
    assert "cannot be judged on one resource alone" in printed(lambda screen: print_why(screen, told)).splitlines()[-1]
