"""The shelves hold: every piece loads by its file's name, is documented, and its examples can be read."""

from __future__ import annotations

import dataclasses

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.lang.words import KINDS
from engine.plugin.catalog import word_of
from engine.plugin.discover import catalog
from engine.plugin.params import parameters
from tests.architecture.sources import ROOT

FILTERS, ACTIONS = catalog().filters.words(), catalog().actions.words()


@pytest.mark.parametrize("word", FILTERS)
def test_a_filter_loads_by_its_word(word: str) -> None:
    cls = catalog().filters.get(word)
    assert cls is not None
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert hasattr(cls, "judge") or hasattr(cls, "judge_all")
    assert all(p.says.text or p.hidden for p in parameters(cls)), "an option says nothing of itself"


@pytest.mark.parametrize("word", ACTIONS)
def test_an_action_loads_by_its_word(word: str) -> None:
    cls = catalog().actions.get(word)
    assert cls is not None
    assert cls.__dataclass_params__.frozen
    assert all(p.says.text for p in parameters(cls)), "an option says nothing of itself"


# Where an example is from, when it is not from ec2 alone.
FROM = {
    "set-waf": {"resource": "app-elb", "filters": ["waf-enabled"]},
    "set-wafv2": {"resource": "app-elb", "filters": ["wafv2-enabled"]},
    "set-permissions": {"resource": "security-group", "filters": [{"type": "ingress", "Ports": [22]}]},
    "remove-permissions": {"resource": "security-group", "filters": [{"type": "ingress", "Ports": [22]}]},
    "auto-tag-user": {"mode": {"type": "cloudtrail", "role": "r", "events": ["RunInstances"]}},
    "modify-security-groups": {"filters": [{"type": "security-group", "key": "GroupName", "value": "web"}]},
    "modify-policy": {"resource": "sns", "filters": ["cross-account"]},
    "remove-statements": {"resource": "sns", "filters": ["cross-account"]},
    "set-statements": {"resource": "s3", "filters": ["cross-account"]},
    "remove-matched-source-ips": {
        "resource": "elasticsearch",
        "filters": [{"type": "source-ip", "op": "not-in", "value_type": "cidr", "value": ["10.0.0.0/8"]}],
    },
}


@pytest.mark.parametrize(
    ("word", "example"), [(w, e) for w in ACTIONS for e in getattr(catalog().actions.get(w), "EXAMPLES", ())]
)
def test_an_actions_examples_are_right(word: str, example: str) -> None:
    import yaml

    policy, problems = policy_from(
        {"name": "example", "resource": "ec2", **FROM.get(word, {}), "actions": [yaml.safe_load(example)]}
    )
    assert problems == []
    assert policy is not None
    assert check(policy, catalog())[1] == []


def test_kinds_are_filters() -> None:
    assert set(FILTERS) >= KINDS


def test_no_word_is_said_twice() -> None:
    stems = [word_of(p.stem) for p in (ROOT / "providers/aws/services").glob("*/*.toml")]
    assert len(stems) == len(set(stems))
