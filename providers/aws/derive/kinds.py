"""Is it a resource? The evidence that an account makes and owns the thing, against nouns that are seldom things."""

from __future__ import annotations

from providers.aws.derive.outside import Joins
from providers.aws.derive.thing import Thing
from providers.aws.derive.vocabulary import ACTIVITIES, CATALOGUE, CREATES, DELETES, FIGURES, NOISE


def kind_of(thing: Thing, joins: Joins) -> None:
    """Set the thing's kind (empty: not a type), CloudFormation type and IAM resource type."""
    thing.iam = joins.iam_type(thing)
    thing.cfn = joins.cfn_type(thing)
    told = joins.kinds.get(thing.word)
    thing.kind = (_kind(thing) if told is None else told) if thing.id else ""


def _kind(thing: Thing) -> str:
    verbs = {op.verb for op in thing.api.by_noun.get(thing.noun, ())}
    created, deleted = bool(verbs & CREATES), bool(verbs & DELETES)
    arn = bool(thing.arn) or bool(thing.iam)
    last = thing.words[-1].lower()
    strong = bool(thing.cfn) or (deleted and bool(thing.arn) and bool(thing.iam))
    strong = strong or (created and deleted and (arn or last not in FIGURES))
    if last in ACTIVITIES and not thing.cfn and not (created and deleted):
        begun = bool(verbs & {"Start", "Stop", "Cancel", "Create", "Submit", "Describe", "Get", "Delete"})
        return "activity" if begun and not thing.listed.op.beside else ""
    if (_stopped(last, thing.noun, NOISE) or _stopped(last, thing.noun, CATALOGUE)) and not strong:
        return ""
    if thing.cfn or (created and deleted) or ((created or deleted) and arn):
        return "resource"
    return ""


def _stopped(last: str, noun: str, stops: frozenset[str]) -> bool:
    return last in stops or any(noun.endswith(stop) for stop in stops if len(stop) > 9)
