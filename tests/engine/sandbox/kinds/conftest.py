"""One world with every option of every kind in it, stood up once; and a way to ask for one value of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jmespath
import pytest

from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text

from ..conftest import Ask, asking

See = Callable[..., Any]

WORLD = """
name: house
keys:
  - {name: turning, rotates: true, tags: {Owner: ana}}
  - {name: off, state: disabled}
  - {name: going, state: pending-deletion}
roles:
  - {name: server}
  - {name: worker, trusts: lambda.amazonaws.com, allows: ["s3:GetObject"], tags: {Team: x}}
  - {name: guest, trusts: "arn:aws:iam::210987654321:root"}
  - {name: anyone, trusts: "*"}
users:
  - {name: ana, console: true, mfa: true, allows: ["*"], tags: {Team: x}}
  - {name: robot, access_keys: [{age: 3d}, {age: 9d, active: false}]}
networks:
  - name: main
    cidr: 10.1.0.0/16
    tags: {Team: x}
    subnets: [{name: front, cidr: 10.1.0.0/24, zone: b, public: true}, {name: back, cidr: 10.1.1.0/24}]
  - {name: closed, cidr: 10.2.0.0/16, subnets: [{name: inside, cidr: 10.2.0.0/24}]}
security_groups:
  - {name: web, about: the web, network: main, ingress: [{port: 443, cidr: 0.0.0.0/0}, {port: 0, protocol: "-1", cidr: 10.0.0.0/8}]}
  - {name: bare}
images: [{name: golden, public: true}, {name: plain, tags: {Env: dev}}]
instances:
  - {name: one, type: m5.large, image: golden, subnet: front, security_groups: [web], role: server, public: true, monitoring: true, imdsv2: true, protected: true, tags: {Team: x, maid_status: m}}
  - {name: two, zone: c, disk: 30, disk_type: gp2, disk_encrypted: true, role: server, security_groups: [bare]}
auto_scaling_groups: [{name: pool, type: t3.small, image: golden, min: 1, max: 3, desired: 2, tags: {Team: x}}]
volumes:
  - {name: fast, size: 100, type: io1, iops: 500, encrypted: true, zone: b, tags: {Team: x}}
  - {name: held, attached_to: two, device: /dev/sdh, zone: c, reads: 5, writes: 0}
snapshots: [{name: open, public: true, size: 20, encrypted: true}, {name: of-fast, volume: fast, tags: {Team: x}}]
interfaces: [{name: loose, subnet: back, tags: {Team: x}}, {name: taken, attached_to: two}]
addresses: [{name: spare, tags: {Team: x}}, {name: used, attached_to: two}]
nat_gateways: [{name: way-out, subnet: front, bytes_out: 7}]
load_balancers:
  - {name: front-door, targets: [one], requests: 3, tags: {Team: x}}
  - {name: inner, type: network, internal: true, flows: 4}
buckets:
  - {name: house-full, encrypted: AES256, versioned: true, expire_days: 30, block_public: true, tags: {Team: x}, objects: {count: 2, newest: 1d, size: 7, prefix: p/}, logs_to: house-logs}
  - {name: house-logs}
  - {name: house-open, public: true, encrypted: "aws:kms", policy: {Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*"}]}}
databases:
  - {name: main-db, engine: mysql, class: db.m5.large, size: 50, storage: gp3, multi_az: true, encrypted: true, public: true, protected: true, backup_days: 7, cpu: 9, free: 1000, tags: {Team: x}}
  - {name: asleep, stopped: true}
database_snapshots: [{name: kept, database: main-db, tags: {Team: x}}]
tables:
  - {name: fixed, read: 5, write: 2, items: 3, recoverable: true, protected: true, writes: 4, tags: {Team: x}}
  - {name: on-demand}
cache_clusters: [{name: memo, engine: memcached, nodes: 2, type: cache.m5.large, cpu: 3, tags: {Team: x}}]
warehouses: [{name: lake, nodes: 1, encrypted: true, public: true, cpu: 3, tags: {Team: x}}, {name: sea}]
functions:
  - {name: greet, role: worker, runtime: python3.12, memory: 512, timeout: 30, reserved: 5, environment: {A: b}, errors: 1, duration: 90, tags: {Team: x}}
endpoints: [{name: guess, role: server, type: ml.c5.large, count: 2, tags: {Team: x}}]
task_clusters: [{name: tasks, services: [{name: api, desired: 1, cpu: 512, memory: 1024}], tags: {Team: x}}, {name: idle-tasks}]
topics: [{name: news, emails: [a@example.com, b@example.com], tags: {Team: x}}]
queues: [{name: jobs, encrypted: false, messages: 1, sent: 2, received: 1, tags: {Team: x}}]
streams: [{name: clicks, shards: 2, retention: 48, bytes: 9, records: 3, tags: {Team: x}}, {name: any}]
log_groups: [{name: app, retention: 30, incoming: 8, tags: {Team: x}}, {name: kept-forever, written: 2d}]
alarms: [{name: hot, namespace: AWS/EC2, threshold: 80, state: ALARM, instance: one, notifies: [news], tags: {Team: x}}]
"""


@pytest.fixture(scope="package")
def ask() -> Iterator[Ask]:
    """Clients on the account."""
    with sandbox(read_text(WORLD)) as account:
        yield asking(account)


@pytest.fixture(scope="package")
def see(ask: Ask) -> See:
    """(service, operation, path, parameters) ▸ what is there."""

    def seen(service: str, operation: str, path: str, **given: Any) -> Any:
        return jmespath.search(path, getattr(ask(service), operation)(**given))

    return seen


@pytest.fixture(scope="package")
def ids(see: See) -> dict[str, str]:
    """The ids of the two instances, which do not both carry their name."""
    by_type = "Reservations[].Instances[].[InstanceType, InstanceId]"
    found = dict(see("ec2", "describe_instances", by_type))
    return {"one": found["m5.large"], "two": found["t3.micro"]}


@pytest.fixture(scope="package")
def measured(see: See) -> Callable[[str, str], set[str]]:
    """(namespace, dimension's value) ▸ the metrics that have a history."""

    def metrics(namespace: str, value: str) -> set[str]:
        path = f"Metrics[?Dimensions[?Value=='{value}']].MetricName"
        return set(see("cloudwatch", "list_metrics", path, Namespace=namespace))

    return metrics
