"""The reading half of a record: listing, identity, facets, tags, metrics."""

from __future__ import annotations

import re
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel

from engine.model.json import Json
from engine.model.listing import Listing, Lookup, Parent
from engine.model.need import FacetNeed
from engine.model.record import Facet, FacetBatch, TagWrite
from engine.plugin.attributes import prerequisites
from engine.plugin.paths import PathRejected, getter
from providers.aws.adapter.sdk_model import synthesised

from .check import Check
from .path_types import ANY, TEXT, TRUTH, Many, Table, Type, Walk, element_of, scalar_of, table_of
from .surroundings import (
    asked_options,
    documented,
    facet_type,
    item_of,
    items_of,
    joined,
    listed_of,
    root_of,
    with_element,
)

PAIRS = {"pairs": ("Key", "Value"), "lower": ("key", "value"), "tag-pairs": ("TagKey", "TagValue")}
FACET_FORMS = frozenset({"", "json-text", "url-json-text", "yaml-text", "base64-text", "key-values"})
TEMPLATE_FIELD = re.compile(r"\{([^{}]+)\}")


def check_besides(check: Check, listing: Listing, model: OperationModel) -> None:
    """The other list call is answered alike; whose an element is stands in it."""
    if listing.owner:
        check.path("list.owner", listing.owner, listed_of(check.by, check.record))
    other = check.call("list.besides", listing.service, listing.besides) if listing.besides else None
    if listing.parent is None and listing.besides:
        check.say("list.besides", "goes with a parent")
    if other is not None and set(model.output_shape.members) - set(other.output_shape.members):
        check.say("list.besides", "is answered otherwise")


def check_parent(check: Check, parent: Parent, model: OperationModel) -> None:
    """What is listed inside what: parameters, what is copied, what a query leaves out."""
    for name, path in parent.choose.items():
        check.path(f"list.parent.choose.{name}", path, listed_of(check.by, check.record), Table({name: TEXT}))
    other = check.other("list.parent.type", parent.type)
    if other is None:
        return
    above = root_of(check.by, other)
    if parent.nested:
        above = Table({**dict.fromkeys(parent.copy, ANY), **above.members}, above.open)
    check.template("list.parent.with", dict(parent.with_), model.input_shape, above, Table({}))
    for name, path in parent.copy.items():
        check.path(f"list.parent.copy.{name}", path, above)
    for name, path in parent.narrow.items():
        check.path(f"list.parent.narrow.{name}", path, above, Table({name: Many(TEXT)}))


def check_listing(check: Check) -> None:
    """The list call: parameters, page size, lookups, parent, pushes."""
    listing = check.record.list
    model = check.call("list.call", listing.service, listing.call)
    if model is None:
        return
    check_besides(check, listing, model)
    root = Table({})
    given = [*listing.page]
    check.template("list.with", dict(listing.with_), model.input_shape, root, Table({}))
    if listing.parent is not None:
        check_parent(check, listing.parent, model)
        given += listing.parent.with_
    check.required("list", model, [*listing.with_, *given])
    for name, most in listing.page.items():
        limit = check.member(f"list.page.{name}", model.input_shape, name)
        if limit is not None and most > limit.metadata.get("max", most):
            check.say(f"list.page.{name}", f"the SDK allows {limit.metadata['max']}")
    if listing.query:
        param = check.member("list.query", model.input_shape, listing.query.removesuffix("[]"))
        if param is not None and isinstance(param, ListShape) != listing.query.endswith("[]"):
            check.say("list.query", "a list's elements are written with []")
    check_items(check)
    if listing.by_id is not None:
        check_lookup(check, listing.by_id, model)
    for path, push in listing.push.items():
        check_push(check, f"list.push.{path}", path, push, model)


