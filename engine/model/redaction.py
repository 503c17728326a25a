"""What in this text or value is a secret? The same with `***` in its place.

Pure: the environment is given to `Redactor`, which the edges hold. Knows passwords and signatures in URLs, headers,
values of command-line options, keys and tokens by their form, and the values of environment variables whose name says
that they are secret. Applied to what is printed, written and logged; never to what AWS is sent, nor to a value that an
undo writes back.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.model.json import Json

MASK = "***"
SHORTEST = 8
"""Values of environment variables shorter than this are left: words of everyday use would vanish from reports."""

_SECRET_NAMES = frozenset(
    [
        "KEY",
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "PAT",
        "CREDENTIAL",
        "CREDENTIALS",
        "AUTH",
        "AUTHORIZATION",
        "APIKEY",
        "DSN",
    ]
)
_OPTIONS = ("--external-id",)
_QUERY = (
    "token|access_token|id_token|refresh_token|sig|signature|password|passwd|secret|client_secret|api[_-]?key|auth|key"
    "|x-amz-signature|x-amz-credential|x-amz-security-token|awsaccesskeyid|x-goog-signature"
)
_HEADERS = (
    "authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token|x-amz-security-token|x-vault-token"
)

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A password in a URL (RFC 3986, userinfo).
    (re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{0,20}://[^\s/?#@:'\"]{0,256}):[^\s/?#'\"]{1,512}@"), rf"\1:{MASK}@"),
    # Tokens and signatures in a URL's query.
    (re.compile(rf"([?&](?:{_QUERY})=)[^&\s#'\"<>]+", re.IGNORECASE), rf"\1{MASK}"),
    # A header as it is sent, or as `name=value`, with its scheme.
    (
        re.compile(
            rf"\b((?:{_HEADERS})['\"]?\s{{0,3}}[:=]\s{{0,3}}['\"]?)[^\s'\",;}}]+(?:[ ][^\s'\",;}}]+)?", re.IGNORECASE
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    # The secret half of AWS keys is 40 characters; it has no form of its own, so its name must stand before it.
    (re.compile(r"(secret_?access_?key['\"]?\s{0,3}[:=]\s{0,3}['\"]?)[A-Za-z0-9/+=]{40}", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"(session_?token['\"]?\s{0,3}[:=]\s{0,3}['\"]?)[A-Za-z0-9/+=]{16,}", re.IGNORECASE), rf"\1{MASK}"),
    # Session tokens of STS begin with one of these. Source: AWS STS API, Credentials.SessionToken as observed.
    (re.compile(r"\b(?:IQoJ|FwoG|FQoG)[A-Za-z0-9/+=]{80,}"), MASK),
    # Tokens of GitHub, GitLab and Slack, and JSON web tokens. Source: each vendor's documentation of token formats.
    (re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{16,})"), MASK),
    (re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"), MASK),
    (re.compile(r"(hooks\.slack\.com/services/)[A-Za-z0-9/]{8,}"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"), MASK),
    (re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]{1,20000}?-----END [A-Z ]{0,20}PRIVATE KEY-----"), MASK),
)
_HINTS = re.compile(
    r"://|\?|&|[Kk][Ee][Yy]|[Tt][Oo][Kk][Ee][Nn]|[Aa][Uu][Tt][Hh]|[Cc][Oo][Oo][Kk][Ii][Ee]|Bearer|Basic|IQoJ|FwoG|FQoG"
    r"|gh[pousr]_|github_pat_|glpat-|xox|hooks\.slack|eyJ"
)
"""One of these stands in every text that a form matches: most lines are let through after a single search."""

_SUSPECT = (
    "://", "authorization", "cookie", "x-api-key", "x-auth-token", "x-amz-security-token", "x-vault-token", "bearer ",
    "basic ", "iqoj", "fwog", "fqog", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox",
    "hooks.slack", "eyj", "-----begin", '"headers":', '"variables":', '"environment":', '"environmentvariables":',
    '"env":',
)  # fmt: skip
_SUSPECT_SQUEEZED = ("externalid", "clientsecret", "secretaccesskey", "sessiontoken")
_SUSPECT_QUERY = re.compile(rf"[?&](?:{_QUERY})=", re.IGNORECASE)
"""One of these stands in the JSON text of every value that redacting would change (lower case, without `_` and `-`)."""

_SECRET_KEYS = frozenset({"externalid", "authorization", "cookie", "secretaccesskey", "sessiontoken", "clientsecret"})


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret: its last word says so (`DB_PASSWORD`, not `KEY_NAME`)."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.split(r"[_\-.]", spaced.upper())[-1] in _SECRET_NAMES


def secrets_of(environment: Mapping[str, str]) -> frozenset[str]:
    """The values of environment variables that are secret by their name and long enough not to be everyday words."""
    return frozenset(v for name, v in environment.items() if len(v) >= SHORTEST and is_secret_name(name))


class Redactor:
    """Redacts texts and JSON values.

    Args:     secrets: values to hide wherever they stand as a word of their own.
    """

    __slots__ = ("_literal", "_remembered", "_secrets")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest = sorted({s for s in secrets if len(s) >= SHORTEST}, key=len, reverse=True)
        self._secrets = [json.dumps(s)[1:-1] for s in longest]
        found = "|".join(re.escape(s) for s in longest)
        self._literal = re.compile(rf"(?<![A-Za-z0-9])(?:{found})(?![A-Za-z0-9])") if found else None
        self._remembered = functools.lru_cache(maxsize=20_000)(self._of_text)  # values repeat: regions, states, types

    def text(self, text: str) -> str:
        """The text without its secrets."""
        if len(text) < SHORTEST:
            return text
        return self._remembered(text) if len(text) <= 200 else self._of_text(text)

    def value(self, value: Json) -> Json:
        """A JSON value without its secrets. Lists, tuples and mappings are copied.

        What nests too deeply to be walked is hidden whole.
        """
        try:
            return self._value(value)
        except RecursionError:
            return MASK

    def dumped(self, value: Json, **how: Any) -> str:
        """JSON text of a value without its secrets; `how` goes to json.dumps.

        Most values hold none: their text shows it in a tenth of the time that walking them takes.
        """
        text = json.dumps(value, **how)
        return json.dumps(self.value(value), **how) if self._suspects(text) else text

    def command(self, words: Sequence[str]) -> str:
        """A command line as it is recorded: values of secret options hidden, in both spellings."""
        told: list[str] = []
        for word in words:
            name, given, _ = word.partition("=")
            if told and told[-1] in _OPTIONS:
                told.append(MASK)
            else:
                told.append(f"{name}={MASK}" if given and name in _OPTIONS else self.text(word))
        return " ".join(told)

    def _suspects(self, text: str) -> bool:
        """Whether the value of a JSON text may hold a secret; never false where it does."""
        lower = text.lower()
        squeezed = lower.translate(_JOINED)
        return (
            any(each in lower for each in _SUSPECT)
            or any(each in squeezed for each in _SUSPECT_SQUEEZED)
            or ('"name":' in text and '"value":' in text)
            or (("?" in text or "&" in text) and _SUSPECT_QUERY.search(text) is not None)
            or any(each in text for each in self._secrets)
        )

    def _of_text(self, text: str) -> str:
        if self._literal is not None:
            text = self._literal.sub(MASK, text)
        if _HINTS.search(text) is None:
            return text
        for pattern, instead in _FORMS:
            text = pattern.sub(instead, text)
        return text

    def _value(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict) or (not isinstance(value, _PLAIN) and isinstance(value, Mapping)):
            return {key: self._member(_kind_of(key), each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            pair = [self._element(each) for each in value]
            return pair if isinstance(value, list) else tuple(pair)
        return value

    def _member(self, kind: str, value: Json) -> Json:
        if not kind:
            return self._value(value)
        if kind == "secret" and isinstance(value, str):
            return MASK if value else value
        if kind == "headers" and isinstance(value, Mapping):
            return {k: MASK if isinstance(v, str) else self._value(v) for k, v in value.items()}
        if kind == "headers" and isinstance(value, list | tuple):
            return [[each[0], MASK] if isinstance(each, list | tuple) and len(each) == 2 else each for each in value]
        if kind == "variables" and isinstance(value, Mapping):
            return {k: MASK if _is_secret(k, v) else self._member(_kind_of(k), v) for k, v in value.items()}
        return self._value(value)

    def _element(self, each: Json) -> Json:
        """An element of a list; `{name, value}` is a container's environment variable."""
        if isinstance(each, dict) and len(each) <= 3 and _is_secret(each.get("name"), each.get("value")):
            return {**each, "value": MASK}
        return self._value(each)


_PLAIN = (int, float, bool, type(None), list, tuple)


@functools.lru_cache(maxsize=10_000)
def _kind_of(key: Json) -> str:
    """What the value at a key may be: `secret`, `headers`, `variables`, or nothing in particular."""
    name = str(key).lower()
    if name in ("variables", "environment", "environmentvariables", "env"):
        return "variables"
    return "headers" if name == "headers" else "secret" if name.translate(_JOINED) in _SECRET_KEYS else ""


_JOINED = str.maketrans("", "", "_-")


def _is_secret(name: Json, value: Json) -> bool:
    return isinstance(name, str) and isinstance(value, str) and len(value) >= SHORTEST and is_secret_name(name)


_FORMS_ONLY = Redactor()


def redacted(text: str) -> str:
    """A text without secrets that are known by their form."""
    return _FORMS_ONLY.text(text)


def redacted_json(value: Json) -> Json:
    """A JSON value without secrets that are known by their form or key. Never for what AWS is sent or an undo needs."""
    return _FORMS_ONLY.value(value)


def redacted_dumps(value: Json, **how: Any) -> str:
    """JSON text of a value without secrets that are known by their form or key; `how` goes to json.dumps."""
    return _FORMS_ONLY.dumped(value, **how)
