"""Public things are documented; names are the field's; errors are caught where it is agreed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import functions, modules, name, tree

# Where an exception of any kind may be caught, and why.
BROAD = {
    "engine/app/recompute.py": "the result has failed; the others go on",
    "engine/executor/changes.py": "a bug in an action makes it leave the resource alone, and is reported",
    "engine/executor/execute.py": "a bug, or one odd answer, makes a scope or its facts unknown, and is reported",
    "engine/executor/judge.py": "a bug in a filter makes the set unknown, and is reported",
    "engine/plugin/tree.py": "a bug in a filter makes the resource unknown, and is reported",
    "providers/aws/adapter/door.py": "whatever the SDK raises becomes a typed failure",
    "providers/aws/adapter/gather/__init__.py": "a bug in a gatherer makes what it was asked unknown, and is reported",
    "providers/aws/adapter/gather/facets.py": "the same for one resource",
    "engine/sandbox/server.py": "a fault in moto is answered with 500, as a server does",
}
# Where a failure of the world may be caught, and what becomes of it.
FAILURES = {
    "engine/app/recompute.py": "its resources could not be read, so none of them is changed",
    "engine/app/resume.py": "the account is not reached, and why is told with its changes",
    "engine/cli/main.py": "a sentence and an exit code",
    "engine/cli/signals.py": "the journal cannot be closed; what it holds is settled by the next run",
    "engine/cli/output.py": "a bucket that may not be looked at may yet be written to",
    "engine/executor/apply.py": "the change has failed, and why is in the journal",
    "engine/executor/execute.py": "the scope has failed; the others go on",
    "engine/executor/marks.py": "a code that the record names says that nothing bears the mark",
    "engine/executor/perform.py": "a throttled look at what is waited for is looked at again",
    "engine/executor/reconcile.py": "how the change ended stays uncertain",
    "engine/plugin/listing.py": "what is gone is not there",
    "engine/cli/history.py": "what a cut-short run created cannot be read: its resource is held",
    "engine/runner.py": "one account of several cannot be reached; the others go on",
    "providers/aws/adapter/gather/__init__.py": "what was not answered has failed, with its cause",
    "providers/aws/adapter/gather/content.py": "the fact has failed, with its cause",
    "providers/aws/adapter/gather/facets.py": "the fact has failed, with its cause",
    "providers/aws/adapter/gather/findings.py": "the resources asked about are not known",
    "providers/aws/adapter/gather/asked.py": "the fact has failed, with its cause",
    "providers/aws/adapter/gather/health.py": "the resources asked about are not known",
    "providers/aws/adapter/gather/metrics.py": "the fact has failed, with its cause",
    "providers/aws/adapter/gather/ops_items.py": "the items about the resources are not known",
    "providers/aws/adapter/gather/related.py": "the fact has failed, with its cause",
    "providers/aws/adapter/gather/tags.py": "the fact has failed, with its cause",
}
# Where a missing fact may be caught: it becomes an unknown verdict, or a change that cannot be undone.
MISSING = {
    "engine/app/drift.py": "what is not known is not as planned",
    "actions/_tag_changes.py": "the change cannot be undone",
    "actions/_web_acls.py": "the change is skipped: which ACL is meant is not known",
    "engine/executor/fresh.py": "the resource has drifted, as far as can be told",
    "engine/executor/judge.py": "unknown",
    "engine/executor/rebase.py": "the change is refused",
    "engine/filters/_permissions.py": "unknown",
    "engine/filters/reduce.py": "unknown for the whole set",
    "engine/filters/dangling.py": "unknown, unless what is known decides",
    "engine/filters/unused.py": "unknown, unless what is known decides",
    "engine/plugin/operate.py": "the change cannot be undone",
    "engine/plugin/tree.py": "unknown",
}
INHERITED = {"build", "finish"}
"""Documented once, on the protocol of the sandbox's kinds."""
VAGUE = ("utils", "util", "helpers", "helper", "common", "base", "manager", "misc")


def _public(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")


@pytest.mark.parametrize("path", modules(), ids=name)
def test_public_things_are_documented(path: Path) -> None:
    module = tree(path)
    empty = not module.body
    assert empty or ast.get_docstring(module), "the module has no docstring"
    for node in module.body:
        if not _public(node):
            continue
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        assert ast.get_docstring(node), f"{node.name} has no docstring"
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if _public(member) and isinstance(member, ast.FunctionDef) and member.name not in INHERITED:
                    assert ast.get_docstring(member), f"{node.name}.{member.name} has no docstring"


def test_no_module_is_called_after_nothing() -> None:
    assert [name(p) for p in modules() if p.stem.strip("_") in VAGUE or p.parent.name in VAGUE] == []


def test_everything_is_caught_only_where_it_is_agreed() -> None:
    found = {
        name(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _raises(node)
    }
    assert found <= set(BROAD)


def _sites(*errors: str) -> set[str]:
    """Files that catch one of these by name."""
    return {
        name(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and node.type is not None and _names(node.type) & set(errors)
    }


def test_failures_of_the_world_are_caught_where_it_is_agreed() -> None:
    """And the list names no place that catches none."""
    assert _sites("CallFailed", "EngineError") == set(FAILURES)


def test_missing_facts_are_caught_where_it_is_agreed() -> None:
    assert _sites("Missing") == set(MISSING)


def test_no_error_is_passed_over_in_silence() -> None:
    """Something is returned, raised, kept or told; `pass` alone hides what happened."""
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(each, ast.Pass | ast.Expr) for each in node.body)
        if not any(isinstance(each, ast.Expr) and isinstance(each.value, ast.Call | ast.Yield) for each in node.body)
    ]
    assert silent == []


def _catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(_names(handler.type) & {"Exception", "BaseException"})


def _names(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(n, ast.Raise) for n in ast.walk(handler))


def test_every_function_says_what_it_takes_and_gives() -> None:
    bare = [
        f"{name(path)}:{f.name}"
        for path in modules()
        for f in functions(path)
        if f.returns is None or any(a.annotation is None for a in f.args.args if a.arg not in ("self", "cls"))
    ]
    assert bare == []


def test_unfinished_work_names_its_issue() -> None:
    loose = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*#\d+)")
    assert [name(p) for p in modules() if loose.search(p.read_text(encoding="utf-8"))] == []
