"""engine run"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import where, which


@click.command("run")
@which
@where
@click.option(
    "-s", "--output-dir", metavar="DIR|s3://BUCKET/PREFIX",
    help="write resources.json, findings.json and metadata.json of each policy here",
)  # fmt: skip
@click.option("-d", "--dry-run", "--dryrun", "dry_run", is_flag=True, help="find and plan, change nothing")
@click.option("-y", "--yes", is_flag=True, help="do not ask before destructive changes")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print results")
@click.option("-q", "--quiet", is_flag=True, help="no progress, no tables: only errors and the exit code")
def command(**given: Any) -> None:
    """Run policies: find what they match, tell why, and make the changes they ask for.

    \b
    engine run --sandbox policies/idle-ec2.yml
    engine run policies/idle-ec2.yml --dry-run -r eu-west-1 -r us-east-1
    engine run policies -p 'idle-*' -r all --profile audit --format json
    engine run policies/expiring-marks.yml --yes -s output
    engine run policies -s 's3://findings/prod?sse=aws:kms'
    engine run policies -s 'output/{account_id}/{region}/{policy_name}/{now:%Y-%m-%d}'

    Changes are written to the journal before they are made: see 'engine runs' and 'engine undo'. On a terminal,
    destructive changes are asked about unless --yes; without one they need --yes.
    """
    from engine.cli.flow import Flow, Request

    sys.exit(Flow(Request.of(given)).run())
