"""What is wrong with a record, as far as the SDK's models can tell.

`Checker.problems_of(record)` holds every call, parameter, path and cross-reference against botocore's shapes and the
other records, and lists all faults. Nothing is called and nothing is guessed: an unknown name is a fault.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, StructureShape

from engine.model.record import Facet, Operation, Option, ResourceType, TagWrite, Word
from engine.plugin.catalog import Shelf
from engine.plugin.params import parameters
from engine.plugin.paths import getter, roots
from providers.aws.adapter.sdk_model import SdkModel, synthesised

from .path_types import ANY, TEXT, Many, Scalar, Table, Type, Walk, element_of, scalar_of, table_of

WORDS = frozenset(
    "age attribute egress ingress list-item metrics missing offhour onhour related state unused value".split()
)
"""Generic filters that records build on."""

SPECIAL = dict.fromkeys(("_arn", "_account", "_region", "_partition", "_policy", "_now"), TEXT)
JSON_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "truth"}
PAIRS = {"pairs": ("Key", "Value"), "lower": ("key", "value"), "tag-pairs": ("TagKey", "TagValue")}
FACET_FORMS = frozenset({"", "json-text", "url-json-text", "base64-text", "key-values"})
TAG_LIST = Many(Table({"Key": TEXT, "Value": TEXT}))
TAG_FILTERS = re.compile(r"<code>tag(</code>)?:\s*(&lt;|<)key(&gt;|>)|<code>tag:Owner</code>|based on specific tags")
TEMPLATE_FIELD = re.compile(r"\{([^{}]+)\}")


@dataclass
class Checker:
    """Holds records against the SDK; `types` finds the other records."""

    sdk: SdkModel
    types: Callable[[str], ResourceType]
    filters: Shelf = field(default_factory=lambda: Shelf("filters", ("engine.filters",)))

    def problems_of(self, record: ResourceType) -> list[str]:
        """Every fault, each with its place in the record."""
        return Check(self, record).run()


@dataclass
class Check:
    """The check of one record."""

    by: Checker
    record: ResourceType
    problems: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """All parts in turn."""
        record = self.record
        if self.by.sdk.service(record.service) is None:
            return [f"service: the SDK has no '{record.service}'"]
        if not record.summary.endswith(".") or not record.source:
            self.say("summary", "needs a sentence, and the record a source")
        self.listing()
        self.identity()
        for name, facet in record.facets.items():
            self.facet(f"facets.{name}", facet)
        self.tags()
        for name, path in record.dates.items():
            if scalar_of(self.path(f"dates.{name}", path)) not in ("date", "text", "number"):
                self.say(f"dates.{name}", "is no date")
        self.metrics()
        for name, join in record.joins.items():
            other = self.other(f"joins.{name}", join.type)
            if join.attribute and other is not None:
                self.path(f"joins.{name}.attribute", join.attribute, root_of(self.by, other))
            self.textual(f"joins.{name}.ids", self.path(f"joins.{name}.ids", join.ids))
        for name, operation in record.operations.items():
            self.operation(f"operations.{name}", name, operation)
        for name, word in record.filters.items():
            self.word(f"filters.{name}", word)
        called = set(calls_of(record))
        for name in record.permissions:
            if name not in called:
                self.say(f"permissions.{name}", "is called by nothing in the record")
        return self.problems

    def say(self, where: str, text: str) -> None:
        """Keep a fault."""
        self.problems.append(f"{where}: {text}")

    def other(self, where: str, word: str) -> ResourceType | None:
        """Another type's record."""
        try:
            return self.by.types(word)
        except KeyError:
            self.say(where, f"there is no type '{word}'")
            return None

    def path(self, where: str, path: str, root: Type = None, options: Type = None) -> Type:
        """The type of what a path finds; its faults are kept."""
        base = root if root is not None else root_of(self.by, self.record)
        base = Table({**base.members, **SPECIAL, "_options": options or Table({})}, base.open)
        walk = Walk()
        kind = walk.of(path, base)
        for text in walk.problems:
            self.say(where, text)
        return kind

    def textual(self, where: str, kind: Type) -> None:
        """A text, a list of texts, or unknown."""
        inner = element_of(kind)
        if scalar_of(kind) != "text" and kind is not ANY and inner is not ANY and scalar_of(inner) != "text":
            self.say(where, "finds no text")

    def call(self, where: str, service: str, name: str) -> OperationModel | None:
        """An operation's model."""
        found = self.by.sdk.operation(service or self.record.service, name)
        if found is None:
            self.say(where, f"{service or self.record.service} has no operation '{name}'")
        return found

    def listing(self) -> None:
        """The list call: parameters, page size, lookups, parent, pushes."""
        listing = self.record.list
        model = self.call("list.call", listing.service, listing.call)
        if model is None:
            return
        root = Table({})
        given = [*listing.page]
        self.template("list.with", dict(listing.with_), model.input_shape, root, Table({}))
        if listing.parent is not None:
            other = self.other("list.parent.type", listing.parent.type)
            if other is not None:
                above = root_of(self.by, other)
                self.template("list.parent.with", dict(listing.parent.with_), model.input_shape, above, Table({}))
                for name, path in listing.parent.copy.items():
                    self.path(f"list.parent.copy.{name}", path, above)
            given += listing.parent.with_
        self.required("list", model, [*listing.with_, *given])
        for name, most in listing.page.items():
            limit = self.member(f"list.page.{name}", model.input_shape, name)
            if limit is not None and most > limit.metadata.get("max", most):
                self.say(f"list.page.{name}", f"the SDK allows {limit.metadata['max']}")
        self.items()
        if listing.by_id is not None:
            found = model
            if listing.by_id.call:
                found = self.call("list.by_id.call", listing.service, listing.by_id.call) or model
            param = self.member("list.by_id.param", found.input_shape, listing.by_id.param)
            if param is not None and isinstance(param, ListShape) != (listing.by_id.most > 1):
                self.say("list.by_id.most", "a list takes several ids, a plain parameter one")
            if listing.by_id.items:
                walk = Walk(self.problems)
                walk.of(listing.by_id.items, found.output_shape)
        for path, push in listing.push.items():
            self.push(f"list.push.{path}", path, push, model)

    def items(self) -> None:
        """That the items are found, and what they give."""
        listing, walk = self.record.list, Walk()
        model = self.by.sdk.operation(listing.service or self.record.service, listing.call)
        assert model is not None
        table = items_of(walk, self.record, model)
        self.problems += [f"list.items: {text}" for text in walk.problems]
        if not getter(listing.items)(synthesised(model.output_shape)):
            self.say("list.items", "finds nothing in a whole answer")
        if table is None:
            self.say("list.items", "finds neither tables nor texts with an 'item' to be put under")
            return
        copied = listing.parent.copy if listing.parent is not None else {}
        for name in listing.gives:
            if name not in table.members and name not in copied:
                self.say("list.gives", f"the listing has no '{name}'")
        details = [facet for facet in self.record.facets.values() if not facet.attribute]
        more = {name for facet in details for name in joined(self, facet)}
        if bool(listing.gives) != bool(details):
            self.say("list.gives", "is told if, and only if, a facet without an attribute gives more")
        left = {n for n in table.members if n not in listing.gives and n not in more} if listing.gives else set()
        if left:
            self.say("list.gives", f"misses {', '.join(sorted(left))}")

    def push(self, where: str, path: str, push: Any, model: OperationModel) -> None:
        """A pushed condition: the attribute, the filter's documented name, values of the attribute's own."""
        kind: Type = TEXT
        if path != "tag:*":
            kind = self.path(where, path, listed_of(self.by, self.record))
        if push.filter:
            filters = self.member(f"{where}.filter", model.input_shape, "Filters")
            if filters is not None and not documented(filters, push.filter):
                self.say(f"{where}.filter", f"{model.name} documents no filter '{push.filter}'")
        elif push.param:
            self.member(f"{where}.param", model.input_shape, push.param)
        else:
            self.say(where, "says neither filter nor param")
        choices = getattr(kind, "enum", None) or (("true", "false") if scalar_of(kind) == "truth" else None)
        for value in push.values:
            if choices and value not in choices:
                self.say(f"{where}.values", f"'{value}' is no value of {path}")

    def identity(self) -> None:
        """Id, ARN and name are attributes."""
        identity = self.record.identity
        listed = listed_of(self.by, self.record)
        if not scalar_of(self.path("identity.id", identity.id, listed)):
            self.say("identity.id", "is no text")
        if identity.arn.startswith("arn:"):
            for name in TEMPLATE_FIELD.findall(identity.arn):
                if name not in ("partition", "region", "account"):
                    self.path("identity.arn", name, listed)
        elif identity.arn:
            self.path("identity.arn", identity.arn, listed)
        else:
            self.say("identity.arn", "is missing")
        if identity.name and not identity.name.startswith("tag:"):
            self.path("identity.name", identity.name)

    def facet(self, where: str, facet: Facet) -> None:
        """An extra read: the call, its parameters, what it takes."""
        model = self.call(f"{where}.call", facet.service, facet.call)
        if model is None:
            return
        self.template(f"{where}.with", dict(facet.with_), model.input_shape, None, Table({}))
        self.required(where, model, facet.with_)
        if facet.form not in FACET_FORMS:
            self.say(f"{where}.form", f"'{facet.form}' is no form")
        output: Type = model.output_shape
        sample = synthesised(model.output_shape)
        if facet.batch is not None:
            param = self.member(f"{where}.batch.param", model.input_shape, facet.batch.param)
            if param is not None and not isinstance(param, ListShape):
                self.say(f"{where}.batch.param", "takes no list")
            if facet.batch.param not in facet.with_:
                self.say(f"{where}.with", f"lacks the batch's '{facet.batch.param}'")
            self.path(f"{where}.batch.id", facet.batch.id, listed_of(self.by, self.record))
            walk = Walk()
            output = item_of(walk, facet.batch.items, output)
            walk.of(facet.batch.key, output)
            self.problems += [f"{where}.batch: {text}" for text in walk.problems]
            sample = (getter(facet.batch.items)(sample) or [None])[0]
        if facet.region:
            self.path(f"{where}.region", facet.region, listed_of(self.by, self.record))
        walk = Walk()
        kind = walk.of(facet.take, output) if facet.take else output
        self.problems += [f"{where}.take: {text}" for text in walk.problems]
        if facet.take and getter(facet.take)(sample) is None:
            self.say(f"{where}.take", "finds nothing in a whole answer")
        if facet.paged and element_of(kind) is None:
            self.say(f"{where}.paged", "what is taken is no list")
        if facet.form == "key-values":
            pair = table_of(element_of(kind))
            if pair is None or not {"Key", "Value"} <= set(pair.members):
                self.say(f"{where}.form", "what is taken is no list of {Key, Value}")
        elif facet.form and scalar_of(kind) != "text":
            self.say(f"{where}.form", "what is taken is no text")
        if not facet.attribute and table_of(kind) is None:
            self.say(f"{where}.take", "joins the resource, but is no table")

    def tags(self) -> None:
        """How the type is tagged fits what the listing or facet gives."""
        tags = self.record.tags
        if tags is None:
            return
        if tags.attribute:
            kind = self.path("tags.attribute", tags.attribute, listed_of(self.by, self.record))
            self.tag_form("tags.form", tags.form, kind)
        elif tags.facet:
            facet = self.record.facets.get(tags.facet)
            if facet is None or tags.facet != "tags":
                self.say("tags.facet", "is no facet named 'tags'")
            else:
                kind = facet_type(self.by, self.record, facet)
                self.tag_form("tags.form", "map" if isinstance(kind, MapShape) else tags.form, kind)
                if facet.attribute != "Tags":
                    self.say("facets.tags.attribute", "policies see tags under 'Tags'")
        elif not tags.tagging_type:
            self.say("tags", "are read nowhere")
        if tags.write is None or tags.remove is None:
            self.say("tags", "need write and remove")
            return
        self.tag_write("tags.write", tags.write, removal=False)
        self.tag_write("tags.remove", tags.remove, removal=True)

    def tag_form(self, where: str, form: str, kind: Type) -> None:
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
            self.say(where, f"'{form}' is not what the SDK has there")

    def tag_write(self, where: str, write: TagWrite, removal: bool) -> None:
        """A call that writes or removes tags."""
        model = self.call(f"{where}.call", write.service, write.call)
        if model is None:
            return
        self.template(f"{where}.with", dict(write.with_), model.input_shape, None, Table({}))
        shape = self.member(f"{where}.tags", model.input_shape, write.tags)
        if shape is not None:
            self.tag_form(f"{where}.form", write.form, shape)
            if write.each and isinstance(shape, ListShape):
                self.template(f"{where}.each", dict(write.each), shape.member, None, Table({}))
        if removal and not write.replaces and write.form not in ("keys", "key-maps"):
            self.say(f"{where}.form", "a removal takes keys")
        if write.batch:
            batch = self.member(f"{where}.batch", model.input_shape, write.batch)
            if not isinstance(batch, ListShape) or write.batch not in write.with_ or write.most < 2:
                self.say(f"{where}.batch", "is no list parameter of several that 'with' fills")
        self.required(where, model, [*write.with_, write.tags.split(".")[0]])
        if write.region:
            self.path(f"{where}.region", write.region, listed_of(self.by, self.record))

    def metrics(self) -> None:
        """Dimensions are texts."""
        metrics = self.record.metrics
        if metrics is None:
            return
        if not re.fullmatch(r"AWS/[A-Za-z0-9]+", metrics.namespace):
            self.say("metrics.namespace", "is no AWS namespace")
        for name, path in metrics.dimensions.items():
            kind = self.path(f"metrics.dimensions.{name}", path)
            if kind is not ANY and not scalar_of(kind):
                self.say(f"metrics.dimensions.{name}", "is no text")

    def operation(self, where: str, name: str, operation: Operation) -> None:
        """A verb: the call, its parameters, guards, and the way back."""
        model = self.call(f"{where}.call", operation.service, operation.call)
        if model is None:
            return
        options = options_table(self.options_seen(name))
        self.template(f"{where}.with", dict(operation.with_), model.input_shape, None, options)
        given = [*operation.with_]
        for option_name, option in operation.options.items():
            self.option(f"{where}.options.{option_name}", option, model)
            given.append(option.to.split(".")[0] if option.to else "")
        if operation.new_tags is not None:
            self.new_tags(where, operation, model)
        if "*" not in given:
            self.required(where, model, given)
        if operation.batch:
            batch = self.member(f"{where}.batch", model.input_shape, operation.batch)
            if not isinstance(batch, ListShape) or operation.batch not in operation.with_ or operation.most < 2:
                self.say(f"{where}.batch", "is no list parameter of several that 'with' fills")
        if operation.region:
            self.path(f"{where}.region", operation.region, listed_of(self.by, self.record))
        paths = {"when": operation.when, "done": operation.done}
        paths |= {f"keep.{k}": v for k, v in operation.keep.items()}
        paths |= {f"instead.{k}": k for k in operation.instead}
        paths |= {f"after {k}": k for k in operation.after}
        paths |= {f"after.{k}": v for k, v in operation.after.items() if isinstance(v, str)}
        for key, path in paths.items():
            if path:
                self.path(f"{where}.{key}", path, None, options)
        if operation.when and not operation.when_says and not operation.hidden:
            self.say(f"{where}.when_says", "a guard needs its words")
        named = [*operation.instead.values(), *(n for names in operation.before_it.values() for n in names)]
        for each in named:
            if each not in self.record.operations:
                self.say(where, f"there is no operation '{each}'")
        for option_name in operation.before_it:
            if option_name not in operation.options:
                self.say(f"{where}.before_it", f"there is no option '{option_name}'")
        self.undo(where, operation)
        self.reads(where, operation, [p for k, p in paths.items() if p and not k.startswith("done")])

    def undo(self, where: str, operation: Operation) -> None:
        """The way back exists and takes what is kept."""
        if operation.undo.startswith("none: ") and len(operation.undo) > 12:
            if operation.keep:
                self.say(f"{where}.keep", "nothing takes it")
            return
        back = self.record.operations.get(operation.undo)
        if back is None:
            self.say(f"{where}.undo", f"'{operation.undo}' is neither an operation nor 'none: reason'")
            return
        for key in operation.keep:
            if key not in back.options:
                self.say(f"{where}.keep.{key}", f"is no option of '{operation.undo}'")
        for key, option in back.options.items():
            if option.required and key not in operation.keep:
                self.say(f"{where}.keep", f"'{operation.undo}' needs '{key}'")

    def reads(self, where: str, operation: Operation, paths: Iterable[str]) -> None:
        """Facets that its paths need are named."""
        for name in operation.reads:
            if name not in self.record.facets:
                self.say(f"{where}.reads", f"there is no facet '{name}'")
        named = {self.record.facets[n].attribute for n in operation.reads if n in self.record.facets}
        listed = set(listed_of(self.by, self.record).members)
        if self.record.list.gives:
            listed = set(self.record.list.gives)
        every = [*paths, *strings_in(operation.with_)]
        for path in every:
            try:
                wanted = roots(path)
            except ValueError:
                continue
            for root in wanted - listed:
                if root.startswith("_") or root in ("@", "Tags") or root in named or "" in named:
                    continue
                self.say(f"{where}.reads", f"'{root}' needs a facet that is not named")

    def option(self, where: str, option: Option, model: OperationModel) -> None:
        """One option goes to a parameter of its type."""
        if option.type not in ("string", "integer", "number", "boolean", "array", "object", "any"):
            self.say(f"{where}.type", f"'{option.type}' is no type")
        if not option.to or option.to == "*":
            return
        shape = self.member(f"{where}.to", model.input_shape, option.to)
        if shape is None or option.type == "any":
            return
        if option.form:
            self.tag_form(f"{where}.form", option.form, shape)
            return
        wanted = {"list": "array", "structure": "object", "map": "object"}.get(shape.type_name, scalar_of(shape))
        wanted = "text" if wanted == "date" else wanted
        if JSON_TYPES.get(option.type, option.type) != wanted:
            self.say(f"{where}.type", f"the parameter is {shape.type_name}")
        for value in option.enum:
            if getattr(shape, "enum", None) and value not in shape.enum:
                self.say(f"{where}.enum", f"the SDK knows no '{value}'")

    def options_seen(self, name: str) -> Mapping[str, Option]:
        """An operation's options, and those of operations that lead to it."""
        seen = dict(self.record.operations[name].options)
        for other in self.record.operations.values():
            if name in other.instead.values() or any(name in names for names in other.before_it.values()):
                seen = {**other.options, **seen}
        return seen

    def new_tags(self, where: str, operation: Operation, model: OperationModel) -> None:
        """Tags on what is made go where the SDK takes them."""
        assert operation.new_tags is not None
        shape = self.member(f"{where}.new_tags.to", model.input_shape, operation.new_tags.to)
        if not operation.new_tags.kind:
            self.tag_form(f"{where}.new_tags", "pairs", shape)
        elif isinstance(shape, ListShape):
            kinds = shape.member.members.get("ResourceType")
            if kinds is None or operation.new_tags.kind not in kinds.enum:
                self.say(f"{where}.new_tags.kind", f"EC2 knows no '{operation.new_tags.kind}'")
        if not {"tags", "copy-tags"} <= set(operation.options):
            self.say(f"{where}.options", "new_tags need the options 'tags' and 'copy-tags'")

    def word(self, where: str, word: Word) -> None:
        """A filter word: the generic filter exists and takes its presets."""
        if word.is_ not in WORDS:
            self.say(f"{where}.is", f"'{word.is_}' is no generic filter for records")
            return
        if not word.says:
            self.say(where, "says nothing")
        module = f"engine.filters.{word.is_.replace('-', '_')}"
        if importlib.util.find_spec(module) is not None:
            cls = self.by.filters.get(word.is_)
            known = {p.name for p in parameters(cls)} if cls is not None else set()
            for key in word.with_:
                if key.replace("-", "_") not in known:
                    self.say(f"{where}.with", f"{word.is_} takes no '{key}'")
            for key, option in word.options.items():
                if option.to and option.to.replace("-", "_") not in known:
                    self.say(f"{where}.options.{key}.to", f"{word.is_} takes no '{option.to}'")
        options = options_table(word.options)
        for key in ("expression", "of", "date", "running", "stopped", "id"):
            if key in word.with_:
                self.path(f"{where}.with.{key}", word.with_[key], None, options)
        if word.is_ == "list-item" and element_of(self.path(f"{where}.with.key", word.with_["key"])) is None:
            self.say(f"{where}.with.key", "is no list")
        if word.is_ == "related":
            join = self.record.joins.get(word.with_.get("join", ""))
            other = self.other(where, join.type) if join is not None else None
            if join is None:
                self.say(f"{where}.with.join", f"there is no join '{word.with_.get('join', '')}'")
            elif other is not None and "key" in word.with_:
                self.path(f"{where}.with.key", word.with_["key"], root_of(self.by, other))
        for each in word.with_.get("by", ()):
            other = self.other(f"{where}.with.by", each["type"])
            if other is not None:
                self.path(f"{where}.with.by", each["path"], root_of(self.by, other))

    def member(self, where: str, shape: Any, dotted: str) -> Any:
        """The shape of a (dotted) member of an input shape."""
        for part in dotted.split("."):
            members = shape.members if isinstance(shape, StructureShape) else {}
            if part not in members:
                self.say(where, f"there is no parameter '{dotted}'")
                return None
            shape = members[part]
        return shape

    def required(self, where: str, model: OperationModel, given: Iterable[str]) -> None:
        """What the API requires is given."""
        missing = set(model.input_shape.required_members if model.input_shape else ()) - set(given)
        if missing:
            self.say(where, f"{model.name} needs {', '.join(sorted(missing))}")

    def template(self, where: str, template: Any, shape: Any, root: Type, options: Table) -> None:
        """A `with` table against the input shape, at every depth."""
        if isinstance(template, str):
            kind = self.path(where, template, root, options)
            self.fits(where, kind, shape)
        elif isinstance(template, Mapping):
            if isinstance(shape, MapShape):
                for key, value in template.items():
                    self.template(f"{where}.{key}", value, shape.value, root, options)
                return
            for key, value in template.items():
                member = self.member(f"{where}.{key}", shape, key)
                if member is not None:
                    self.template(f"{where}.{key}", value, member, root, options)
            if where.count(".") > 2 and template and isinstance(shape, StructureShape):
                for missing in set(shape.required_members) - set(template):
                    self.say(where, f"needs {missing}")
        elif isinstance(template, list | tuple):
            if not isinstance(shape, ListShape):
                self.say(where, "takes no list")
                return
            for value in template:
                self.template(where, value, shape.member, root, options)
        else:
            literal = {bool: "truth", int: "number", float: "number"}.get(type(template))
            if scalar_of(shape) != literal:
                self.say(where, f"the parameter is {getattr(shape, 'type_name', shape)}")

    def fits(self, where: str, kind: Type, shape: Any) -> None:
        """A path's type is the parameter's."""
        given, wanted = scalar_of(kind), scalar_of(shape)
        if given and wanted and given != wanted and {given, wanted} != {"text", "date"}:
            self.say(where, f"is {given}, the parameter {wanted}")
        if isinstance(shape, ListShape) and given:
            self.say(where, "is no list")


