"""A million resources pass through in the memory that ten thousand take.

200,000 in the default run; `ENGINE_MEMORY=1000000` for all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

COUNT = int(os.environ.get("ENGINE_MEMORY", "200000"))
PROGRAM = '''
import json, resource, sys, time
from datetime import UTC, datetime
from engine.executor.execute import Circumstances, Target, execute
from engine.lang.check import Environment
from engine.lang.load import policy_from
from engine.model.scope import Scope
from engine.plan.compile import compile
from engine.plugin.discover import catalog
from engine.runner import bind

class Door:
    """Pages of a thousand instances, made when they are asked for."""
    def __init__(self, count):
        self.count = count
    def pages(self, call):
        for at in range(0, self.count, 1000):
            yield {"Reservations": [{"Instances": [
                {"InstanceId": f"i-{n:08}", "State": {"Name": "stopped" if n % 1000 else "running"},
                 "InstanceType": "m5.large", "Tags": [{"Key": "Name", "Value": f"n{n}"}]} for n in range(at, at + 1000)]}]}

class Connection:
    account = known_account = "123456789012"
    rows = None
    def __init__(self, count):
        self.door = Door(count)

def run(count):
    texts = [
        {"name": "p", "resource": "ec2", "filters": [{"or": [{"State.Name": "terminated"}, {"tag:Name": "n7"}]}]},
        {"name": "q", "resource": "ec2", "filters": [{"State.Name": "running"}, {"tag:Owner": "nobody"}]},
    ]
    policies = [bind(policy_from(t)[0], catalog(), Environment()) for t in texts]
    scope = Scope("123456789012", "us-east-1")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    results = execute([Target(Connection(count), scope, compile(policies))], Circumstances(now, catalog().provider.type))
    assert [r.population for r in results] == [count, count]
    assert [len(r.matched) for r in results] == [1, 0], [len(r.matched) for r in results]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

small = run(10_000)
began = time.monotonic()
large = run(int(sys.argv[1]))
print(json.dumps({"small": small, "large": large, "seconds": time.monotonic() - began}))
'''


def test_memory_does_not_grow_with_what_is_listed() -> None:
    """At most 60 MB more than 10,000 resources take, within a minute for a million."""
    root = Path(__file__).parents[3]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(COUNT)], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    kilobytes = 1024 if sys.platform == "darwin" else 1
    assert (told["large"] - told["small"]) / kilobytes < 60 * 1024, told
    assert time.monotonic() - began < 60, told
