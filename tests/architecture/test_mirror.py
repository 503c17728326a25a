"""Every module that does something has its test at the mirrored path, and every test mirrors a module.

A module does something when one of its functions has a body to run: a protocol's methods, docstrings alone, and a
`raise NotImplementedError` are no such. A pass over plans has its pairs in YAML instead, which `test_pairs.py` runs.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, modules, name, tree

TESTS = ROOT / "tests"
PASSES = ROOT / "engine/plan/passes"

# Tests of what no single module does, and what that is.
ACROSS = {
    "engine/executor/test_memory.py": "what a whole run keeps in memory",
    "engine/filters/test_shelf.py": "what holds of every filter",
    "engine/filters/test_vectors.py": "verdicts recorded from c7n, over all filters",
    "engine/lang/test_fuzz.py": "any text, through all of the language",
    "engine/plan/test_equivalence.py": "the optimised plan against the naive one",
    "engine/plan/passes/test_pairs.py": "each pass, from its file of pairs",
    "engine/sandbox/test_shop.py": "the world that comes with the engine",
    "providers/aws/adapter/gather/test_gather.py": "what holds of every kind of need",
    "providers/aws/adapter/gather/test_every_type.py": "what holds of every record when facts are gathered",
    "providers/aws/test_parity.py": "c7n's types against all records",
    "providers/aws/adapter/test_runs_under_faults.py": "runs over a network that fails",
    "providers/aws/services/test_access_words.py": "words about who is let in",
    "providers/aws/services/test_account.py": "words of the account that look at other types",
    "providers/aws/services/test_bedrock.py": "words of Bedrock's evaluations that look at the bucket of their results",
    "providers/aws/services/test_filters.py": "filter words that records make of expressions",
    "providers/aws/services/test_listeners.py": "a filter's word and the operations on what it finds",
    "providers/aws/services/test_network_words.py": "filter words that records make of expressions, of networks",
    "providers/aws/services/test_operations.py": "changes that records make of several calls",
    "providers/aws/services/test_organization.py": "words of an organization's accounts and units",
    "providers/aws/services/test_logging.py": "changes of what is logged, and where",
    "providers/aws/services/test_parts.py": "filter words of records that look at parts of a resource",
    "providers/aws/services/test_updates.py": "changes of settings that AWS takes as a whole, and web ACLs",
}


def mirror(module: Path) -> Path:
    """Where a module's test is."""
    path = module.relative_to(ROOT)
    if module.parent == PASSES:
        return TESTS / path.with_suffix(".yaml")
    if module.name == "__init__.py":
        return TESTS / path.parent / f"test_{path.parent.name}.py"
    return TESTS / path.with_name(f"test_{module.name}")


def does_something(module: Path) -> bool:
    """Whether a module has a function with a body to run."""
    held = [c for c in ast.walk(tree(module)) if isinstance(c, ast.ClassDef) and _is_protocol(c)]
    described = {id(f) for c in held for f in c.body}
    return any(
        isinstance(node, ast.FunctionDef) and id(node) not in described and not _is_empty(node)
        for node in ast.walk(tree(module))
    )


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def _is_empty(function: ast.FunctionDef) -> bool:
    """A docstring, a refusal, or keeping what an exception was given."""
    return all(
        (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        or (isinstance(each, ast.Raise) and ast.unparse(each) == "raise NotImplementedError")
        or (function.name == "__init__" and ast.unparse(each).startswith(("self.", "super().__init__(")))
        for each in function.body
    )


# Modules that are held by something else than a test of their own, and by what.
HELD = {
    "providers/aws/derive/__main__.py": "the layer that it writes is checked in, and test_derived.py holds every record",
    "providers/aws/derive/sources.py": "reads packages of the extra `derive`; what comes of them is checked in as well",
    "providers/aws/derive/vocabulary.py": "words, read by the rules whose tests are beside",
}

DOING = [m for m in modules() if m.name != "__init__.py" and name(m) not in HELD and does_something(m)]


@pytest.mark.parametrize("module", DOING, ids=name)
def test_a_module_has_its_test(module: Path) -> None:
    assert mirror(module).is_file(), f"{name(mirror(module))} is missing"


MIRRORS = sorted(path for package in PACKAGES for path in (TESTS / package).rglob("test_*.py"))


@pytest.mark.parametrize("path", MIRRORS, ids=name)
def test_a_test_has_its_module(path: Path) -> None:
    inside = path.relative_to(TESTS)
    if inside.as_posix() in ACROSS:
        return
    module = ROOT / inside.with_name(inside.name.removeprefix("test_"))
    assert module.is_file(), f"there is no {name(module)}; a test across modules is told in ACROSS"


def test_exceptions_are_there_and_needed() -> None:
    assert [path for path in ACROSS if not (TESTS / path).is_file()] == []
    assert [path for path in HELD if not (ROOT / path).is_file() or mirror(ROOT / path).is_file()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X = 1", False),
        ("class V:\n    x: int = 1", False),
        ("class P(Protocol):\n    def f(self) -> int:\n        return 1", False),
        ("class K:\n    def f(self) -> None:\n        '''Doc.'''\n        raise NotImplementedError", False),
        ("class E(Exception):\n    def __init__(self, v):\n        super().__init__(v)\n        self.v = v", False),
        ("class V:\n    def f(self):\n        '''Doc.'''\n        return self.x", True),
        ("def f():\n    return 1", True),
        ("def f():\n    def g():\n        return 1", True),
    ],
)
def test_what_doing_something_is(text: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(text)
    assert does_something(tmp_path / "m.py") is expected
