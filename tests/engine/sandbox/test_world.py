import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.sandbox.account import DEFAULT_WORLD
from engine.sandbox.series import Series
from engine.sandbox.world import SECTIONS, WorldRejected, read_file, read_text

ROOT = Path(__file__).parents[3]


def rejected(text: str) -> list[str]:
    with pytest.raises(WorldRejected) as caught:
        read_text(text, "w.yml")
    return caught.value.messages


def test_reads_every_form_of_value() -> None:
    world = read_text(
        """
        name: w
        region: eu-west-1
        instances:
          - name: a
            age: 40d
            cpu: 2.5
            network_in: {mean: 10, spread: 2, days: 3}
            tags: {AllowStop: true, CostCenter: 0100, Empty: ""}
          - {name: b, stopped: 1.5h, type: t3.large, public: yes, zone: b}
        databases:
          - {name: d, class: db.m5.large}
        buckets:
          - {name: c, policy: {Statement: [{Effect: Allow, Principal: "*", Bool: true, N: 3}]}}
        """
    )
    first, second = world.instances
    assert (world.name, world.region, world.seed) == ("w", "eu-west-1", 1)
    assert first.age == timedelta(days=40)
    assert first.cpu == Series(mean=2.5)
    assert first.network_in == Series(mean=10.0, spread=2.0, days=3)
    assert first.tags == {"AllowStop": "true", "CostCenter": "0100", "Empty": ""}
    assert (second.stopped, second.type, second.public, second.zone) == (timedelta(hours=1.5), "t3.large", True, "b")
    assert world.databases[0].class_ == "db.m5.large"
    assert world.buckets[0].policy == {"Statement": [{"Effect": "Allow", "Principal": "*", "Bool": True, "N": 3}]}


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("90m", timedelta(minutes=90)),
        ("3h", timedelta(hours=3)),
        ("2 w", timedelta(weeks=2)),
        ("1y", timedelta(days=365)),
    ],
)
def test_reads_ages(span: str, expected: timedelta) -> None:
    assert read_text(f"{{name: w, volumes: [{{name: v, age: {span}}}]}}").volumes[0].age == expected


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["w.yml:1:1  a world needs 'name'"]),
        ("[]", ["w.yml:1:1  a world is a list, expected keys with values"]),
        ("region: us-east-1", ["w.yml:1:1  a world needs 'name'"]),
        (
            "name: w\nregion: Ireland",
            ["w.yml:2:9  'region' of a world is 'Ireland', expected a region such as us-east-1"],
        ),
        ("name: w\nintances: []", ["w.yml:2:1  unknown key 'intances' in a world; did you mean 'instances'?"]),
        ("name: w\nname: x", ["w.yml:2:1  'name' is written twice in a world"]),
        ("name: w\ninstances: {}", ["w.yml:2:12  'instances' of a world is a mapping, expected a list"]),
        (
            "name: w\ntables:\n- {name: t, pitr: true}",
            [
                (
                    "w.yml:3:13  unknown key 'pitr' in a table; its keys are age, items, name, protected, read, reads, "
                    "recoverable, region, tags, write, writes"
                )
            ],
        ),
        (
            "name: w\nvolumes:\n- {name: v, type: gp4}",
            [
                "w.yml:3:19  'type' of a volume is 'gp4', expected one of gp2, gp3, io1, io2, st1, sc1, standard",
            ],
        ),
        (
            "name: w\nvolumes:\n- {name: v, attached_to: web-2}\ninstances: [{name: web-1}]",
            ["w.yml:3:26  nothing in 'instances' is called 'web-2'; did you mean 'web-1'?"],
        ),
        (
            "name: w\nvolumes:\n- {name: v, attached_to: web-2}",
            ["w.yml:3:26  nothing in 'instances' is called 'web-2'; it is empty"],
        ),
        (
            "name: w\nvolumes:\n- {name: v}\n- {name: v}",
            ["w.yml:4:10  'v' is already taken in 'volumes', line 3"],
        ),
        (
            (
                "name: w\nnetworks: [{name: n, subnets: [{name: s, cidr: 10.0.0.0/24}]}]\n"
                "instances: [{name: i, subnet: z}]"
            ),
            ["w.yml:3:31  nothing in 'subnets' is called 'z'; it has s"],
        ),
        ("name: [\n", ["w.yml:2:1  not YAML: did not find expected node content"]),
    ],
)
def test_says_what_is_wrong_and_where(text: str, messages: list[str]) -> None:
    assert rejected(text) == messages


