"""What the folders above a file say about it: a year, and an agency in it.

These are assertions of whoever filled the inbox, kept as evidence; those of a source list go before (`lists`). What the text
says is decided in `parse`.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from disclosure.listed import year_of
from disclosure.report import Asserted


def read_place(relative: PurePosixPath) -> Asserted:
    """What the folders above a file assert: 2020, 2020年 or 2020年度 is the report year, the folder in it the agency."""
    folders = relative.parts[:-1]
    for position, folder in enumerate(folders):
        year = year_of(folder)
        if year is not None:
            agency = folders[position + 1].strip() if position + 1 < len(folders) else None
            return Asserted(report_year=year, agency_name=agency)
    return Asserted()
