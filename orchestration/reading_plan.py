"""Which filings a run has to read again, and which it may keep: the decision behind "unchanged means no work".

Only the comparison of versions belongs here; reading is in `disclosure`, writing in `disclosure.stage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from disclosure.archive import Receipt

EXTRACTED = "extracted"  # status of a reading that the parser has not seen yet
Versions = tuple[str, str, str, str]  # reader, parser and catalogue version, and that of the decisions about a report
Assertion = tuple[str, int | None, str | None]  # receipt id, asserted year, asserted agency


@dataclass(frozen=True, slots=True)
class PartitionPlan:
    """What one report year needs: filings to read, report ids that stay as staged, and how many have left."""

    partition: str
    read: tuple[str, ...]  # sha256
    keep: frozenset[str]  # report ids
    leaving: int

    @property
    def is_unchanged(self) -> bool:
        return not self.read and not self.leaving


def plan_partition(
    partition: str, members: Mapping[str, Versions], staged: Mapping[str, Versions], unread: frozenset[str]
) -> PartitionPlan:
    """Compare the filings a partition should hold with those staged in it.

    `members` maps sha256 to the versions that would read it now, `staged` maps report id to those that did; `unread` are
    members that were extracted or asserted anew since.
    """
    keep = frozenset(
        report_id_of(sha256)
        for sha256, versions in members.items()
        if sha256 not in unread and staged.get(report_id_of(sha256)) == versions
    )
    read = tuple(sorted(sha256 for sha256 in members if report_id_of(sha256) not in keep))
    leaving = len(staged.keys() - {report_id_of(sha256) for sha256 in members})
    return PartitionPlan(partition, read, keep, leaving)


def report_id_of(sha256: str) -> str:
    return sha256[:16]


def staged_assertions(staging: Path) -> set[Assertion]:
    """What the inbox asserted about each receipt when the filings were last staged."""
    path = staging / "filings.parquet"
    if not path.exists():
        return set()
    table = pq.read_table(path, columns=["receipt_id", "asserted_year", "asserted_agency"])
    return set(zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True))


def assertion_of(receipt: Receipt) -> Assertion:
    return (receipt.receipt_id, receipt.asserted_year, receipt.asserted_agency)
