"""How resources of a type are found and named: parts of its record. `engine.model.record` tells how paths are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.json import Json


@dataclass(frozen=True, slots=True)
class Identity:
    """How a resource is named.

    `id` is the attribute that holds the id, or `_account` for what there is one of in each account (and region);
    `arn` is an attribute, or a template such as
    `arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}`, whose other names are paths; `name` is the path
    to what people read. `within`: attributes with the ids of its parents, where the id alone is unique only inside
    them; a resource is then known by all of them, joined by `/`. `also`: attributes that name such a resource without
    its parents, as events do.
    """

    id: str
    arn: str = ""
    name: str = ""
    within: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Listing by id: `param` takes `most` ids at once (1: a scalar, not a list).

    Neither the listing's `with` nor its page size goes along: `with` narrows (own images only), and EC2 rejects a
    page size beside ids. `call` and `items` are given where another operation than the listing answers.
    `gone`: error codes that mean "one of these ids does not exist". `also`: attributes whose values it takes like the
    id (a key's ARN); only for lookups of one at a time, where it is clear which was asked for.
    """

    param: str
    most: int
    call: str = ""
    items: str = ""
    gone: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """Listing inside each resource of another type: `with` fills parameters from the parent's attributes.

    `list` lists parents that are no type of their own; `type` is empty then.
    `copy` puts attributes of the parent on the child (child's name → path on the parent). `nested`: a child is the
    parent of others of its own type, asked about with the same `with` and `copy` (organizational units). `narrow`: keys
    of a policy's `query` that leave parents out (key → JMESPath over the parent that must hold, which sees `_options`).
    `choose`: the same of children, over the child.
    """

    type: str
    with_: Mapping[str, Json]
    copy: Mapping[str, str] = field(default_factory=dict)
    nested: bool = False
    narrow: Mapping[str, str] = field(default_factory=dict)
    choose: Mapping[str, str] = field(default_factory=dict)
    list: Listing | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """A condition the list call can answer itself, provably without losing a match.

    `filter` names an entry of the `Filters: [{Name, Values}]` list parameter, `param` a plain parameter (takes one
    value). `empty` are the values to ask for when the policy says the attribute is empty; `values` limits the
    pushed values to these (an API that rejects unknown ones).
    """

    filter: str = ""
    param: str = ""
    empty: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The list call: `items` finds the resources in its answer.

    `inner`: each of `items` holds its resources under this attribute, and `copy` names those of its own attributes
    that go on them (EC2's reservations). `item`: the answer holds plain strings, to be put under this attribute.
    `page`: the page-size parameter and its greatest value. `gives`: the attributes the listing fills, where a detail
    facet gives more (empty: all there are). `form`: how another source writes the resources, to be read by the provider
    as `like` describes them: `config` (AWS Config), `cloudcontrol` (Cloud Control); empty: as attributes.
    `none`: error codes that mean "there are none" (a setting never made). `query`: the parameter that the blocks of a
    policy's `query` go into, with `[]` as elements of a list (`OpsItemFilters[]`); empty: they are parameters.
    `once`: the first page of an answer is all that is wanted. `otherwise`: asked where this listing finds nothing.
    `besides`: with a parent, another call of the same parameters and answers that lists more; what both list is taken
    as this listing gives it. `owner`: the attribute that holds an element's account, where those of others that are
    shared with this one are listed too: they are left out. `optional`: the API leaves the list out of its answer where
    it is empty; of any other API, an answer without its list is not believed.
    """

    call: str
    items: str
    with_: Mapping[str, Json] = field(default_factory=dict)
    inner: str = ""
    copy: tuple[str, ...] = ()
    item: str = ""
    page: Mapping[str, int] = field(default_factory=dict)
    gives: tuple[str, ...] = ()
    by_id: Lookup | None = None
    parent: Parent | None = None
    push: Mapping[str, Push] = field(default_factory=dict)
    service: str = ""
    form: str = ""
    like: Listing | None = None
    none: tuple[str, ...] = ()
    query: str = ""
    once: bool = False
    otherwise: Listing | None = None
    besides: str = ""
    owner: str = ""
    optional: bool = False
