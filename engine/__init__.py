"""A policy-as-code rules engine for AWS.

    import engine

    problems = engine.validate(policy)
    matched = engine.match(policy, resources, region="us-east-1", account_id="123456789012", now=now)
    result = engine.run(policy, region="us-east-1", account_id="123456789012", now=now)
    result = engine.push(policy, event, region="us-east-1", account_id="123456789012", now=now)

A policy is a mapping, as a policy file holds it. Names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.api import Result, match, push, run, validate

__version__ = "0.1.0"

__all__ = ["Result", "__version__", "match", "push", "run", "validate"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(importlib.import_module("engine.api"), name)
    raise AttributeError(f"module 'engine' has no attribute '{name}'")
