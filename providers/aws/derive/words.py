"""How AWS's names are put together: words of CamelCase names, singulars, kebab-case."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

_WORD = re.compile(
    r"FSx|V\d+(?![a-z])|[A-Z]{2,}\d*s(?![a-z])|[A-Z]+\d*(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+",
)
_ODD = {
    "addresses": "address", "alias": "alias", "aliases": "alias", "atlas": "atlas", "bias": "bias",
    "analyses": "analysis", "apis": "api", "axes": "axis", "bases": "base", "branches": "branch", "buses": "bus",
    "caches": "cache", "canvas": "canvas", "canaries": "canary", "cookies": "cookie", "criteria": "criteria",
    "databases": "database", "diagnoses": "diagnosis", "edges": "edge", "hypotheses": "hypothesis",
    "indices": "index", "indexes": "index", "kinesis": "kinesis", "leases": "lease", "licenses": "license",
    "media": "media", "metadata": "metadata", "movies": "movie", "news": "news", "releases": "release",
    "responses": "response", "purchases": "purchase", "series": "series", "statuses": "status",
    "synthesis": "synthesis", "uses": "use", "vertices": "vertex", "bonuses": "bonus", "aws": "aws", "dns": "dns",
    "kms": "kms", "ses": "ses", "sms": "sms", "sns": "sns", "sqs": "sqs", "tls": "tls", "rds": "rds", "ebs": "ebs",
    "efs": "efs", "eks": "eks", "ecs": "ecs", "acls": "acl", "gps": "gps", "os": "os", "caas": "caas", "iops": "iops",
    "https": "https", "lens": "lens", "lenses": "lens", "gas": "gas", "ios": "ios",
}  # fmt: skip
"""Singulars that no ending tells."""


def split(name: str) -> list[str]:
    """`DescribeDBProxies` → Describe, DB, Proxies; `ListWebACLs` → List, Web, ACLs."""
    return _WORD.findall(name)


@functools.lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """One word, lower case, without its plural ending."""
    low = word.lower()
    if low in _ODD:
        return _ODD[low]
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if low.endswith(("sses", "xes", "ches", "shes")):
        return low[:-2]
    if low.endswith(("ss", "us", "is")) or not low.endswith("s") or len(low) < 3:
        return low
    return low[:-1]


def plural(word: str) -> bool:
    """Whether a word is one."""
    return singular(word) != word.lower()


@functools.lru_cache(maxsize=65536)
def flat(name: str) -> str:
    """A name as it is compared: its words in lower case, the last in the singular, run together."""
    parts = split(name)
    return "".join([*(p.lower() for p in parts[:-1]), singular(parts[-1])]) if parts else ""


@functools.lru_cache(maxsize=65536)
def low(name: str) -> str:
    """A name in lower case without separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def kebab(words: Sequence[str]) -> str:
    """Words as policies write them."""
    return "-".join(word.lower() for word in words)


def pascal(words: Sequence[str]) -> str:
    """Words as AWS writes them."""
    return "".join(word[:1].upper() + word[1:] for word in words)
