"""Secrets by their form, by their key and by their variable's name are hidden; everything else stays."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.json import Json
from engine.model.redaction import MASK, Redactor, is_secret_name, redacted, redacted_dumps, redacted_json, secrets_of

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("https://ana:hunter2@example.com/x.csv", "hunter2"),
        ("https://:hunter2@example.com/x.csv", "hunter2"),
        ("see https://b.s3.amazonaws.com/k?X-Amz-Signature=abc123&X-Amz-Expires=9", "abc123"),
        ("https://b/k?X-Amz-Security-Token=IQoJb3", "IQoJb3"),
        ("https://e/x?a=1&token=t0ps3cret#f", "t0ps3cret"),
        ("https://e/x?api_key=t0ps3cret", "t0ps3cret"),
        ("https://acct.blob.core.windows.net/c?sv=1&sig=abc%2Bdef", "abc%2Bdef"),
        ("Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
        ("X-Api-Key: k1234567", "k1234567"),
        ("Cookie: session=s3cr3t", "s3cr3t"),
        ("sent Bearer abcdefghijkl to it", "abcdefghijkl"),
        (f"aws_secret_access_key = {SECRET}", SECRET),
        (f'"SecretAccessKey": "{SECRET}"', SECRET),
        ("FwoGZXIvYXdzE" + "a" * 200, "a" * 40),
        ("ghp_" + "a1" * 18, "a1a1"),
        ("xoxb-123456789012-abcdef", "123456789012"),
        ("https://hooks.slack.com/services/T000/B000/XXXXXXXX", "XXXXXXXX"),
        (f"jwt {JWT} end", "c2lnbmF0dXJl"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
    ],
)
def test_hidden_by_form(text: str, hidden: str) -> None:
    found = redacted(text)
    assert hidden in text
    assert hidden not in found
    assert MASK in found
    assert redacted(found) == found
    assert redacted_dumps({"x": [text]}) == json.dumps({"x": [found]})


@pytest.mark.parametrize(
    "text",
    [
        "State.Name = running: running; CPUUtilization < 5: 1.8",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
        "AKIAIOSFODNN7EXAMPLE",  # an access key's id names it, and is no secret
        "https://example.com/a?b=1&c=2",
        "s3://bucket/prefix?sse=aws:kms&region=eu-west-1",
        "10:30@office, mail ana@example.com",
        "KmsKeyId: alias/aws/ebs, KeyName=my-key-pair",
        "ec2:DescribeInstances denied: AuthFailure: no",
        "arn:aws:iam::1:role/Authorization",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DB_PASSWORD", True), ("GITHUB_TOKEN", True), ("AWS_SECRET_ACCESS_KEY", True), ("dbPassword", True), ("SECRET", True),
        ("stripe.api.key", True), ("KEY_NAME", False), ("SECRET_ARN", False), ("TOKENIZERS", False), ("PATH", False), ("", False),
    ],
)  # fmt: skip
def test_names(name: str, expected: bool) -> None:
    assert is_secret_name(name) is expected


def test_values_of_the_environment() -> None:
    """Long ones, as words of their own."""
    redactor = Redactor(secrets_of({"DB_PASSWORD": "correct-horse", "API_KEY": "short", "HOME": "/home/ana-maria"}))
    assert redactor.text("it said correct-horse, /home/ana-maria, short") == f"it said {MASK}, /home/ana-maria, short"
    assert redactor.text("incorrect-horses") == "incorrect-horses"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"url": "https://u:p4ss@e/x", "headers": {"X-Any": "v"}}, {"url": f"https://u:{MASK}@e/x", "headers": {"X-Any": MASK}}),
        ({"headers": [["X-Any", "v"]]}, {"headers": [["X-Any", MASK]]}),
        ({"external_id": "ours", "ExternalId": "ours"}, {"external_id": MASK, "ExternalId": MASK}),
        ({"Environment": {"Variables": {"DB_PASSWORD": "12345678", "STAGE": "production"}}},
         {"Environment": {"Variables": {"DB_PASSWORD": MASK, "STAGE": "production"}}}),
        ({"environment": [{"name": "API_TOKEN", "value": "12345678"}, {"name": "A", "value": "b"}]},
         {"environment": [{"name": "API_TOKEN", "value": MASK}, {"name": "A", "value": "b"}]}),
        ({"SecretArn": "arn:x", "KeyName": "pair", "n": 1, "t": True, "none": None},
         {"SecretArn": "arn:x", "KeyName": "pair", "n": 1, "t": True, "none": None}),
        ([1, ("Bearer abcdefghijkl",)], [1, (f"Bearer {MASK}",)]),
    ],
)  # fmt: skip
def test_values(value: Json, expected: Json) -> None:
    before = copy.deepcopy(value)
    assert redacted_json(value) == expected
    assert redacted_dumps(value) == redacted_dumps(value, separators=(", ", ": ")) == json.dumps(expected)
    assert value == before


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("engine", "run", "p.yml", "--external-id", "ours"), "engine run p.yml --external-id ***"),
        (("engine", "run", "--external-id=ours", "p.yml"), "engine run --external-id=*** p.yml"),
        (("engine", "run", "-s", "https://u:pass@e"), "engine run -s https://u:***@e"),
        (("engine", "run", "--external-id"), "engine run --external-id"),
    ],
)
def test_command_lines(words: tuple[str, ...], expected: str) -> None:
    assert Redactor().command(words) == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_any_value_keeps_its_shape(value: Json) -> None:
    found = redacted_json(value)
    assert type(found) is type(value)
    assert len(str(found)) >= 0 if not isinstance(value, dict) else list(found) == list(value)


def test_a_value_without_an_end_is_hidden_whole() -> None:
    value: list[Json] = []
    value.append(value)
    assert redacted_json(value) == MASK


WORDS = st.sampled_from(
    [
        "headers", "Variables", "env", "name", "value", "DB_PASSWORD", "x_token", "ExternalId", "client-secret", "12345678",
        "cookie: a=bcdefgh", "https://u:pw123456@h/", "h?sig=abcdefgh", "Bearer abcdefgh1", "plain", "correct-horse",
        'quo"ted-secret', "ghp_" + "a1" * 18, f"aws_secret_access_key = {SECRET}", f"SESSION_TOKEN={SECRET}", JWT,
    ]
)  # fmt: skip


@given(st.recursive(WORDS | st.integers(), lambda v: st.lists(v, max_size=3) | st.dictionaries(WORDS, v, max_size=3)))
def test_the_quick_way_leaves_nothing_out(value: Json) -> None:
    """`dumped` looks at the text first; what it lets through must be what the walk would not change."""
    redactor = Redactor(["correct-horse", 'quo"ted-secret'])
    assert redactor.dumped(value) == json.dumps(redactor.value(value))