def item_of(walk: Walk, path: str, shape: Any) -> Type:
    """The type of one item; a single table is its own item."""
    kind = walk.of(path, shape)
    inner = element_of(kind)
    return kind if inner is None else inner


def items_of(walk: Walk, record: ResourceType, model: OperationModel) -> Table | None:
    """What one listed resource is, before anything joins it."""
    listing = record.list
    item = item_of(walk, listing.items, model.output_shape)
    if listing.item:
        return Table({listing.item: item}) if scalar_of(item) == "text" else None
    outer = table_of(item)
    if not listing.inner or outer is None:
        return outer
    inner = table_of(item_of(walk, listing.inner, item))
    copied = {name: walk.of(name, item) for name in listing.copy}
    return Table({**inner.members, **copied}, inner.open) if inner is not None else None


def listed_of(by: Checker, record: ResourceType) -> Table:
    """What the listing gives."""
    listing = record.list
    model = by.sdk.operation(listing.service or record.service, listing.call)
    if model is None:
        return Table({}, open=True)
    table = items_of(Walk(), record, model) or Table({}, open=True)
    if listing.parent is not None:
        table = Table({**table.members, **dict.fromkeys(listing.parent.copy, TEXT)}, table.open)
    return table


def facet_type(by: Checker, record: ResourceType, facet: Facet) -> Type:
    """What a facet gives."""
    model = by.sdk.operation(facet.service or record.service, facet.call)
    if model is None or model.output_shape is None:
        return ANY
    kind: Type = model.output_shape
    if facet.batch is not None:
        kind = item_of(Walk(), facet.batch.items, kind)
    kind = Walk().of(facet.take, kind) if facet.take else kind
    if facet.form in ("json-text", "url-json-text"):
        return ANY
    return Table({}, open=True) if facet.form == "key-values" else kind


