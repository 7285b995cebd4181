"""How runs ended: a line per run in HOME/logs/runs.jsonl, and a program of the operator's choice that is told.

GOUJI_NOTIFY names the program; it gets the line on its standard input, and what it does is its own business: mail, a chat,
a monitor. That it fails is logged and changes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from orchestration.resources import Home

RUN_LOG = Path("logs") / "runs.jsonl"
WHAT_FOR = "gouji/for"  # run tag: why the run was started
NOTIFY_SECONDS = 60.0


@dg.success_hook(name="tell_success", required_resource_keys={"home"})
def tell_success(context: dg.HookContext) -> None:
    """The last step of a run has succeeded: the release stands."""
    if context.op.name == "release":
        tell(context, "published")


@dg.failure_hook(name="tell_failure", required_resource_keys={"home"})
def tell_failure(context: dg.HookContext) -> None:
    """A step has failed: what comes after it is not done, and the last release stands."""
    error = context.op_exception
    tell(context, "failed", step=context.op.name, error=f"{type(error).__name__}: {error}"[:2000])


def tell(context: dg.HookContext, outcome: str, **facts: str) -> None:
    home: Home = context.resources.home
    run = context.instance.get_run_by_id(context.run_id)
    what_for = run.tags.get(WHAT_FOR, "") if run else ""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": at, "run": context.run_id, "job": context.job_name, "for": what_for, "outcome": outcome} | facts
    text = json.dumps(line, ensure_ascii=False)
    path = home.path / RUN_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(text + "\n")
    problem = notify(text)
    if problem:
        context.log.warning(problem)


def last_published(home: Path) -> datetime | None:
    """When a run last published, or found that nothing had changed; None when no run has."""
    path = home / RUN_LOG
    if not path.exists():
        return None
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return max((datetime.fromisoformat(line["at"]) for line in lines if line["outcome"] == "published"), default=None)


def notify(text: str) -> str:
    """Hand a line to the operator's program; what went wrong, or ""."""
    program = os.environ.get("GOUJI_NOTIFY")
    if not program:
        return ""
    try:
        done = subprocess.run([program], input=text, text=True, capture_output=True, timeout=NOTIFY_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"GOUJI_NOTIFY={program}: {error}"
    return "" if done.returncode == 0 else f"GOUJI_NOTIFY={program} ended with {done.returncode}: {done.stderr[:500]}"