def check_lookup(check: Check, look: Lookup, listing: OperationModel) -> None:
    """Listing by id: the parameter, and what is found."""
    found = listing
    if look.call:
        found = check.call("list.by_id.call", check.record.list.service, look.call) or listing
    param = check.member("list.by_id.param", found.input_shape, look.param)
    if param is not None and isinstance(param, ListShape) != (look.most > 1):
        check.say("list.by_id.most", "a list takes several ids, a plain parameter one")
    if look.items:
        walk = Walk(check.problems)
        walk.of(look.items, found.output_shape)


def check_items(check: Check) -> None:
    """That the items are found, and what they give."""
    listing, walk = check.record.list, Walk()
    model = check.by.sdk.operation(listing.service or check.record.service, listing.call)
    assert model is not None
    table = items_of(walk, check.record, model)
    check.problems += [f"list.items: {text}" for text in walk.problems]
    if not getter(listing.items)(synthesised(model.output_shape)):
        check.say("list.items", "finds nothing in a whole answer")
    if table is None:
        check.say("list.items", "finds neither tables nor texts with an 'item' to be put under")
        return
    copied = listing.parent.copy if listing.parent is not None else {}
    for name in listing.gives:
        if name not in table.members and name not in copied:
            check.say("list.gives", f"the listing has no '{name}'")
    details = [facet for facet in check.record.facets.values() if not facet.attribute]
    more = {name for facet in details for name in joined(check.by, check.record, facet)}
    for name in listing.by_id.also if listing.by_id is not None else ():
        if name not in table.members:
            check.say("list.by_id.also", f"the listing has no '{name}'")
    if bool(listing.gives) != bool(details):
        check.say("list.gives", "is told if, and only if, a facet without an attribute gives more")
    left = {n for n in table.members if n not in listing.gives and n not in more} if listing.gives else set()
    if left:
        check.say("list.gives", f"misses {', '.join(sorted(left))}")


def check_push(check: Check, where: str, path: str, push: Any, model: OperationModel) -> None:
    """A pushed condition: the attribute, the filter's documented name, values of the attribute's own."""
    kind: Type = TEXT
    if path != "tag:*":
        kind = check.path(where, path, listed_of(check.by, check.record))
    if push.filter:
        filters = check.member(f"{where}.filter", model.input_shape, "Filters")
        if filters is not None and not documented(filters, push.filter):
            check.say(f"{where}.filter", f"{model.name} documents no filter '{push.filter}'")
    elif push.param:
        check.member(f"{where}.param", model.input_shape, push.param)
    else:
        check.say(where, "says neither filter nor param")
    choices = getattr(kind, "enum", None) or (("true", "false") if scalar_of(kind) == "truth" else None)
    for value in push.values:
        if choices and value not in choices:
            check.say(f"{where}.values", f"'{value}' is no value of {path}")


def check_identity(check: Check) -> None:
    """Id, ARN and name are attributes."""
    identity = check.record.identity
    listed = listed_of(check.by, check.record)
    kind = check.path("identity.id", identity.id, listed)
    if not scalar_of(kind) and not (kind is ANY and check.record.list.form):
        check.say("identity.id", "is no text")
    for name in identity.within:
        if not scalar_of(check.path("identity.within", name, listed)):
            check.say("identity.within", f"'{name}' is no text")
    if identity.arn.startswith("arn:"):
        for name in TEMPLATE_FIELD.findall(identity.arn):
            if name not in ("partition", "region", "account"):
                check.path("identity.arn", name, listed)
    elif identity.arn:
        check.path("identity.arn", identity.arn, listed)
    elif "'_arn'" in repr(check.record):
        check.say("identity.arn", "is missing, and the record asks for it")
    if identity.name and not identity.name.startswith("tag:"):
        check.path("identity.name", identity.name)


def reads_others(check: Check, facet: Facet) -> bool:
    """Whether it is asked with what other facets give."""
    names = [name for name, each in check.record.facets.items() if each is facet]
    try:
        return any(prerequisites(FacetNeed(name), check.record) for name in names)
    except PathRejected:  # told where the path is checked
        return False


