"""ARCHIVE: the files of the inbox, and those fetched by the source lists, received into the content-addressed store."""

from contextlib import closing
from pathlib import Path

import dagster as dg

from disclosure.archive import Archive
from disclosure.archive.sources import fetch_sources
from orchestration.locks import hold_home
from orchestration.preview import PREVIEW_ROWS, preview
from orchestration.progress import Tracker
from orchestration.resources import Home, Web
from orchestration.retries import retrying_transient


@dg.asset(group_name="archive", kinds={"python", "sqlite"})
def filings(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every file of the inbox, kept unchanged under its sha256, with a receipt saying where it came from and when."""
    tracker = Tracker(context, "archive", None)

    def count(path: Path, outcome: str) -> None:
        tracker.advance()

    with retrying_transient(context), hold_home(home.path, wait=True), closing(Archive(home.path)) as archive:
        intake = archive.receive_folder(home.inbox, count)
        receipts = archive.register.count_receipts()
        media_types = archive.register.count_media_types()
        latest = [
            (receipt.file_name, receipt.media_type, receipt.size, receipt.asserted_year, receipt.sha256[:16])
            for receipt in archive.register.latest_receipts(PREVIEW_ROWS)
        ]
    tracker.finish(f"{intake.received} new, {intake.unchanged} known")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": receipts,
            "new": intake.received,
            "known": intake.unchanged,
            "could_not_be_opened": intake.unreadable_count,
            "inbox": dg.MetadataValue.path(home.inbox),
            "media_types": preview(("media type", "files"), [*media_types.items()]),
            "refused": preview(("file", "reason"), intake.unreadable),
            "preview": preview(("file", "media type", "bytes", "asserted year", "report id"), latest),
        }
    )


@dg.asset(group_name="archive", kinds={"python", "sqlite"})
def fetched_filings(context: dg.AssetExecutionContext, home: Home, web: Web) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every file that a source list in HOME/sources names by URL, fetched when it is due, kept as the inbox's files are.
    Without such a list nothing is asked of any network."""
    tracker = Tracker(context, "fetch", None)

    def count(done: int, due: int) -> None:
        tracker.advance(done, due)

    with retrying_transient(context), hold_home(home.path, wait=True), closing(Archive(home.path)) as archive:
        fetching = fetch_sources(home.path, archive, web.manners(), web.recheck_after, count)
    tracker.finish(f"{fetching.new} new, {fetching.due} of {fetching.listed} addresses asked")
    failures = [
        (checked.url, checked.state, checked.detail, checked.checked_at and checked.checked_at.isoformat()[:16])
        for checked in fetching.failures
    ]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": fetching.listed,
            "asked": fetching.due,
            "new": fetching.new,
            "states": preview(("state", "addresses"), fetching.states.most_common()),
            "preview": preview(("address", "state", "detail", "asked at"), failures),
        }
    )
