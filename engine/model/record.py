"""What the engine knows of one resource type: closed records, read from TOML, never classes of their own.

`read_record` turns a mapping into a `ResourceType` and lists every unknown key, missing key and wrong type at
once. Paths are JMESPath over the resource's attributes unless said otherwise. In every `with` table a string is a
path, a list or table is a template of paths, anything else is a literal; a literal string is written as a JMESPath
literal (`'text'`).

Paths of operations, tag writes and metrics may also read what is not an attribute. No AWS attribute begins with `_`:
`_arn` (the resource's ARN by its identity), `_account`, `_region`, `_partition`, `_policy` (the policy's name), `_now`
(UTC, `2026-11-21-04-00`) and, in operations and words, `_options` (the policy's options, defaults included).
Operations also see `_found`: what the policy's filters have found on the resource (`_found.statements`).

Beside JMESPath's own functions there are `split`, `from_json`, `lookup(table, key)`, `pick(table, keys)` (the values
there), `without(table, keys)`, `merged(table, other)` (the other's values win, tables in tables are merged too),
`items(table)` ({Key, Value} of each), `product(numbers)`, `quotient(number, by)`, `days_after(date, days)`,
`search(path, data)`, `like(text, shell patterns)`, `regex(text, pattern)` (from the text's start, in any case),
`csv_rows(text)` (a table a row) and `sort_versions(list)` (the newest is last); and on lists, keeping the order and
taking null for an empty one, `those_in(list, other)`, `those_not_in(list, other)`, `those_like(list, pattern)`,
`those_with(list, path, values)`, `those_before(list, path, date)`, `unique(list)` (the first of the same),
`chunks(list, size)` and `first_covering(list, path, ranges)` (for each range of addresses the first whose own, at the
path, holds all of it, or null).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.json import Json
from engine.model.listing import Identity, Listing


@dataclass(frozen=True, slots=True)
class FacetBatch:
    """One call for many resources: `param` takes a list of `most` values of the attribute `id` (or of a path, `_arn`).

    `items` finds the answers, `key` is the answer's attribute that equals `id`, or a list of which one does. `filter`:
    `param` is a list of `{Name, Values}`, and the ids are the values of the one by this name. `param` empty: everything
    is listed once. What has no answer has none then. `many`: a resource may have several answers, and the facet takes
    of the list of them. Where `id` gives a list, the first of it that has an answer counts.
    """

    param: str
    most: int
    id: str
    items: str
    key: str
    filter: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A named extra read, made only when something needs it and only for the resources left then.

    `attribute` is the key under which policies see the value; empty: the value's own keys join the resource's.
    `take` is JMESPath over the answer (empty: the answer). `form`: `json-text` parses a JSON string, `url-json-text`
    one that is URL-encoded too, `yaml-text` a YAML one, `base64-text` decodes (and gunzips) to text, `key-values` makes
    a table of a list of [{Key, Value}], numbers and true/false read as such. `none`: error codes that mean "has none".
    `region`: attribute that holds the region to ask in. `paged`: all pages are read and `take` must give a list.
    `when`: JMESPath over the listing's attributes; what it does not hold for has none, and is not asked about. `each`:
    JMESPath to a list, one call for each of its elements (`_each` to `with`, `take` and `region`), what they give in
    one list. `made`: where the answer is one of the errors `unmade`, what has AWS make it, asked until it is there.
    `made` without `unmade`: a job that is started first, with the answer `_made` to `with`; then the facet's call is
    asked until its answer passes `until`. Equal calls of a facet are made once, however many resources ask so.
    Paths that read `_options`: only words ask for it, with what the policy gives them; elsewhere it is null.
    """

    call: str
    with_: Mapping[str, Json]
    attribute: str = ""
    take: str = ""
    form: str = ""
    none: tuple[str, ...] = ()
    batch: FacetBatch | None = None
    service: str = ""
    region: str = ""
    paged: bool = False
    when: str = ""
    each: str = ""
    made: Pause | None = None
    unmade: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagWrite:
    """A call that writes or removes tags.

    `with` fills the parameters that say which resource; `tags` is the parameter that takes tags (or keys, on
    removal) and `form` its shape: `pairs` [{Key, Value}], `lower` [{key, value}], `tag-pairs` [{TagKey, TagValue}],
    `map`, `keys` [str], `key-maps` [{Key}]. A dotted `tags` is a nested parameter. `replaces`: the call replaces the
    whole set. `batch`: the list parameter in which several resources go into one call. `each`: a template of further
    members of each pair. `region`: attribute that holds the region to call in.
    """

    call: str
    with_: Mapping[str, Json]
    tags: str
    form: str
    most: int = 1
    batch: str = ""
    replaces: bool = False
    service: str = ""
    region: str = ""
    each: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tags:
    """How the type is tagged.

    `attribute` and `form` say where the listing carries tags (form as in `TagWrite`); empty: it does not, and
    `facet` names the facet that reads one resource's, `tagging_type` the Resource Groups Tagging API's type filter
    (`lambda:function`) that reads them by the hundred. Policies always see them as `Tags: [{Key, Value}]`.
    """

    write: TagWrite | None = None
    remove: TagWrite | None = None
    attribute: str = ""
    form: str = "pairs"
    facet: str = ""
    tagging_type: str = ""
    most: int = 50


