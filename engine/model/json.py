"""The one alias under which untyped data may pass: what JSON, YAML and botocore's answers are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any
Attributes: TypeAlias = Mapping[str, Json]
