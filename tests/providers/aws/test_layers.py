"""The derived layer read, and curated tables laid over it."""

from pathlib import Path

import pytest

from providers.aws.layers import Derived, laid_over


def test_one_record_is_one_line(tmp_path: Path) -> None:
    """Its siblings are not parsed: here they could not be."""
    (tmp_path / "toys.json").write_text('{\n"toys.bus": {broken,\n"toys.car": {"cfn": "x"},\n"toys.van": {}\n}\n')
    layer = Derived(tmp_path)
    assert layer.words() == ["toys.bus", "toys.car", "toys.van"]
    assert layer.record("toys.car") == {"cfn": "x"}
    assert layer.record("toys.van") == {}
    assert layer.record("toys.ca") is None
    assert layer.record("car") is None
    assert layer.record("other.car") is None


@pytest.mark.parametrize(
    ("under", "over", "made"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"list": {"call": "A", "items": "I"}}, {"list": {"items": "J"}}, {"list": {"call": "A", "items": "J"}}),
        ({"gives": ["a", "b"]}, {"gives": ["c"]}, {"gives": ["c"]}),
        ({"tags": {"attribute": "T"}}, {"without": ["tags"]}, {}),
        ({"operations": {"a": {}, "b": {}}}, {"without": ["operations.a"]}, {"operations": {"b": {}}}),
        ({"facets": {"a": {"none": ["X"]}}}, {"without": ["facets.a.none"], "derived": "x.y"}, {"facets": {"a": {}}}),
        (
            {"tags": {"attribute": "T", "form": "map"}},
            {"without": ["tags"], "tags": {"facet": "tags"}},
            {"tags": {"facet": "tags"}},
        ),
    ],
)
def test_laid_over(under: dict[str, object], over: dict[str, object], made: dict[str, object]) -> None:
    assert laid_over(under, over) == (made, [])


@pytest.mark.parametrize("path", ["b", "a.c", "a.b.c"])
def test_removing_what_is_not_there_is_a_problem(path: str) -> None:
    made, problems = laid_over({"a": {"b": 1}}, {"without": [path]})
    assert made == {"a": {"b": 1}}
    assert problems == [f"'without' names '{path}', which the derived record does not have"]


WHOLE: dict[str, object] = {
    "list": {"call": "ListThings"},
    "facets": {"policy": {"call": "GetPolicy", "attribute": "Policy"}},
    "operations": {"stop": {"call": "StopThing"}},
}


@pytest.mark.parametrize(
    ("part", "name", "below", "comes"),
    [
        ("facets", "size", {"call": "GetSize", "attribute": "Size"}, True),
        ("facets", "policy", {"call": "GetOther", "attribute": "Other"}, False),  # its name is taken
        ("facets", "text", {"call": "GetPolicy", "attribute": "Text"}, False),  # its call is made already
        ("facets", "more", {"call": "GetMore", "attribute": "Policy"}, False),  # so is its attribute
        ("facets", "detail", {"call": "DescribeThing"}, False),  # it would join the thing's own attributes
        ("operations", "start", {"call": "StartThing", "undo": "stop"}, True),
        ("operations", "halt", {"call": "StopThing"}, False),
        ("operations", "mend", {"call": "MendThing", "undo": "break"}, False),  # its way back is not there
    ],
)
def test_a_whole_record_gets_what_it_does_not_speak_of(
    part: str, name: str, below: dict[str, object], comes: bool
) -> None:
    derived = {
        "list": {"call": "SearchThings"},
        "tags": {"attribute": "Tags"},
        "category": "compute",
        part: {name: below},
    }
    made, problems = laid_over(derived, {"derived": "toys.thing", **WHOLE})
    assert problems == []
    assert (made["list"], made["category"], "tags" in made) == ({"call": "ListThings"}, "compute", False)
    assert (made[part].get(name) == below) is comes
    assert all(made[p][n] == each for p in ("facets", "operations") for n, each in WHOLE[p].items())  # type: ignore[attr-defined]
