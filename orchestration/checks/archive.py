"""Checks of the archive and of what became of it: every file received is accounted for, and readable from the store."""

from contextlib import closing

import dagster as dg

from disclosure.archive import Archive, ArchiveError
from orchestration.assets.archive import filings
from orchestration.preview import preview
from orchestration.resources import Home
from orchestration.summary import read_balance

SAMPLED_OBJECTS = 50


@dg.asset_check(
    asset=dg.AssetKey(["quality", "coverage"]),
    additional_deps=[filings],
    description="The dispositions (published, withheld in part, quarantined, duplicate, not a report) add up to the files received.",
)
def dispositions_add_up(home: Home) -> dg.AssetCheckResult:
    balance = read_balance(home.path)
    rows = [*balance.dispositions.items(), ("outside the years asked for", balance.outside)]
    return dg.AssetCheckResult(
        passed=balance.adds_up,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "received": balance.received,
            "accounted_for": balance.total,
            "dispositions": preview(("disposition", "files"), rows),
        },
    )


@dg.asset_check(asset=filings, description="The newest objects of the store still hash to their names.")
def objects_are_intact(home: Home) -> dg.AssetCheckResult:
    broken: list[tuple[str, str]] = []
    with closing(Archive(home.path)) as archive:
        newest = archive.register.latest_receipts(SAMPLED_OBJECTS)
        for receipt in newest:
            try:
                archive.read_bytes(receipt.sha256)
            except ArchiveError as error:
                broken.append((receipt.file_name, str(error)))
    return dg.AssetCheckResult(
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "looked_at": len(newest),
            "damaged": len(broken),
            "first_failures": preview(("file", "problem"), broken),
        },
    )
