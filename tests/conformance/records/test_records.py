"""Every record of the provider holds against the SDK's models and the other records."""

import pytest

from providers.aws import PROVIDER
from providers.aws.adapter.sdk_model import SdkModel

from .checker import problems_of
from .surroundings import Known

KNOWN = Known(SdkModel(), PROVIDER.type)


@pytest.mark.parametrize("word", PROVIDER.curated())
def test_record_holds(word: str) -> None:
    assert problems_of(PROVIDER.type(word), KNOWN) == []
