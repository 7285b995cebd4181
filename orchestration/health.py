"""The health of a home: is everything there, does it belong together, what waits, what is in the way.

Every examination looks at one thing, changes nothing and ends in a remark with what to do. How remarks are shown is in
`health_display`.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from disclosure.archive import Archive, ArchiveError
from orchestration.document_store import DocumentStore
from orchestration.filers import count_filers, last_deadline, name_missing
from orchestration.locks import HomeBusyError, hold_home
from orchestration.partitions import today_in_china
from orchestration.plan import plan_run
from orchestration.resources import Cluster, Home
from orchestration.run_log import last_published

FREE_SHARE = 0.10  # of the disk
LEFTOVER_HOURS = 24


class State(StrEnum):
    WELL = "well"
    LOOK = "look"  # works, but somebody should look at it
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was examined, how it is, in words, and what to do when it is not well."""

    subject: str
    state: State
    words: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def examine(home: Home, cluster: Cluster, deep: bool = False) -> Iterator[Remark]:
    """All remarks about a home. `deep` reads every object of the archive and every release file again.

    An examination that fails is a remark itself: a sick home must not stop its own examination."""
    examinations: tuple[tuple[str, Callable[[], Remark]], ...] = (
        ("lock", lambda: examine_lock(home)),
        ("disk", lambda: examine_disk(home)),
        ("register", lambda: examine_register(home)),
        ("archive", lambda: examine_objects(home, deep)),
        ("documents", lambda: examine_documents(home, cluster)),
        ("plan", lambda: examine_plan(home, cluster)),
        ("staging", lambda: examine_leftovers(home)),
        ("warehouse", lambda: examine_warehouse(home)),
        ("validation", lambda: examine_validation(home)),
        ("release", lambda: examine_release(home, deep)),
        ("filers", lambda: examine_filers(home)),
        ("deadlines", lambda: examine_deadlines(home, today_in_china())),
    )
    for subject, examination in examinations:
        try:
            yield examination()
        except Exception as error:
            yield Remark(subject, State.BROKEN, f"{type(error).__name__}: {error}", "see docs/operations.md")


def examine_lock(home: Home) -> Remark:
    try:
        with hold_home(home.path, wait=False):
            return Remark("lock", State.WELL, "no run is at work")
    except HomeBusyError as busy:
        return Remark("lock", State.LOOK, f"a run is at work: {busy.holder}", "what follows may change under it")


def examine_disk(home: Home) -> Remark:
    usage = shutil.disk_usage(home.path)
    words = f"{usage.free / 1024**3:.1f} GB free of {usage.total / 1024**3:.1f} GB"
    if usage.free < FREE_SHARE * usage.total:
        return Remark("disk", State.LOOK, words, "remove releases nobody needs, or move the home")
    return Remark("disk", State.WELL, words)


def examine_register(home: Home) -> Remark:
    path = home.path / "archive" / "register.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        receipts = connection.execute("SELECT count(*) FROM receipts").fetchone()[0]
    if verdict != "ok":
        return Remark("register", State.BROKEN, str(verdict), "restore archive/register.sqlite from the backup")
    return Remark("register", State.WELL, f"{receipts} receipts")


def examine_objects(home: Home, deep: bool) -> Remark:
    """The bytes of every receipt are there in their size; when deep, with their hash."""
    damaged: list[str] = []
    seen: set[str] = set()
    with closing(Archive(home.path)) as archive:
        for receipt in archive.receipts():
            if receipt.sha256 in seen:
                continue
            seen.add(receipt.sha256)
            if not is_intact(archive, receipt.sha256, receipt.size, deep):
                damaged.append(f"{receipt.file_name} ({receipt.sha256[:16]})")
    if damaged:
        first = ", ".join(damaged[:5])
        remedy = "restore the archive from its backup, or put the files into the inbox again"
        return Remark("archive", State.BROKEN, f"{len(damaged)} of {len(seen)} objects are damaged: {first}", remedy)
    return Remark("archive", State.WELL, f"{len(seen)} objects{', every hash verified' if deep else ''}")


def is_intact(archive: Archive, sha256: str, size: int, deep: bool) -> bool:
    try:
        if archive.object_path(sha256).stat().st_size != size:
            return False
        if deep:
            archive.read_bytes(sha256)
    except (OSError, ArchiveError):
        return False
    return True


def examine_documents(home: Home, cluster: Cluster) -> Remark:
    store = DocumentStore(cluster.open_store(home))
    with closing(Archive(home.path)) as archive:
        readings = [reading.sha256 for reading in archive.register.readings()]
    held = store.held()
    missing = sum(sha256 not in held for sha256 in readings)
    if missing:
        return Remark("documents", State.LOOK, f"{missing} of {len(readings)} are missing", "the next run makes them")
    return Remark("documents", State.WELL, f"{len(readings)} documents")


