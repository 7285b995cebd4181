"""Brings an operator's lists from the archive through the parser into staging, with what folders and lists assert of agencies.

Thin: what a list is belongs to `disclosure.archive`, what its values mean to `disclosure.parse`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue.load import load_catalogue
from disclosure.archive import Archive
from disclosure.archive.lists import ListKind
from disclosure.listed import ListedFiling, ListRow, ReadLists
from disclosure.parse.listed import name_asserted, read_agency_list, read_filing_row, read_population_list
from disclosure.stage import stage_lists


def stage_reference_lists(home: Path, archive: Archive) -> dict[str, int]:
    """Stage what the lists of the archive say; the rows of each staged table."""
    catalogue = load_catalogue()
    names, troubles = read_agency_list(rows_of(archive, ListKind.AGENCIES), catalogue)
    populations, more_troubles = read_population_list(rows_of(archive, ListKind.POPULATIONS))
    filings = tuple(expected_filings(archive))
    asserted = archive.register.asserted_agencies()
    asserted |= {(filing.asserted_agency, filing.asserted_year) for filing in filings}
    known = sorted((agency, year) for agency, year in asserted if agency and year)
    lists = ReadLists(tuple(names), tuple(populations), (*troubles, *more_troubles), filings)
    return stage_lists(home, lists, (name_asserted(agency, year, catalogue) for agency, year in known))


def rows_of(archive: Archive, kind: ListKind) -> Iterator[ListRow]:
    for received in archive.lists():
        if received.kind is kind:
            for row_number, values in archive.rows_of(received):
                yield ListRow(received.name, row_number, values)


def expected_filings(archive: Archive) -> Iterator[ListedFiling]:
    """The rows of the source lists, each with what was received under its path."""
    for received in archive.lists():
        if received.kind is not ListKind.FILINGS:
            continue
        for row_number, values in archive.rows_of(received):
            row = read_filing_row(ListRow(received.name, row_number, values))
            if row is not None:
                path = row.path if row.path == row.url else str(Path(received.folder) / row.path)
                yield row.received_as(archive.register.receipt_at(path))