def check_facet_with(check: Check, where: str, facet: Facet, model: OperationModel, options: Table) -> None:
    """Its parameters, which may read an element of a list, or the answer that started a job."""
    if facet.made is not None:
        made = check.call(f"{where}.made.call", facet.made.service or facet.service, facet.made.call)
        if made is None:
            return
        check.template(f"{where}.made.with", dict(facet.made.with_), made.input_shape, None, Table({}))
        job = model if not facet.unmade else made
        check.path(f"{where}.made.until", facet.made.until, job.output_shape)
        check.made = made.output_shape if not facet.unmade else None
    if facet.each:
        check.each = element_of(check.path(f"{where}.each", facet.each)) or ANY
        if facet.batch is not None or not facet.attribute:
            check.say(f"{where}.each", "goes with no batch, and needs an attribute")
        if facet.region:
            check.path(f"{where}.region", facet.region)
    check.template(f"{where}.with", dict(facet.with_), model.input_shape, None, options)
    check.each = check.made = None


def check_facet(check: Check, where: str, facet: Facet) -> None:
    """An extra read: the call, its parameters, what it takes."""
    model = check.call(f"{where}.call", facet.service, facet.call)
    if model is None:
        return
    options = asked_options(check.record, where.removeprefix("facets."))
    check_facet_with(check, where, facet, model, options)
    check.required(where, model, facet.with_)
    if model.has_streaming_output:
        check.say(f"{where}.call", f"{model.name} gives a content, not facts")
    output: Type = model.output_shape
    sample = synthesised(model.output_shape)
    if facet.batch is not None:
        output, sample = check_batch(check, where, facet, facet.batch, model)
    if facet.when:
        check.path(f"{where}.when", facet.when, _seen(check, facet), options)
    if facet.region and not facet.each:
        check.path(f"{where}.region", facet.region, listed_of(check.by, check.record))
    if facet.each:
        output, sample = with_element(output), {**sample, "_each": {}}
    walk = Walk()
    kind = walk.of(facet.take, output) if facet.take else output
    check.problems += [f"{where}.take: {text}" for text in walk.problems]
    if facet.take and getter(facet.take)(sample) is None:
        check.say(f"{where}.take", "finds nothing in a whole answer")
    if facet.paged and facet.batch is None and element_of(kind) is None:
        check.say(f"{where}.paged", "what is taken is no list")
    check_form(check, where, facet.form, kind)
    if not facet.attribute and table_of(kind) is None:
        check.say(f"{where}.take", "joins the resource, but is no table")


def check_form(check: Check, where: str, form: str, kind: Type) -> None:
    """The form is known, and what is taken can be read in it."""
    if form not in FACET_FORMS:
        check.say(f"{where}.form", f"'{form}' is no form")
    elif form == "key-values":
        pair = table_of(element_of(kind))
        if pair is None or not {"Key", "Value"} <= set(pair.members):
            check.say(f"{where}.form", "what is taken is no list of {Key, Value}")
    elif form and scalar_of(kind) != "text":
        check.say(f"{where}.form", "what is taken is no text")


def _seen(check: Check, facet: Facet) -> Type:
    """What a facet's guard and ids may read: the listing's attributes; others' too, where its parameters do."""
    return None if reads_others(check, facet) else listed_of(check.by, check.record)


def check_batch(check: Check, where: str, facet: Facet, batch: FacetBatch, model: OperationModel) -> tuple[Type, Json]:
    """One call for many: where the ids go, what the answers are; (the type of what the facet takes of, a sample)."""
    if batch.param:
        param = check.member(f"{where}.batch.param", model.input_shape, batch.param)
        if param is not None and not isinstance(param, ListShape):
            check.say(f"{where}.batch.param", "takes no list")
        if batch.param not in facet.with_:
            check.say(f"{where}.with", f"lacks the batch's '{batch.param}'")
        elif batch.filter and f"'{batch.filter}'" not in [each["Name"] for each in facet.with_[batch.param]]:
            check.say(f"{where}.batch.filter", f"'with' has no filter '{batch.filter}'")
    check.path(f"{where}.batch.id", batch.id, _seen(check, facet))
    walk = Walk()
    item = item_of(walk, batch.items, model.output_shape)
    walk.of(batch.key, item)
    check.problems += [f"{where}.batch: {text}" for text in walk.problems]
    found = getter(batch.items)(synthesised(model.output_shape)) or [{}]
    return (Many(item), found) if batch.many else (item, found[0])


