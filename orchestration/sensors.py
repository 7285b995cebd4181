"""Start a run when the inbox or the source lists have changed.

The cursor is a digest of the names, sizes and times of the files. One request covers everything that arrived
since; while a run is at work, and until the last file has stopped changing, the sensor waits.
"""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from disclosure.archive.lists import SOURCES
from disclosure.archive.store import walk_files
from orchestration.jobs import all_partitions, fetch_and_run, whole_run
from orchestration.resources import Home
from orchestration.run_log import WHAT_FOR

INTERVAL_SECONDS = 60
SETTLED_SECONDS = 20  # a file changed more recently may still be arriving
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


@dataclass(frozen=True, slots=True)
class InboxState:
    """A digest of the inbox's listing, the number of files, and when the newest was changed (seconds since 1970)."""

    digest: str
    files: int
    newest: float


def read_inbox_state(inbox: Path) -> InboxState:
    digest, files, newest = hashlib.sha256(), 0, 0.0
    for path in sorted(walk_files(inbox)):
        status = path.stat()
        digest.update(f"{path.relative_to(inbox)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        files += 1
        newest = max(newest, status.st_mtime)
    return InboxState(digest.hexdigest(), files, newest)


@dg.sensor(
    job=whole_run,
    minimum_interval_seconds=INTERVAL_SECONDS,
    description="Requests a whole run when files in the inbox are new or changed.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, home: Home) -> dg.SensorResult | dg.SkipReason:
    if not home.inbox.is_dir():
        return dg.SkipReason(f"the inbox {home.inbox} does not exist; set GOUJI_INBOX or start the UI with --inbox")
    state = read_inbox_state(home.inbox)
    if state.files == 0:
        return dg.SkipReason(f"the inbox {home.inbox} is empty")
    if state.digest == context.cursor:
        return dg.SkipReason(f"nothing new among {state.files} files in {home.inbox}")
    if time.time() - state.newest < SETTLED_SECONDS:
        return dg.SkipReason("files are still arriving")
    if is_at_work(context.instance):
        return dg.SkipReason("a run is at work; its successor takes what has arrived since")
    request = dg.RunRequest(
        run_key=f"inbox-{state.digest[:16]}",
        tags=all_partitions() | {"gouji/inbox": str(home.inbox), WHAT_FOR: "what has arrived in the inbox"},
    )
    return dg.SensorResult(run_requests=[request], cursor=state.digest)


@dg.sensor(
    job=fetch_and_run,
    minimum_interval_seconds=INTERVAL_SECONDS,
    description="Requests fetching and a whole run when a source list is new or changed.",
)
def source_list_sensor(context: dg.SensorEvaluationContext, home: Home) -> dg.SensorResult | dg.SkipReason:
    folder = home.path / SOURCES
    if not folder.is_dir():
        return dg.SkipReason(f"there are no source lists: {folder} does not exist")
    state = read_inbox_state(folder)
    if state.digest == context.cursor or state.files == 0:
        return dg.SkipReason(f"nothing new among {state.files} lists in {folder}")
    if time.time() - state.newest < SETTLED_SECONDS:
        return dg.SkipReason("a list is still being written")
    if is_at_work(context.instance):
        return dg.SkipReason("a run is at work")
    tags = all_partitions() | {WHAT_FOR: "source lists that have changed"}
    request = dg.RunRequest(run_key=f"sources-{state.digest[:16]}", tags=tags)
    return dg.SensorResult(run_requests=[request], cursor=state.digest)


def is_at_work(instance: dg.DagsterInstance) -> bool:
    """Whether a run of the whole journey has not ended yet."""
    jobs = (whole_run.name, fetch_and_run.name)
    return any(instance.get_runs(dg.RunsFilter(job_name=job, statuses=UNFINISHED), limit=1) for job in jobs)
