"""What there is one of in each account."""

import pytest

from providers.aws.derive.api import Api
from providers.aws.derive.settings import settings_of

from .models import SDK, TEXT, toys


@pytest.mark.parametrize(
    ("service", "word", "listing"),
    [
        (
            "iam",
            "account-password-policy",
            {"call": "GetAccountPasswordPolicy", "items": "PasswordPolicy", "none": ["NoSuchEntity"]},
        ),
        ("ec2", "ebs-encryption-by-default", {"call": "GetEbsEncryptionByDefault", "items": "@"}),
        ("lambda", "account-setting", {"call": "GetAccountSettings", "items": "@"}),
    ],
)
def test_botocore(service: str, word: str, listing: dict[str, object]) -> None:
    found = settings_of(Api(SDK, service), ())
    known = found[word]
    assert known["list"] == listing
    assert known["identity"] == {"id": "_account"}


@pytest.mark.parametrize(
    ("operation", "given", "told"),
    [
        ("GetCarSettings", {"Name!": TEXT}, {"Open": "boolean"}),
        ("GetUsage", {}, {"Number": "integer"}),
        ("GetDefaultCredentials", {}, {"Key": TEXT}),
        ("GetCarConfigurations", {}, {"Configurations": [{"Name": TEXT}]}),
    ],
)
def test_what_is_no_setting(operation: str, given: dict[str, str], told: dict[str, object]) -> None:
    assert settings_of(toys(**{operation: (given, told)}), ()) == {}