def examine_plan(home: Home, cluster: Cluster) -> Remark:
    plan = plan_run(home.path, None, cluster.open_store(home))
    if plan.reads_nothing:
        return Remark("plan", State.WELL, "everything is read by the current reader, parser and catalogue")
    words = f"{plan.extract.total()} files wait to be extracted, {plan.parse.total()} to be parsed"
    return Remark("plan", State.LOOK, words, "gouji plan says why; the next run reads them")


def examine_leftovers(home: Home) -> Remark:
    """What a killed run may have left; the next one removes most of it by itself."""
    patterns = ("staging/*/*.part", "staging/.spill-*", "staging/*/.*.before", "releases/.building-*")
    young = time.time() - LEFTOVER_HOURS * 3600
    left = [path for pattern in patterns for path in home.path.glob(pattern) if path.stat().st_mtime < young]
    files = sum(1 for _ in home.staging.glob("*/*.parquet"))
    if left:
        return Remark("staging", State.LOOK, f"{len(left)} leftovers of killed runs", f"remove {left[0]} and its like")
    return Remark("staging", State.WELL, f"{files} files")


def examine_warehouse(home: Home) -> Remark:
    from orchestration.assets.model import fingerprint_inputs, is_built_from

    if not home.warehouse.exists():
        return Remark("warehouse", State.LOOK, "there is none", "the next run builds it")
    size = f"{home.warehouse.stat().st_size / 1024**2:.0f} MB"
    if not is_built_from(home, fingerprint_inputs(home)):
        return Remark("warehouse", State.LOOK, f"{size}, older than staging or models", "the next run builds it again")
    return Remark("warehouse", State.WELL, f"{size}, built from staging as it stands")


def examine_validation(home: Home) -> Remark:
    from orchestration.validation import last_validation

    stored = home.validation / "latest.json"
    if not stored.exists():
        return Remark("validation", State.LOOK, "nothing was validated yet", "the next run does")
    verdict = json.loads(stored.read_text(encoding="utf-8"))
    if not verdict.get("passed"):
        reasons = "; ".join(verdict.get("reasons", []))
        return Remark("validation", State.BROKEN, f"refused: {reasons}", f"{stored} has every result")
    if last_validation(home) is None:
        return Remark("validation", State.LOOK, "passed, but for another warehouse or other rules", "the next run does")
    return Remark("validation", State.WELL, "passed, for the warehouse as it stands")


def examine_release(home: Home, deep: bool) -> Remark:
    """`latest` points at a whole release; when deep, its database has the hash of its manifest."""
    import duckdb

    from disclosure.publish.manifest import hash_file
    from disclosure.publish.release import latest_release

    released = latest_release(home.releases)
    if released is None:
        return Remark("release", State.LOOK, "there is none yet", "the next run publishes one")
    with duckdb.connect(str(released.marts), read_only=True) as connection:
        counted = connection.execute("select count(*) from dim_report").fetchone()
    if deep and hash_file(released.marts) != released.manifest["database"]["sha256"]:
        return Remark("release", State.BROKEN, f"{released.marts} is not what was published", "point latest elsewhere")
    reports = counted[0] if counted else 0
    others = sum(1 for path in home.releases.iterdir() if path.is_dir() and not path.name.startswith("."))
    return Remark("release", State.WELL, f"{released.release_id} with {reports} reports; {others} in all")


def examine_filers(home: Home) -> Remark:
    """Whether every agency that is expected to file has filed by its deadline."""
    if not home.warehouse.exists():
        return Remark("filers", State.LOOK, "there is no warehouse to tell", "the next run builds it")
    years = count_filers(home.warehouse, today_in_china())
    late = [year for year in years if year.overdue]
    if not late:
        words = "nobody is known to be expected" if not years else "every expected report that is due has come"
        return Remark("filers", State.WELL, words)
    words = "; ".join(f"{year.report_year}: {year.overdue} of {year.expected}" for year in reversed(late[-5:]))
    names = "、".join(name for name, *_ in name_missing(home.warehouse, late[-1].report_year, 5))
    remedy = "marts.coverage_by_agency names them all; fetch them, or mend the lists of agencies"
    return Remark("filers", State.LOOK, f"overdue, by report year: {words}; first {names}", remedy)


def examine_deadlines(home: Home, today: date) -> Remark:
    """Whether a run has published since the last statutory deadline."""
    due = last_deadline(today)
    published = last_published(home.path)
    if published is None or published.date() < due:
        last = f"the last on {published:%Y-%m-%d}" if published else "none is on record"
        return Remark(
            "deadlines", State.LOOK, f"no run has published since {due}: {last}", "run, or switch on the schedules"
        )
    return Remark("deadlines", State.WELL, f"the last run that published was on {published:%Y-%m-%d}")