def check_tags(check: Check) -> None:
    """How the type is tagged fits what the listing or facet gives."""
    tags = check.record.tags
    if tags is None:
        return
    if tags.attribute:
        kind = check.path("tags.attribute", tags.attribute, listed_of(check.by, check.record))
        check_tag_form(check, "tags.form", tags.form, kind)
    elif tags.facet:
        facet = check.record.facets.get(tags.facet)
        if facet is None or tags.facet != "tags":
            check.say("tags.facet", "is no facet named 'tags'")
        else:
            kind = facet_type(check.by, check.record, facet)
            check_tag_form(check, "tags.form", "map" if isinstance(kind, MapShape) else tags.form, kind)
            if facet.attribute != "Tags":
                check.say("facets.tags.attribute", "policies see tags under 'Tags'")
    elif not tags.tagging_type:
        check.say("tags", "are read nowhere")
    if tags.write is None or tags.remove is None:
        check.say("tags", "need write and remove")
        return
    check_tag_write(check, "tags.write", tags.write, removal=False)
    check_tag_write(check, "tags.remove", tags.remove, removal=True)


def check_tag_form(check: Check, where: str, form: str, kind: Type) -> None:
    """A list or map of tags in its form."""
    if form == "map":
        fits = isinstance(kind, MapShape)
    elif form == "keys":
        fits = scalar_of(element_of(kind)) == "text"
    else:
        element = table_of(element_of(kind))
        names = ("Key",) if form == "key-maps" else PAIRS.get(form, ("?",))
        fits = element is not None and set(names) <= set(element.members)
    if not fits:
        check.say(where, f"'{form}' is not what the SDK has there")


def check_tag_write(check: Check, where: str, write: TagWrite, removal: bool) -> None:
    """A call that writes or removes tags."""
    model = check.call(f"{where}.call", write.service, write.call)
    if model is None:
        return
    check.template(f"{where}.with", dict(write.with_), model.input_shape, None, Table({}))
    shape = check.member(f"{where}.tags", model.input_shape, write.tags)
    if shape is not None:
        check_tag_form(check, f"{where}.form", write.form, shape)
        if write.each and isinstance(shape, ListShape):
            options = Table({"propagate": TRUTH})
            check.template(f"{where}.each", dict(write.each), shape.member, listed_of(check.by, check.record), options)
    if removal and not write.replaces and write.form not in ("keys", "key-maps"):
        check.say(f"{where}.form", "a removal takes keys")
    if write.batch:
        batch = check.member(f"{where}.batch", model.input_shape, write.batch)
        if not isinstance(batch, ListShape) or write.batch not in write.with_ or write.most < 2:
            check.say(f"{where}.batch", "is no list parameter of several that 'with' fills")
    check.required(where, model, [*write.with_, write.tags.split(".")[0]])
    if write.region:
        check.path(f"{where}.region", write.region, listed_of(check.by, check.record))


def check_metrics(check: Check) -> None:
    """Dimensions are texts."""
    metrics = check.record.metrics
    if metrics is None:
        return
    if not re.fullmatch(r"(AWS/[A-Za-z0-9/-]+|[A-Z][A-Za-z]+)", metrics.namespace):
        check.say("metrics.namespace", "is no AWS namespace")
    if metrics.each:
        check.each = element_of(check.path("metrics.each", metrics.each)) or ANY
    for name, path in metrics.dimensions.items():
        kind = check.path(f"metrics.dimensions.{name}", path)
        if kind is not ANY and not scalar_of(kind):
            check.say(f"metrics.dimensions.{name}", "is no text")
    check.each = None
