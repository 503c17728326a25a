"""The language's vectors: what each filter says of one resource, and which texts are rejected."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from .views import NOW, Rejected, verdict

VECTORS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("vectors.yaml").read_text())


def test_all_are_here() -> None:
    assert len(VECTORS) == 236


def test_deliberate_differences() -> None:
    assert Counter(v["row"] for v in VECTORS if "was" in v) == {7: 6, 9: 11, 5: 2, 26: 1, 2: 1, 4: 1, 3: 1}


@pytest.mark.filterwarnings("ignore:deprecated string literal:PendingDeprecationWarning")
@pytest.mark.parametrize("vector", VECTORS, ids=[str(i) for i in range(len(VECTORS))])
def test_vector(vector: dict[str, Any]) -> None:
    now = datetime.fromisoformat(vector["now"]) if "now" in vector else NOW
    try:
        said = str(verdict(vector["filter"], vector["resource"], now=now).kind)
    except Rejected:
        said = "invalid"
    assert said == vector["expect"]
