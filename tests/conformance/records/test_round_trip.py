"""Every type goes from its listing to its changes, every call as botocore would send it; and a wrong record does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import groupby

import pytest

from engine.model.record import ResourceType
from providers.aws import PROVIDER

from .round_trip import SDK, ShapedDoor, faults_of, trip

WORDS = sorted((w for w in PROVIDER.words() if PROVIDER.type(w).word == w), key=lambda w: (PROVIDER.type(w).service, w))
WORDS = [word for word in WORDS if PROVIDER.type(word).list.form != "cloudcontrol"]  # no model tells its attributes
SERVICES = {service: list(words) for service, words in groupby(WORDS, key=lambda word: PROVIDER.type(word).service)}
SEEDED = WORDS[::10]

UNREACHED = {
    "account": {"enable-data-events", "request-limit-increase", "set-emr-block-public-access"},
    "app-elb": {
        "delete-listener",
        "modify-listener",
        "set-shield",
    },  # no filter finds a listener; a sample is protected
    "distribution": {"set-shield"},
    "dynamodb-table": {"delete"},  # a sample is protected
    "elastic-ip": {"set-shield"},
    "elb": {"set-shield", "set-ssl-listener-policy"},  # a sample's listeners speak nothing
    "firehose": {"encrypt-s3-destination"},  # a sample is being made
    "globalaccelerator": {"set-shield"},
    "hostedzone": {"set-shield"},
    "iam-group": {"set-policy"},  # a sample's policies are those that are asked for
    "iam-profile": {"set-policy"},
    "iam-role": {"set-policy"},
    "iam-user": {"set-groups", "set-policy"},
    "kinesis": {"update-shards"},
    "kafka": {"set-monitoring"},
    "org-account": {"set-policy"},  # a sample's policies are those that are asked for
    "org-unit": {"set-policy"},
    "rds-cluster-snapshot": {"set-permissions"},
    "rds-snapshot": {"restore", "set-permissions"},  # a sample is asked for without filters
    "redshift-snapshot": {"revoke-access"},  # no filter finds with whom a sample is shared
    "rest-resource": {"delete-integration", "update-integration", "update-method"},  # no filter finds what they change
    "s3": {"configure-lifecycle"},
    "streaming-distribution": {"set-shield"},
    "workspaces-directory": {"modify-client-properties"},
}
"""Operations that no sample leads to: their conditions ask for a state, or for what the sample has already.

The table of cases in `tests/end_to_end` makes them, and hidden ones, which others and actions lead to.
"""


@pytest.mark.parametrize("service", SERVICES)
def test_every_type_makes_the_trip(service: str) -> None:
    faults, unreached = {}, {}
    for word in SERVICES[service]:
        record, door = PROVIDER.type(word), ShapedDoor()
        faults[word] = trip(record, door)
        unreached[word] = {
            name
            for name, op in record.operations.items()
            if not op.hidden and f"{op.service or record.service}:{op.call}" not in door.made
        }
    assert {word: found for word, found in faults.items() if found} == {}
    assert {word: names for word, names in unreached.items() if names} == {
        word: UNREACHED[word] for word in SERVICES[service] if word in UNREACHED
    }


def test_there_are_as_many_types_as_told() -> None:
    assert len(WORDS) >= 2_380
    assert sum(len(PROVIDER.type(word).operations) for word in WORDS) >= 3_500


PARENTLESS = {
    "devicefarm.device-pool": "by its ARN",
    "glue-catalog": "the account has one",
    "s3-table": "by its ARN",
    "s3vectors.index": "by its ARN",
    "sso-admin.permission-set": "by its ARN",
    "sso-admin.trusted-token-issuer": "by its ARN",
}
"""Types with calls that leave an optional parameter for the parent out, and by what they are found then."""


def test_calls_name_the_parent() -> None:
    """What is unique only inside its parent, or listed inside one, is called with it wherever the call takes it."""
    found = set()
    for word in WORDS:
        record = PROVIDER.type(word)
        parents = {*record.identity.within, *(record.list.parent.copy if record.list.parent is not None else ())}
        for each in (*record.facets.values(), *record.operations.values()):
            model = SDK.operation(each.service or record.service, each.call)
            takes = model.input_shape.members if model is not None and model.input_shape is not None else ()
            if parents & set(takes) - set(each.with_):
                found.add(word)
    assert found == set(PARENTLESS)


def misspelt(table: Mapping[str, object]) -> dict[str, object]:
    """A `with` table whose first parameter is called otherwise."""
    first = next(iter(table))
    return {f"{first}x" if name == first else name: value for name, value in table.items()}


def seeds(record: ResourceType) -> Iterator[tuple[str, ResourceType]]:
    """Copies of a record with one fault each: a parameter, a call, an attribute or a list that is not there."""
    replace, listing = dataclasses.replace, record.list
    if record.identity.id != "_account":
        yield "identity", replace(record, identity=replace(record.identity, id="Nothingx", within=()))
    yield "list.call", replace(record, list=replace(listing, call=f"{listing.call}x"))
    if listing.items not in ("", "@") and not listing.form:
        yield "list.items", replace(record, list=replace(listing, items=f"x{listing.items}"))
    if listing.with_ and not listing.none:
        yield "list.with", replace(record, list=replace(listing, with_=misspelt(listing.with_)))
    if listing.by_id is not None:
        by_id = replace(listing.by_id, param=f"{listing.by_id.param}x")
        yield "list.by_id", replace(record, list=replace(listing, by_id=by_id))
    for name, facet in list(record.facets.items())[:2]:
        if facet.with_:
            wrong = replace(facet, with_=misspelt(facet.with_))
            yield f"facets.{name}.with", replace(record, facets={**record.facets, name: wrong})
    for name, op in list(record.operations.items())[:2]:
        if op.with_ and not op.hidden and name not in UNREACHED.get(record.word, ()):
            wrong_op = replace(op, with_=misspelt(op.with_))
            yield f"operations.{name}.with", replace(record, operations={**record.operations, name: wrong_op})
    if record.tags is not None and record.tags.write is not None:
        write = replace(record.tags.write, tags=f"{record.tags.write.tags}x")
        yield "tags.write", replace(record, tags=replace(record.tags, write=write))


@pytest.mark.parametrize("word", SEEDED)
def test_a_seeded_fault_is_found(word: str) -> None:
    missed = [place for place, wrong in seeds(PROVIDER.type(word)) if not faults_of(wrong)]
    assert missed == []
