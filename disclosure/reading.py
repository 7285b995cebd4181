"""One filing from its bytes to a reconciled report, without an archive or a warehouse: what a clerk's check needs."""

from __future__ import annotations

import hashlib
from pathlib import Path

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from disclosure.archive.media_type import sniff
from disclosure.decisions import DecisionBook, repository_decisions
from disclosure.extract import extract, extract_file
from disclosure.parse import parse_report
from disclosure.reconcile.prior_year import NONE_OFFERED, OfferedPriors
from disclosure.report import Asserted, Report


def read_filing(
    data: bytes,
    file_name: str | None = None,
    asserted: Asserted | None = None,
    catalogue: Catalogue | None = None,
    book: DecisionBook | None = None,
) -> Report:
    """The report in `data`, read in this process with the decisions of `book`, else those of the repository. Bad input
    comes back as a report with findings, never as an error."""
    sha256 = hashlib.sha256(data).hexdigest()
    document = extract(data, sniff(data), sha256, file_name)
    catalogue = catalogue or load_catalogue()
    return parse_report(
        document, asserted or Asserted(source=file_name), catalogue, book or repository_decisions(catalogue)
    )


def read_filing_at(
    path: Path,
    asserted: Asserted | None = None,
    catalogue: Catalogue | None = None,
    book: DecisionBook | None = None,
    prior: OfferedPriors = NONE_OFFERED,
) -> Report:
    """The report in the file at `path`, held against that of the year before if it is among `prior`. A file over the size
    limit is not read into memory.

    Raises OSError when the file cannot be opened."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    document = extract_file(path, sniff(path), sha256, path.name)
    catalogue = catalogue or load_catalogue()
    decisions = book or repository_decisions(catalogue)
    return parse_report(document, asserted or Asserted(source=str(path)), catalogue, decisions, prior)
