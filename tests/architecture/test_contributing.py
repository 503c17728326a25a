"""What CONTRIBUTING shows is what there is to do: its whole type, copied from the page, works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.model.scope import Scope
from engine.plugin.listing import list_calls
from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.records import Records
from tests.conformance.records.checker import problems_of
from tests.conformance.records.surroundings import Known

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
(WHOLE,) = [block for block in BLOCKS if block.startswith("summary")]
(OVER,) = [block for block in BLOCKS if "derived =" in block]


def test_a_type_is_one_file_of_at_most_fifteen_lines(tmp_path: Path) -> None:
    assert len(WHOLE.splitlines()) <= 15
    (tmp_path / "sns").mkdir()
    (tmp_path / "sns" / "thing.toml").write_text(WHOLE)
    records = Records(tmp_path)
    type = records.type("aws.thing")
    (call,) = list_calls(type, Scope("1", "us-east-1"))
    assert str(call) == "sns:ListTopics"
    assert problems_of(type, Known(SdkModel(), records.type)) in (
        [],
        ["summary: needs a sentence, and the record a source"],
    )


def test_a_file_over_a_derived_type_says_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "glue").mkdir()
    (tmp_path / "glue" / "glue_job.toml").write_text(OVER)
    records = Records(tmp_path)
    type = records.type("glue-job")
    assert type is records.type("glue.job")
    assert "reset-bookmark" not in type.operations
    assert type.operations["delete"].says == "Delete a job; its runs stay in the history."
    assert type.operations["delete"].call == "DeleteJob"


@pytest.mark.parametrize("word", ["apprunner.service", "kafka.cluster", "oam.link"])
def test_a_brand_new_service_needs_nothing(word: str, tmp_path: Path) -> None:
    """Neither layer knows the service: the type is derived from the SDK on the spot."""
    type = Records(tmp_path, tmp_path).type(word)
    assert type.origin == "unreviewed"
    assert type.list.call.startswith(("List", "Describe"))
    assert type.identity.id