def joined(check: Check, facet: Facet) -> Iterable[str]:
    """Names that a facet without an attribute adds to the resource."""
    table = table_of(facet_type(check.by, check.record, facet))
    return table.members if table is not None else ()


def root_of(by: Checker, record: ResourceType) -> Table:
    """Everything that paths over a resource may read."""
    listed = listed_of(by, record)
    members: dict[str, Type] = {}
    is_open = listed.open
    for facet in record.facets.values():
        kind = facet_type(by, record, facet)
        if facet.attribute:
            members[facet.attribute] = kind
        elif table := table_of(kind):
            members |= table.members
            is_open = is_open or table.open
    members |= listed.members
    if record.tags is not None:
        members["Tags"] = TAG_LIST
    return Table(members, is_open)


def options_table(options: Mapping[str, Option]) -> Table:
    """What `_options` holds."""
    return Table({k: Scalar(JSON_TYPES[o.type]) if o.type in JSON_TYPES else ANY for k, o in options.items()})


def strings_in(template: Any) -> list[str]:
    """Every path of a template."""
    if isinstance(template, str):
        return [template]
    values = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return [path for value in values for path in strings_in(value)]


def documented(shape: Any, name: str) -> bool:
    """Whether the parameter's documentation lists a filter by that name."""
    if name == "tag:*":
        return TAG_FILTERS.search(shape.documentation) is not None
    return f"<code>{name}</code>" in shape.documentation


def calls_of(record: ResourceType) -> list[str]:
    """Every operation a record names."""
    tags = record.tags
    found = [record.list.call, *(f.call for f in record.facets.values()), *(o.call for o in record.operations.values())]
    if record.list.by_id is not None:
        found.append(record.list.by_id.call)
    return found + ([w.call for w in (tags.write, tags.remove) if w is not None] if tags is not None else [])