@dataclass(frozen=True, slots=True)
class Metrics:
    """CloudWatch: the type's namespace and its dimensions (name → path on the resource).

    `by_metric`: dimensions (name → value) that a metric (`*`: any other) has besides, unless the policy gives them
    (S3's StorageType). `each`: JMESPath to a list; there is a series for each of its elements (`_each` to the
    dimensions), none where it is empty; null: it is not known.
    """

    namespace: str
    dimensions: Mapping[str, str]
    by_metric: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    each: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Resources of another type that this one names: `ids` is a path that yields their ids.

    `attribute` is the path on the other type to what the ids equal (empty: its id). `many`: several may have the same.
    """

    type: str
    ids: str
    attribute: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an operation or a word: JSON type, where it goes (`to`, a dotted parameter), and its default.

    `type` is string, integer, number, boolean, array, object or any; `words` are texts that it takes besides. `to`: `*`
    spreads a table, or a list of {property, value}, over the call's parameters; empty: the option only serves
    `_options`. `form` as in `TagWrite`: a table that goes out as `pairs`, its values as text.
    """

    type: str
    to: str = ""
    required: bool = False
    default: Json = None
    says: str = ""
    enum: tuple[Json, ...] = ()
    least: float | None = None
    most: float | None = None
    form: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTags:
    """Tags on what an operation makes, at the parameter `to`.

    The operation's options `copy-tags` (true, or names of the resource's own tags to copy) and `tags` (name → value,
    which win) say which. `kind`: EC2's resource type, for the form `TagSpecifications`; empty: plain pairs.
    """

    to: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """What an operation waits for, where calls of the same change come before its own.

    `seconds` is a number, or a path to one. With a `call`: at most so long, until its answer passes `until` (JMESPath).
    """

    seconds: Json
    call: str = ""
    with_: Mapping[str, Json] = field(default_factory=dict)
    until: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The operation's call is made for all that a list call finds, page by page, so that no more is held than a page.

    `items` finds the elements in the answer. `param` (dotted) takes `most` of them at once; empty: one call an element,
    whose members join the parameters: so a call's version or token is looked up just before it. `failures`: JMESPath to
    what the answer says could not be done.
    """

    call: str
    with_: Mapping[str, Json]
    items: str
    param: str = ""
    most: int = 1
    failures: str = ""


@dataclass(frozen=True, slots=True)
class Marking:
    """How what the operation creates is found again, when its answer was lost: the call, and what its answer passes.

    `to` (dotted) is the parameter that takes the mark when the call is made; `form`: `text` (appended to what stands
    there, at most `most` characters in all), `pairs` [{Key, Value}], `map`, `specification` (EC2's TagSpecifications,
    for the resource type `kind`). The tag is `policy-engine:change`. `with` and `found` (JMESPath over the answer) hold
    the mark as `{mark}`; paths in both also see the call's own parameters as `_params`. Without `to` these identify
    what is created (a name). `none`: error codes that mean that there is none.
    """

    call: str
    with_: Mapping[str, Json]
    found: str
    none: tuple[str, ...] = ()
    to: str = ""
    form: str = "text"
    kind: str = ""
    most: int = 255
    service: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """A verb of the type: one call for each resource.

    `when`: JMESPath that must hold, else the resource is skipped and `when_says` tells why. `batch` and `most`: the
    list parameter in which several resources go into one call. `undo`: `none: REASON`, or the name of the operation
    that reverses it (with `keep`: option → path whose present value the inverse writes back; own options that the
    policy does not give and that have no default are left out). `done`: JMESPath true on a fresh read once it has
    happened; `gone`: it has happened when the resource is no more. `after`: path → the value shown in the plan, a
    template as in `with`. `instead`: JMESPath → operation: the first that holds replaces this operation, before its
    `when` is asked. `before_it`, `after_it`: operations made first, or afterwards, when an option is true or a
    condition holds (option or JMESPath → operations), where their own `when` holds. `each`: JMESPath to a list, one
    call for each of its elements (`_each` to the other paths). `terms`: names for paths, read as `_terms.NAME`.
    `wait`: what the call waits for. `always`: it is made even where an earlier call of the change failed. `already`:
    error codes that mean that it is so already. `over`: the call is made for what a list call finds (`items` may read
    `_options`). `hidden`: no word of policies, only named by others. `reads`: facets that its paths need. `new_tags`:
    tags on what it makes. `mark`: how that is recognised, for operations whose effect no read of the resource shows:
    neither `after`, nor `done`, nor `gone`. `region`: attribute or option that holds the region to call in.
    A parameter whose value is null is not sent, at any depth. `rules`: JMESPath that must hold of `_options`
    and of the policy (`_mode`, `_regions`, `_filters`) → what is wrong otherwise.
    """

    call: str
    with_: Mapping[str, Json]
    says: str = ""
    when: str = ""
    when_says: str = ""
    batch: str = ""
    most: int = 1
    options: Mapping[str, Option] = field(default_factory=dict)
    undo: str = ""
    keep: Mapping[str, str] = field(default_factory=dict)
    done: str = ""
    gone: bool = False
    after: Mapping[str, Json] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    before_it: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after_it: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    each: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    wait: Pause | None = None
    always: bool = False
    already: tuple[str, ...] = ()
    over: Sweep | None = None
    destructive: bool = False
    service: str = ""
    region: str = ""
    hidden: bool = False
    reads: tuple[str, ...] = ()
    new_tags: NewTags | None = None
    mark: Marking | None = None
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A filter word of the type made from a generic filter: `is_` is that filter, `with` presets its options.

    `options` are the type's own names for options, passed on to the generic filter's option named by `to`; those
    without `to` are for the preset expression alone, which sees them as `_options`.
    `fixed`: the policy may give no other options of the generic filter than those. `bare`: what is preset besides where
    the policy gives the word alone. `rules`: as an operation's, without `_filters`.
    """

    is_: str
    with_: Mapping[str, Json] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    says: str = ""
    fixed: bool = False
    bare: Mapping[str, Json] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """Everything known about one type; `word` is the policy's name for it (the record's file stem).

    `cfn` is its CloudFormation type; `config` is AWS Config's, where that differs or there is no other.
    `kind`: `resource`, `activity` (a job or run, that ends by itself), `relation`, or `setting` (one for each account
    and region). `category`: the kind of service (`database`), for lists. `status`: the path to its state.
    `origin`: who made the record: `curated` (a person), `derived` (the rules, held against the SDK's models and
    checked in), `unreviewed` (the rules, just now, from the installed SDK). It is set by the reader of records.
    """

    word: str
    service: str
    summary: str
    identity: Identity
    list: Listing
    cfn: str = ""
    config: str = ""
    global_: bool = False
    tags: Tags | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    metrics: Metrics | None = None
    facets: Mapping[str, Facet] = field(default_factory=dict)
    joins: Mapping[str, Join] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    filters: Mapping[str, Word] = field(default_factory=dict)
    permissions: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    kind: str = "resource"
    category: str = ""
    status: str = ""
    origin: str = "curated"
