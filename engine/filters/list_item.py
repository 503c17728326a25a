"""Does an element of a list pass a set of value filters?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._compare import OPS, SIGNS, Op, matches
from engine.filters._options import Reader, asked_need, needs_of, problem_of_path, reader
from engine.filters._resource_count import ResourceCount
from engine.filters.value import Value
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.verdict import MATCH, NO_MATCH, Kind, Verdict, decided, every, negate, some, unknown
from engine.plugin.attributes import needs_to_ask
from engine.plugin.params import Problem, Says, Tree
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View
from engine.plugin.tree import Block, FilterTree, Leaf, judge, judge_leaf, leaves


class Element:
    """One element of the list, seen as filters see a resource: its keys are the attributes."""

    __slots__ = ("_outer", "attributes")

    def __init__(self, outer: View, attributes: Attributes) -> None:
        self._outer = outer
        self.attributes = attributes

    @property
    def resource(self) -> Resource:
        """The resource the list belongs to."""
        return self._outer.resource

    def fact(self, need: Need) -> Json:
        """The same facts as the resource has."""
        return self._outer.fact(need)


@dataclass(frozen=True, slots=True)
class ListItem:
    """Passes when at least one element of the list at `key` passes all of `attrs`.

    `attrs` are value filters (or and / or / not of them) on the element. With `count`, the number of elements that pass
    is compared instead, and a missing or empty list counts 0. Elements that are not mappings never pass.
    `value_type: resource_count` among `attrs` counts elements.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: list-item, key: IpPermissions, attrs: [{FromPort: 22}, {'length(IpRanges)': 0}]}",
        "{type: list-item, key: BlockDeviceMappings, attrs: [{Ebs.VolumeType: gp2}], count: 1, count_op: gte}",
    )

    NARROWS: ClassVar[bool] = True

    key: Annotated[str, Says("JMESPath to the list")]
    attrs: Annotated[tuple[Tree, ...], Says("filters that one element must pass, all of them")] = ()
    count: Annotated[float | None, Says("compare the number of elements that pass with this")] = None
    count_op: Annotated[Op, Says("how to compare the count")] = "eq"
    join: Annotated[str, Says("join whose resources the elements name: what they are adds to these", key="-join")] = ""
    called: Annotated[str, Says("what later actions see the elements that pass under", key="-called")] = ""
    ref: Annotated[str, Says("JMESPath on an element to the id it names", key="-ref")] = ""
    options: Annotated[
        dict[str, Json] | None,
        Says("what the key sees; `state: false`: no element passes; `op: or`: one of attrs is enough", key="-options"),
    ] = None
    ask: Annotated[str, Says("the facet, asked with the options, that the key reads", key="-ask")] = ""
    without_attrs: Annotated[str, Says("JMESPath that decides where there are no attrs", key="-without-attrs")] = ""
    _read: Reader = field(init=False, repr=False, compare=False)
    _tree: Block = field(init=False, repr=False, compare=False)
    _counting: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trees: tuple[FilterTree, ...] = self.attrs  # type: ignore[assignment]  # Tree marks what the reader builds
        span = trees[0].span if trees else None
        tree = Block("and", trees, span)  # type: ignore[arg-type]  # an empty block is never shown
        if (self.options or {}).get("op") == "or" and trees:
            tree = Block("and", (Block("or", trees, span),), span)  # type: ignore[arg-type]
        object.__setattr__(self, "_read", reader(self._path))
        object.__setattr__(self, "_tree", tree)
        object.__setattr__(self, "_counting", any(isinstance(leaf.piece, ResourceCount) for leaf in leaves(tree)))

    @property
    def _path(self) -> str:
        return bound(self.key, self.options or {})

    @property
    def _plain(self) -> str:
        """What decides in place of the elements, or empty."""
        return "" if self.attrs else bound(self.without_attrs, self.options or {})

    @property
    def _state(self) -> bool:
        """Whether an element is to pass, or none."""
        return (self.options or {}).get("state") is not False

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the list's attribute, and the documents its members compare with."""
        inner = (need for leaf in leaves(self._tree) for need in leaf.piece.needs(type))
        named: set[Need] = {RelatedNeed(self.join)} if self.join else set()
        if self.ask:
            named |= {asked_need(self.ask, self.options), *needs_to_ask(self.ask, type)}
        own = frozenset() if self.ask else needs_of(self._path, type)
        own |= needs_of(self._plain, type) if self._plain else frozenset()
        return own | named | {need for need in inner if not isinstance(need, FacetNeed)}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when an element passes, or when the count of those that pass does."""
        if self._plain:
            return decided(bool(reader(self._plain)(view.attributes)))
        verdicts = self._verdicts(view, setting)
        if self.count is None:
            return some(verdicts) if self._state else negate(some(verdicts))
        low = sum(v.kind is Kind.MATCH for v in verdicts)
        high = low + sum(v.kind is Kind.UNKNOWN for v in verdicts)
        answers = {self._count_passes(n, setting) for n in range(low, high + 1)}
        if len(answers) == 1:
            return decided(answers.pop())
        open_ = [v for v in verdicts if v.kind is Kind.UNKNOWN]
        return unknown(*(c for v in open_ for c in v.causes), pending=(n for v in open_ for n in v.pending))

    def _count_passes(self, count: int, setting: Setting) -> bool:
        return matches(self.count_op, "", count, self.count, setting.now)

    def _list(self, view: View) -> Json:
        return self._read(view.fact(asked_need(self.ask, self.options)) if self.ask else view.attributes)

    def _elements(self, view: View) -> list[Element]:
        found = self._list(view)
        items = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list | tuple) else []
        if self.join:
            others, ref = dict(view.fact(RelatedNeed(self.join))), reader(self.ref)
            items = [{**(others.get(ref(item)) or {}), **item} for item in items]
        return [Element(view, item) for item in items]

    def _verdicts(self, view: View, setting: Setting) -> Sequence[Verdict]:
        elements = self._elements(view)
        if self._counting:
            return judge_elements(self._tree, elements, setting)
        return [judge(self._tree, element, setting) for element in elements]

    @property
    def finds(self) -> str:
        """The elements, by the name that the record gives them, else by the path to their list."""
        return self.called or self.key

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The elements that pass."""
        judged = zip(self._elements(view), self._verdicts(view, setting), strict=True)
        return [element.attributes for element, verdict in judged if verdict.kind is Kind.MATCH]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """How many elements pass, and the first that does."""
        elements, verdicts = self._elements(view), self._verdicts(view, setting)
        passing = [e for e, v in zip(elements, verdicts, strict=True) if v.kind is Kind.MATCH]
        observed = f"{len(passing)} of {len(elements)} elements pass"
        if self._list(view) is None:
            observed = _texts.MISSING
        elif passing:
            observed += f", the first: {_texts.short(dict(passing[0].attributes))}"
        asked = (
            ("at least 1" if self._state else "none")
            if self.count is None
            else f"{SIGNS.get(self.count_op, self.count_op)} {self.count:g}"
        )
        if self._plain:
            asked, observed = self._plain, f"{len(elements)} elements"
        members = ", ".join(getattr(leaf.piece, "sentence", leaf.word) for leaf in leaves(self._tree))
        return Evidence(
            filter=f"elements of {self.ask or self.finds} with {members or 'anything'}",
            verdict=self.judge(view, setting),
            expected=asked,
            observed=observed,
            source=self.ask or _texts.source(self._path, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Only value filters can judge an element."""
        if text := problem_of_path(self._path):
            yield Problem("key", f"'{self.key}' is no path: {text}")
        if self._plain and (text := problem_of_path(self._plain)):
            yield Problem("-without-attrs", f"'{self.without_attrs}' is no path: {text}")
        for leaf in leaves(self._tree):
            if not isinstance(leaf.piece, Value | ResourceCount):
                yield Problem(
                    "attrs", f"'{leaf.word}' cannot be in attrs", "only value filters and and/or/not of them can"
                )
        if self.count_op not in OPS or self.count_op in (
            "in",
            "not-in",
            "ni",
            "glob",
            "regex",
            "regex-case",
            "contains",
        ):
            yield Problem(
                "count_op", f"a count cannot be compared with '{self.count_op}'", "one of eq, ne, gt, ge, lt, le"
            )


def judge_elements(tree: FilterTree, elements: Sequence[Element], setting: Setting) -> list[Verdict]:
    """Verdicts on all elements together, where a member counts them: `and` narrows from member to member."""
    if isinstance(tree, Leaf):
        if isinstance(tree.piece, ResourceCount):
            return [tree.piece.judge_count(len(elements), setting)] * len(elements)
        return [judge_leaf(tree, element, setting) for element in elements]
    if tree.op == "or":
        columns = [judge_elements(child, elements, setting) for child in tree.children]
        return [some(column[i] for column in columns) for i in range(len(elements))]
    verdicts = [MATCH] * len(elements)
    for child in tree.children:
        left = [i for i, verdict in enumerate(verdicts) if verdict != NO_MATCH]
        for i, verdict in zip(left, judge_elements(child, [elements[i] for i in left], setting), strict=True):
            verdicts[i] = every((verdicts[i], verdict))
    return [negate(v) for v in verdicts] if tree.op == "not" else verdicts
