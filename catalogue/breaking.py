"""What breaks a rule of the register: cells of a table, or what a page prints.

Examples of the rules that warn stand in `plausibility.py`, because they may need prose and a second report.
"""

from __future__ import annotations

from pydantic import Field

from catalogue.declaration import Frozen


class BreakingExample(Frozen):
    """Cells that break the rule and no other one: every cell of the table not named here is 0."""

    edition: str
    table: str | None = None  # where the rule is for every table
    cells: dict[str, str]  # "row_code/column_code" -> printed text
    breaks: tuple[str, ...]  # scope keys of the instances that break


class BreakingPage(Frozen):
    """What a page prints that breaks a rule about its reading: every row not named prints zeros, everything else is as
    the form has it. Figures of a row stand in one string, separated by spaces."""

    edition: str
    table: str | None = None  # the rows and headers are of
    rows: dict[str, str] = Field(default_factory=dict)  # code of a row, or of a heading -> its figures
    again: dict[str, str] = Field(default_factory=dict)  # rows that stand a second time, below the table's last row
    headers: dict[str, str] = Field(default_factory=dict)  # column code -> the words above it
    without_tables: tuple[str, ...] = ()
    without_sections: tuple[str, ...] = ()  # words of their headings
    report_year: int | None = None  # where it is not a year of the edition
