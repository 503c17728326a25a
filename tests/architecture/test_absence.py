"""Who may say that something is not there? A proof is made where the evidence is seen, and nowhere else.

An absence that is made elsewhere has no evidence: it would turn a refused or a lost answer into "there is none", and
what is unused, untagged or unencrypted by such an answer is deleted.
"""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import modules, name, tree

MADE = {
    "Answered": {"engine/model/fact.py": "an answer came, and has nothing there"},
    "NotFound": {"providers/aws/adapter/gather/facets.py": "the record names the code"},
    "Listed": {"providers/aws/adapter/gather/facets.py": "every page of the listing was read"},
    "Inapplicable": {
        "providers/aws/adapter/gather/asked.py": "the record's condition does not hold",
        "providers/aws/adapter/gather/facets.py": "the record's condition does not hold",
    },
    "Absent": {
        "engine/model/fact.py": "with the answer",
        "providers/aws/adapter/gather/asked.py": "with the condition",
        "providers/aws/adapter/gather/facets.py": "with the condition, the code or the listing",
    },
}
"""Class → modules that make one, and on what evidence."""


def _makers(made: str) -> set[str]:
    """Modules that import the class from `engine.model.fact` (or are it) and call it."""
    found = set()
    for path in modules():
        module = tree(path)
        imported = name(path) == "engine/model/fact.py" or any(
            isinstance(node, ast.ImportFrom)
            and node.module == "engine.model.fact"
            and made in {a.name for a in node.names}
            for node in ast.walk(module)
        )
        calls = (node.func for node in ast.walk(module) if isinstance(node, ast.Call))
        if imported and any(isinstance(func, ast.Name) and func.id == made for func in calls):
            found.add(name(path))
    return found


@pytest.mark.parametrize("made", MADE)
def test_absences_and_their_proofs_are_made_where_the_evidence_is(made: str) -> None:
    assert _makers(made) == set(MADE[made])


def test_no_fact_is_told_bare() -> None:
    """What is told is made by the types: no `tell(…, None)`, no `tell(…, [])`."""
    bare = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if name(path).startswith(("providers/aws/adapter/", "engine/executor/"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) == "tell"
        and node.args
        and isinstance(node.args[-1], ast.Constant | ast.List | ast.Dict | ast.Set)
    ]
    assert bare == []
