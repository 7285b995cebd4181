"""Which filings a run has to read again, and which it may keep: the decision behind "unchanged means no work".

Only the comparison of versions belongs here; reading is in `disclosure`, writing in `disclosure.stage`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow.parquet as pq

from disclosure.archive import Receipt

EXTRACTED = "extracted"  # status of a reading that the parser has not seen yet
Versions = tuple[str, str, str, str]  # reader, parser and catalogue version, and that of the decisions about a report
Assertion = tuple[str, int | None, str | None]  # receipt id, asserted year, asserted agency


class Reason(StrEnum):
    """Why a filing is read: it is not yet in its partition, or something that decides what is read has changed."""

    NEW = "new"
    EXTRACTED_ANEW = "extracted or asserted anew"
    DOCUMENT_MISSING = "its document is missing"
    READER = "another version of the reader"
    PARSER = "another version of the parser"
    CATALOGUE = "another version of the catalogue"
    DECISIONS = "other decisions about it"


_REASONS_BY_VERSION = (Reason.READER, Reason.PARSER, Reason.CATALOGUE, Reason.DECISIONS)  # in the order of Versions


@dataclass(frozen=True, slots=True)
class PartitionPlan:
    """What one report year needs: filings to read and why, report ids that stay as staged, and how many have left."""

    partition: str
    reasons: Mapping[str, Reason]  # by sha256, in their order
    keep: frozenset[str]  # report ids
    leaving: int

    @property
    def read(self) -> tuple[str, ...]:
        """sha256 of the filings to read."""
        return tuple(self.reasons)

    @property
    def again(self) -> frozenset[str]:
        """Report ids of the filings that stand in the partition and are read again."""
        return frozenset(report_id_of(sha256) for sha256, reason in self.reasons.items() if reason is not Reason.NEW)

    @property
    def is_unchanged(self) -> bool:
        return not self.reasons and not self.leaving

    def count_reasons(self) -> Counter[str]:
        return Counter(reason.value for reason in self.reasons.values())


def plan_partition(
    partition: str, members: Mapping[str, Versions], staged: Mapping[str, Versions], unread: frozenset[str]
) -> PartitionPlan:
    """Compare the filings a partition should hold with those staged in it.

    `members` maps sha256 to the versions that would read it now, `staged` maps report id to those that did; `unread` are
    members that were extracted or asserted anew since.
    """
    reasons: dict[str, Reason] = {}
    keep: set[str] = set()
    for sha256 in sorted(members):
        report_id = report_id_of(sha256)
        reason = reason_to_read(members[sha256], staged.get(report_id), sha256 in unread)
        if reason is None:
            keep.add(report_id)
        else:
            reasons[sha256] = reason
    leaving = len(staged.keys() - {report_id_of(sha256) for sha256 in members})
    return PartitionPlan(partition, reasons, frozenset(keep), leaving)


def reason_to_read(now: Versions, staged: Versions | None, is_unread: bool) -> Reason | None:
    """Why a filing has to be read, the first reason that applies; None when it may stay as it is staged."""
    if staged is None:
        return Reason.NEW
    for reason, wanted, found in zip(_REASONS_BY_VERSION, now, staged, strict=True):
        if wanted != found:
            return reason
    return Reason.EXTRACTED_ANEW if is_unread else None


def report_id_of(sha256: str) -> str:
    return sha256[:16]


def staged_assertions(staging: Path) -> set[Assertion]:
    """What the inbox asserted about each receipt when the filings were last staged."""
    path = staging / "filings.parquet"
    if not path.exists():
        return set()
    table = pq.ParquetFile(path).read(columns=["receipt_id", "asserted_year", "asserted_agency"])
    return set(zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True))


def assertion_of(receipt: Receipt) -> Assertion:
    return (receipt.receipt_id, receipt.asserted_year, receipt.asserted_agency)
