"""Names taken apart and put together."""

import pytest

from providers.aws.derive.words import flat, kebab, pascal, plural, singular, split


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("DescribeDBProxies", ["Describe", "DB", "Proxies"]),
        ("ListWebACLs", ["List", "Web", "ACLs"]),
        ("GetIPSets", ["Get", "IP", "Sets"]),
        ("ListOpenIDConnectProviders", ["List", "Open", "ID", "Connect", "Providers"]),
        ("ListAutoMLJobsV2", ["List", "Auto", "ML", "Jobs", "V2"]),
        ("ListS3AccessGrants", ["List", "S3", "Access", "Grants"]),
        ("DescribeLocationFSxLustre", ["Describe", "Location", "FSx", "Lustre"]),
        ("ListAPIs", ["List", "APIs"]),
    ],
)
def test_split(name: str, parts: list[str]) -> None:
    assert split(name) == parts


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("Proxies", "proxy"), ("ACLs", "acl"), ("Aliases", "alias"), ("Alias", "alias"), ("Addresses", "address"),
        ("Address", "address"), ("Caches", "cache"), ("Branches", "branch"), ("Indexes", "index"), ("Status", "status"),
        ("Analyses", "analysis"), ("Kinesis", "kinesis"), ("Series", "series"), ("Vpcs", "vpc"), ("Boxes", "box"),
        ("Databases", "database"), ("Metadata", "metadata"), ("Lenses", "lens"), ("DNS", "dns"),
    ],
)  # fmt: skip
def test_singular(word: str, one: str) -> None:
    assert singular(word) == one


def test_plural() -> None:
    assert [w for w in ("Vpcs", "Vpc", "Status", "Aliases", "Metadata") if plural(w)] == ["Vpcs", "Aliases"]


def test_forms() -> None:
    assert flat("DBClusterSnapshots") == "dbclustersnapshot"
    assert kebab(("DB", "Cluster")) == "db-cluster"
    assert pascal(("user", "Data")) == "UserData"
