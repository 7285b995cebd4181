"""Sets a statutory table on a grid with merged cells, as the form prints it, in the shapes that agencies give it.

Here belong the places of labels and figures; the labels come from the catalogue. How a grid looks is the business of the format
modules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.corpus.filing import Filing
from catalogue.model import GroupRow, Row

ITEM_HEADER = "信息内容"
APPLICANT_HEADER = "申请人情况"
CORNER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
LABEL_COLUMNS = 3
_PLACES = 12  # grid columns of 表二: its blocks have one, two or three value columns


class Labels(StrEnum):
    """How 表三 prints its three levels of labels."""

    THREE = "three"  # 三、| （三）| 1. in three columns of merged cells
    FLAT = "flat"  # one column; group labels are rows of their own without figures
    NUMBERED = "numbered"  # as THREE, with 一、 and its words in two cells


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell on the grid where it starts; `text` is None where the source has no such cell. `code` is the row's or column's."""

    row: int
    column: int
    text: str | None
    code: str = ""
    row_span: int = 1
    column_span: int = 1
    figure: bool = False


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A statutory table on a grid of `width` columns, its first `header` rows being the head; `widths` are parts of the whole."""

    code: str
    width: int
    cells: tuple[Placed, ...]
    header: int
    widths: tuple[float, ...]

    @property
    def height(self) -> int:
        return max(cell.row + cell.row_span for cell in self.cells)

    def row(self, index: int) -> tuple[Placed, ...]:
        """The cells that start in this row, from left to right."""
        return tuple(sorted((cell for cell in self.cells if cell.row == index), key=lambda cell: cell.column))

    def line_of(self, row_code: str) -> int:
        """The grid row in which the figures of a line item stand."""
        return next(cell.row for cell in self.cells if cell.figure and cell.code == row_code)


def place_table(filing: Filing, code: str, labels: Labels = Labels.THREE) -> PlacedTable:
    """The table as this filing prints it."""
    if code == "T2":
        return _place_disclosure(filing)
    if code == "T3":
        return _place_applications(filing, labels)
    return _place_disputes(filing)


def _rows_of(filing: Filing, code: str) -> list[Row]:
    return [row for row in filing.table(code).rows if row.form_variant in (None, filing.form_variant)]


def _place_disclosure(filing: Filing) -> PlacedTable:
    table = filing.table("T2")
    rows = _rows_of(filing, "T2")
    cells: list[Placed] = []
    line = 0
    for group in table.groups:
        members = [row for row in rows if row.group == group.code]
        columns = [table.column(code) for code in members[0].columns]
        cells.append(Placed(line, 0, group.chinese, group.code, column_span=_PLACES))
        cells += _share(line + 1, [("", ITEM_HEADER), *((column.code, column.chinese) for column in columns)])
        line += 2
        for row in members:
            figures = [(row.code, filing.printed("T2", row.code, column)) for column in row.columns]
            name, *values = _share(line, [(row.code, row.chinese), *figures])
            cells += [name, *(replace(cell, figure=True) for cell in values)]
            line += 1
    return PlacedTable("T2", _PLACES, tuple(cells), 0, (1.0,) * _PLACES)


def _share(line: int, texts: list[tuple[str, str | None]]) -> list[Placed]:
    """One cell per text in equal parts; a single value takes all that the label leaves."""
    span = _PLACES // len(texts) if len(texts) != 2 else _PLACES // 4
    cells = [Placed(line, index * span, text, code, column_span=span) for index, (code, text) in enumerate(texts)]
    cells[-1] = replace(cells[-1], column_span=_PLACES - cells[-1].column)
    return cells


def _place_applications(filing: Filing, labels: Labels) -> PlacedTable:
    table = filing.table("T3")
    label_columns = 1 if labels is Labels.FLAT else LABEL_COLUMNS
    cells = _applicant_header(filing, label_columns)
    groups = {group.code: group for group in table.groups}
    rows = _rows_of(filing, "T3")
    opened: set[str] = set()
    line = 3
    for row in rows:
        path = _group_path(groups, row)
        for depth, group in enumerate(path):
            if group.code in opened:
                continue
            opened.add(group.code)
            name = f"{group.number or ''}{group.chinese}"
            if labels is Labels.FLAT:
                cells += [
                    Placed(line, 0, name, group.code),
                    *(Placed(line, 1 + i, "") for i in range(len(table.columns))),
                ]
                line += 1
            else:
                span = sum(group in _group_path(groups, other) for other in rows)
                cells.append(Placed(line, depth, name, group.code, row_span=span))
        cells += _label_cells(row, line, 0 if labels is Labels.FLAT else len(path), label_columns, labels)
        for place, column in enumerate(row.columns, start=label_columns):
            cells.append(Placed(line, place, filing.printed("T3", row.code, column), row.code, figure=True))
        line += 1
    label_widths = (2.8,) if labels is Labels.FLAT else (0.62, 0.9, 2.1)
    return PlacedTable(
        "T3", label_columns + len(table.columns), tuple(cells), 3, (*label_widths, *(1.0,) * len(table.columns))
    )


def _label_cells(row: Row, line: int, depth: int, label_columns: int, labels: Labels) -> list[Placed]:
    number, words = row.number or "", row.chinese
    if labels is Labels.NUMBERED and depth == 0:
        return [Placed(line, 0, number), Placed(line, 1, words, row.code, column_span=label_columns - 1)]
    return [Placed(line, depth, f"{number}{words}", row.code, column_span=label_columns - depth)]


def _group_path(groups: dict[str, GroupRow], row: Row) -> list[GroupRow]:
    """The group rows a line item stands under, outermost first."""
    path: list[GroupRow] = []
    code = row.group
    while code is not None:
        path.insert(0, groups[code])
        code = groups[code].parent
    return path


def _applicant_header(filing: Filing, label_columns: int) -> list[Placed]:
    """Three header rows: 申请人情况, then 自然人 | 法人或其他组织 | 总计, then the five kinds of organisation."""
    columns = filing.table("T3").columns
    cells = [
        Placed(0, 0, CORNER_NOTE, row_span=3, column_span=label_columns),
        Placed(0, label_columns, APPLICANT_HEADER, column_span=len(columns)),
    ]
    spanned = [column for column in columns if column.spanning]
    for place, column in enumerate(columns, start=label_columns):
        if column.spanning is None:
            cells.append(Placed(1, place, column.chinese, column.code, row_span=2))
            continue
        if column is spanned[0]:
            cells.append(Placed(1, place, column.spanning, column_span=len(spanned)))
        cells.append(Placed(2, place, column.chinese, column.code))
    return cells


def _place_disputes(filing: Filing) -> PlacedTable:
    """One line of figures under a header of three rows; a row under a group has its name one row lower."""
    table = filing.table("T4")
    groups = {group.code: group for group in table.groups}
    size = len(table.columns)
    cells: list[Placed] = []
    for index, row in enumerate(table.rows):
        start = index * size
        if row.group is None:
            cells.append(Placed(0, start, row.chinese, row.code, row_span=2, column_span=size))
        else:
            if row.group != table.rows[index - 1].group:
                members = sum(other.group == row.group for other in table.rows)
                cells.append(Placed(0, start, groups[row.group].chinese, row.group, column_span=members * size))
            cells.append(Placed(1, start, row.chinese, row.code, column_span=size))
        for place, column in enumerate(table.columns, start=start):
            cells.append(Placed(2, place, column.chinese, column.code))
            cells.append(Placed(3, place, filing.printed("T4", row.code, column.code), row.code, figure=True))
    return PlacedTable("T4", size * len(table.rows), tuple(cells), 3, (1.0,) * (size * len(table.rows)))
