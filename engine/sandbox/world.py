"""What stands in a world? A YAML file becomes a checked `World`, or a `WorldRejected` that lists all its problems.

A world says what an AWS account holds when the sandbox starts. Times are told as ages (`age: 40d`), so that a world is
as fresh next year as it is today. The keys of each section are the fields of its class in `engine.sandbox.kinds`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import yaml

from engine.plugin.yaml_bounds import NESTED, problem_of
from engine.private_files import read_bounded
from engine.sandbox.kinds.compute import AutoScalingGroup, Image, Instance
from engine.sandbox.kinds.databases import CacheCluster, Database, DatabaseSnapshot, Table, Warehouse
from engine.sandbox.kinds.disks import Snapshot, Volume
from engine.sandbox.kinds.identity import Key, Role, User
from engine.sandbox.kinds.kind import Kind, Region
from engine.sandbox.kinds.messaging import Alarm, LogGroup, Queue, Stream, Topic
from engine.sandbox.kinds.network import Address, Interface, NatGateway, Network, SecurityGroup
from engine.sandbox.kinds.serving import Endpoint, Function, LoadBalancer, TaskCluster
from engine.sandbox.kinds.storage import Bucket
from engine.sandbox.reader import BAD, Reader, entries_of, entry_of
from engine.sandbox.series import DAYS

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NOT_A_FILE = "{path}  cannot be read: {reason}"
NOT_YAML = "{path}:{line}:{column}  not YAML: {reason}"
PROBLEM = "{path}:{line}:{column}  {text}"


class WorldRejected(Exception):
    """A world file says something that no world can mean. `messages` holds every problem, in the order of the lines."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything an account holds. The sections stand in the order they are built in: what is pointed at comes first.

    Units:    days is how far back the metrics reach; seed makes ids and metrics the same on every start.
    """

    called: ClassVar[str] = "a world"

    name: str
    about: str = ""
    region: Annotated[str, Region()] = "us-east-1"
    seed: int = 1
    days: int = DAYS
    keys: tuple[Key, ...] = ()
    roles: tuple[Role, ...] = ()
    users: tuple[User, ...] = ()
    networks: tuple[Network, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    images: tuple[Image, ...] = ()
    instances: tuple[Instance, ...] = ()
    auto_scaling_groups: tuple[AutoScalingGroup, ...] = ()
    volumes: tuple[Volume, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    addresses: tuple[Address, ...] = ()
    nat_gateways: tuple[NatGateway, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    databases: tuple[Database, ...] = ()
    database_snapshots: tuple[DatabaseSnapshot, ...] = ()
    tables: tuple[Table, ...] = ()
    cache_clusters: tuple[CacheCluster, ...] = ()
    warehouses: tuple[Warehouse, ...] = ()
    functions: tuple[Function, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    task_clusters: tuple[TaskCluster, ...] = ()
    topics: tuple[Topic, ...] = ()
    queues: tuple[Queue, ...] = ()
    streams: tuple[Stream, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    def things(self) -> list[Kind]:
        """Everything in it, in building order."""
        return [thing for section in SECTIONS for thing in getattr(self, section)]


HEAD = ("name", "about", "region", "seed", "days")
SECTIONS = tuple(field.name for field in dataclasses.fields(World) if field.name not in HEAD)


def read_file(path: Path) -> World:
    """The world a file describes.

    Raises:   WorldRejected with a line for each problem.
    """
    try:
        text = read_bounded(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        said = getattr(reason, "strerror", None) or str(reason)
        raise WorldRejected([NOT_A_FILE.format(path=path, reason=said)]) from reason
    return read_text(text, str(path))


def read_text(text: str, path: str = "<text>") -> World:
    """The world a YAML text describes; `path` is how messages call it.

    Raises:   WorldRejected with a line for each problem.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = getattr(error, "problem", None) or str(error)
        raise WorldRejected([NOT_YAML.format(path=path, line=line, column=column, reason=reason)]) from error
    except RecursionError as error:
        raise WorldRejected([PROBLEM.format(path=path, line=1, column=1, text=NESTED)]) from error
    if wrong := problem_of(root):
        text, mark = wrong
        raise WorldRejected([PROBLEM.format(path=path, line=mark.line + 1, column=mark.column + 1, text=text)])
    reader = Reader()
    if root is None:
        raise WorldRejected([PROBLEM.format(path=path, line=1, column=1, text="a world needs 'name'")])
    world = reader.read_fields(root, World, owner=World.called)
    sections = {section: entries_of(entry_of(root, section)) for section in SECTIONS}
    networks = sections["networks"]
    sections["subnets"] = [subnet for network in networks for subnet in entries_of(entry_of(network, "subnets"))]
    reader.check_names(sections)
    if reader.problems or world is BAD:
        found = sorted(set(reader.problems))
        problems = [PROBLEM.format(path=path, line=line, column=column, text=text) for line, column, text in found]
        raise WorldRejected(problems)
    return _as_world(world)


def _as_world(value: Any) -> World:
    assert isinstance(value, World)
    return value
