"""What a filter must know beyond the listing. Equal needs are gathered once a run; all are hashable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class FacetNeed:
    """A facet of the type's record by name: `tags`, `detail`, `versioning` …

    Fact: the facet's value; None where AWS says the resource has none.
    """

    facet: str


@dataclass(frozen=True, slots=True)
class MetricNeed:
    """A CloudWatch series of each resource over a window that ends now.

    `days` is the window's length; `period` is in seconds; `dimensions` are (name, value) pairs added to the
    resource's own. Fact: list of floats in time order, empty when CloudWatch has no datapoint. `of`: JMESPath to what
    describes each resource's own series instead: {namespace, name, dimensions, statistic, period}; null: it has none.
    Where the type's record has a series for each of several things, the fact is a list of such lists. `own`: dimensions
    (name, path) in place of the type's.
    """

    namespace: str
    name: str
    statistic: str
    days: float
    period: int
    dimensions: tuple[tuple[str, str], ...] = ()
    start_of_day: bool = False
    of: str = ""
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedNeed:
    """Resources of another type that this one names.

    `join` is the name of the join in the type's record; `paths` are what is read of the others, whose facets come
    along. Fact: list of (id, attributes or None), one for each id the resource names, in its order; None stands for a
    dangling id. Without a join, `type` is the other type and `ids` the path to their ids; the type may be
    `resourcegroupstaggingapi`, for the tags of anything that is named by its ARN.
    """

    join: str
    paths: tuple[str, ...] = ()
    type: str = ""
    ids: str = ""


@dataclass(frozen=True, slots=True)
class PopulationNeed:
    """Every resource of another type in the same scope, told by a path: for `unused` and its like.

    Fact (the same for each resource of the scope): frozenset of the values found at `path` (JMESPath).
    """

    type: str
    path: str


@dataclass(frozen=True, slots=True)
class ContentNeed:
    """A document outside the account's resources (`value_from`), read once a run.

    `format` is json, csv, csv2dict or txt, or empty for "by the URL's extension"; `headers` are pairs. `max_size` is in
    bytes, `timeout` in seconds.
    Fact: the text's value after `expr` (JMESPath) was applied: a list, mapping or scalar, or None if `expr`
    finds nothing.
    """

    url: str
    format: str = ""
    expr: str | int | None = None
    query: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    max_size: int = 10_000_000
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class PolicyNeed:
    """Whether an embedded policy (account filter `missing`) matches anything in this scope.

    `policy` is its canonical JSON text. Fact: the number of matches.
    """

    policy: str


@dataclass(frozen=True, slots=True)
class FindingNeed:
    """What Security Hub has found on each resource, by its ARN.

    `query` is the canonical JSON text of more filters (AwsSecurityFindingFilters); `region`: where to ask, empty for
    the scope's own. Fact: list of findings.
    """

    query: str = "{}"
    region: str = ""


@dataclass(frozen=True, slots=True)
class HealthNeed:
    """What AWS Health says happens, or will happen, to each resource.

    Events of the region and global ones, in one of `statuses`, of one of `types` and `categories` (empty: any). Fact:
    list of events.
    """

    statuses: tuple[str, ...] = ("open", "upcoming")
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpsItemNeed:
    """The operational items of Systems Manager that name each resource by its ARN.

    In one of `statuses` and of one of `priorities` (empty: any), whose title contains `title`, made by `source`. Fact:
    list of items.
    """

    statuses: tuple[str, ...] = ("Open",)
    priorities: tuple[str, ...] = ()
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A facet of the type's record that is asked for with a policy's options, which its paths see as `_options`.

    `options` is their canonical JSON text. The same call is made once, whatever the number of resources. Fact: as the
    facet's; it is no attribute.
    """

    facet: str
    options: str = "{}"


Need: TypeAlias = (
    FacetNeed
    | MetricNeed
    | RelatedNeed
    | PopulationNeed
    | ContentNeed
    | PolicyNeed
    | FindingNeed
    | HealthNeed
    | OpsItemNeed
    | AskedNeed
)