def test_lists_all_problems_at_once_in_the_order_of_the_lines() -> None:
    found = rejected(
        """name: w
days: many
instances:
  - {nam: a, age: 40}
  - name: b
    cpu: {mean: low}
    tags: [Env]
    public: maybe
    stopped:
volumes:
  - {name: v, size: 1.5}
"""
    )
    assert found == [
        "w.yml:2:7  'days' of a world is 'many', expected a whole number",
        "w.yml:4:5  an instance needs 'name'",
        "w.yml:4:6  unknown key 'nam' in an instance; did you mean 'name'?",
        "w.yml:4:19  'age' of an instance is '40', expected a time span such as 90m, 3h, 40d, 2w or 1y",
        "w.yml:6:17  'mean' of 'cpu' of an instance is 'low', expected a number",
        "w.yml:7:11  'tags' of an instance is a list, expected keys with values",
        "w.yml:8:13  'public' of an instance is 'maybe', expected true or false",
        "w.yml:11:21  'size' of a volume is '1.5', expected a whole number",
    ]


def test_a_file_that_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    missing = tmp_path / "none.yml"
    with pytest.raises(WorldRejected) as caught:
        read_file(missing)
    assert caught.value.messages == [f"{missing}  cannot be read: No such file or directory"]


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("examples/worlds/*.yml"), *ROOT.glob("engine/sandbox/worlds/*.yml")])
)
def test_every_world_we_ship_reads(file: Path) -> None:
    assert read_file(file).name == file.stem


def test_the_default_world_has_a_few_of_everything() -> None:
    world = read_file(ROOT / "engine/sandbox/worlds/shop.yml")
    empty = [section for section in SECTIONS if not getattr(world, section)]
    assert empty == []
    assert 12 <= len(world.instances) <= 20


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: w\nseed: " + "9" * 5000, "expected a whole number"),
        ("name: w\nseed: 0x" + "f" * 5000, "expected a whole number"),
        ("name: w\nbuckets: [{name: b, age: 99999999999y}]", "expected a time span"),
        ("name: w\nbuckets: &b [{name: b, tags: {a: *b}}]", "an anchor contains itself"),
        ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{y}: &{y} [{','.join([f'*{x}'] * 9)}]\n" for x, y in zip("abcdefg", "bcdefgh", strict=True)), "expands to more than"),
        ("[" * 101 + "]" * 101, "nested more than 100 levels deep"),
        ("[" * 50_000, "nest"),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_would_never_end_is_a_problem(text: str, says: str) -> None:
    with pytest.raises(WorldRejected) as caught:
        read_text(text)
    assert any(says in message for message in caught.value.messages), [m[:200] for m in caught.value.messages]


def test_a_world_is_a_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", Path("/dev/zero")):
        with pytest.raises(WorldRejected, match="Not a regular file"):
            read_file(path)


SHOP = DEFAULT_WORLD.read_text(encoding="utf-8")
BITS = [
    "",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "0x" + "f" * 5000,
    "9" * 5000,
    "-.inf",
    "\x00",
    "[" * 2000,
    "\u202e",
    "40y",
    "'",
]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, len(SHOP)), st.integers(0, 12), st.sampled_from(BITS)), min_size=1, max_size=4)
)
def test_any_text_is_a_world_or_has_problems(cuts: list[tuple[int, int, str]]) -> None:
    text = SHOP
    for at, length, bit in cuts:
        text = text[:at] + bit + text[at + length :]
    told: list[str] = []
    try:
        told = [read_text(text).name]
    except WorldRejected as rejected:
        told = rejected.messages
    assert told
