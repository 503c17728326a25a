"""Every record of the provider holds against the SDK's models and the other records."""

import pytest
from providers.aws import PROVIDER
from providers.aws.adapter.sdk_model import SdkModel

from .checker import Checker

CHECKER = Checker(SdkModel(), PROVIDER.type)


@pytest.mark.parametrize("word", PROVIDER.words())
def test_record_holds(word: str) -> None:
    assert CHECKER.problems_of(PROVIDER.type(word)) == []
