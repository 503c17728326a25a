"""The reader follows the schema's annotations and tells every fault at once."""

from typing import Any

import pytest

from engine.model.listing import Identity, Push
from engine.model.record import Facet
from providers.aws.record_reader import RecordRejected, read_record

LEAST: dict[str, Any] = {
    "summary": "A thing.",
    "identity": {"id": "Id"},
    "list": {"call": "ListThings", "items": "Things"},
}


def test_least_record() -> None:
    record = read_record("thing", LEAST, "things")
    assert (record.word, record.service, record.identity) == ("thing", "things", Identity("Id"))
    assert record.tags is None
    assert record.operations == {}


def test_underscored_fields_are_written_without() -> None:
    data = {
        **LEAST,
        "global": True,
        "facets": {"detail": {"call": "GetThing", "with": {"Id": "Id"}}},
        "filters": {"old": {"is": "age", "with": {"date": "Made"}}},
    }
    record = read_record("thing", data, "things")
    assert record.global_ is True
    assert record.facets["detail"] == Facet("GetThing", {"Id": "Id"})
    assert record.filters["old"].is_ == "age"


def test_lists_become_tuples_and_words_of_tables_stay() -> None:
    listing = {**LEAST["list"], "gives": ["Id"], "push": {"tag:*": {"filter": "tag:*", "values": ["a"]}}}
    record = read_record("thing", {**LEAST, "list": listing}, "things")
    assert record.list.gives == ("Id",)
    assert record.list.push == {"tag:*": Push(filter="tag:*", values=("a",))}


def test_the_record_names_another_service() -> None:
    assert read_record("thing", {**LEAST, "service": "other"}, "things").service == "other"


def test_every_fault_is_told_at_once() -> None:
    data = {
        "sumary": "A thing.",
        "identity": {"id": 5},
        "list": {"call": "ListThings", "items": "Things", "page": {"Limit": "many"}, "gives": "Id"},
        "operations": {"stop": {"call": "StopThing", "gone": "yes"}},
    }
    with pytest.raises(RecordRejected) as caught:
        read_record("thing", data, "things")
    assert caught.value.problems == (
        "unknown key 'sumary', did you mean 'summary'?",
        "missing key 'summary'",
        "'identity.id' is a whole number, not a string",
        "'list.page.Limit' is a string, not a whole number",
        "'list.gives' is a string, not a list",
        "missing key 'operations.stop.with'",
        "'operations.stop.gone' is a string, not true or false",
    )


def test_true_is_no_number() -> None:
    listing = {**LEAST["list"], "page": {"Limit": True}}
    with pytest.raises(RecordRejected, match=r"'list\.page\.Limit' is true or false, not a whole number"):
        read_record("thing", {**LEAST, "list": listing}, "things")


def test_word_is_the_files_name() -> None:
    with pytest.raises(RecordRejected, match="'word' is the file's name, not a key"):
        read_record("thing", {**LEAST, "word": "other"}, "things")
