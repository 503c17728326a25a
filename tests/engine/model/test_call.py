"""Calls say what they are."""

from __future__ import annotations

import dataclasses

import pytest

from engine.model.call import Call
from engine.model.scope import Scope

CALL = Call("ec2", "StopInstances", {"InstanceIds": ["i-1"]}, Scope("1", "us-east-1"))


def test_a_call_is_told_by_service_and_operation() -> None:
    assert str(CALL) == "ec2:StopInstances"


def test_a_call_is_a_value() -> None:
    assert dataclasses.replace(CALL, params=dict(CALL.params)) == CALL
    assert dataclasses.replace(CALL, scope=Scope("1", "eu-west-1")) != CALL
    with pytest.raises(dataclasses.FrozenInstanceError):
        CALL.operation = "TerminateInstances"  # type: ignore[misc]
