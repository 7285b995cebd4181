"""Which filings a run has to read again, and which it may keep: the decision behind "unchanged means no work".

Only the comparison of versions belongs here; reading is in `disclosure`, writing in `disclosure.stage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from disclosure.archive import Receipt
from disclosure.report import Asserted

Versions = tuple[str, str, str, str]  # reader, reader version, parser version, catalogue version


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
    partition: str, members: Mapping[str, Versions], staged: Mapping[str, Versions], asserted_anew: frozenset[str]
) -> PartitionPlan:
    """Compare the filings a partition should hold with those staged in it.

    `members` maps sha256 to the versions that would read it now, `staged` maps report id to those that did;
    `asserted_anew` are report ids about which the inbox now says something else.
    """
    keep = frozenset(
        report_id_of(sha256)
        for sha256, versions in members.items()
        if staged.get(report_id_of(sha256)) == versions and report_id_of(sha256) not in asserted_anew
    )
    read = tuple(sorted(sha256 for sha256 in members if report_id_of(sha256) not in keep))
    leaving = len(staged.keys() - {report_id_of(sha256) for sha256 in members})
    return PartitionPlan(partition, read, keep, leaving)


def report_id_of(sha256: str) -> str:
    return sha256[:16]


def read_staged_versions(staging: Path, partition: str) -> dict[str, Versions]:
    """The versions that read each staged report of a partition; empty when nothing is staged yet."""
    path = staging / "reports" / f"{partition}.parquet"
    if not path.exists():
        return {}
    columns = ["report_id", "reader", "reader_version", "parser_version", "catalogue_version"]
    table = pq.read_table(path, columns=columns)
    identifiers, *versions = (table.column(name).to_pylist() for name in columns)
    return dict(zip(identifiers, zip(*versions, strict=True), strict=True))


def first_assertions(receipts: Iterable[Receipt]) -> dict[str, Asserted]:
    """What is asserted about each file by its first receipt; `receipts` come oldest first."""
    assertions: dict[str, Asserted] = {}
    for receipt in receipts:
        assertions.setdefault(receipt.sha256, receipt.asserted)
    return assertions
