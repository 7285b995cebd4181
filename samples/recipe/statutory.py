"""Lays a statutory table out as a grid with merged cells, as the form prints it, from the catalogue and a sample's figures.

How a grid looks in PDF, HTML, Word or text is the business of those writers. The labels come from the catalogue; only the
words above the columns that are no line item (申请人情况 ...) stand here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue.model import GroupRow, Row, Table
from samples.recipe.sample import Sample

ITEM_HEADER = "信息内容"
APPLICANT_HEADER = "申请人情况"
CORNER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
LABEL_COLUMNS = 3  # T3: outcome group, group, line item
_HALF_WIDTH = str.maketrans("（），：", "(),:")


@dataclass(frozen=True, slots=True)
class Laid:
    """A cell on the grid where it starts; `text` is None where the source has no such cell. `code` is that of the row or
    column it labels, or of the row whose figure it holds."""

    row: int
    column: int
    text: str | None
    code: str = ""
    row_span: int = 1
    column_span: int = 1
    figure: bool = False


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A statutory table on a grid of `width` columns."""

    code: str
    width: int
    cells: tuple[Laid, ...]

    @property
    def height(self) -> int:
        return max(cell.row + cell.row_span for cell in self.cells)

    def row(self, index: int) -> tuple[Laid, ...]:
        """The cells that start in this row, from left to right."""
        return tuple(sorted((cell for cell in self.cells if cell.row == index), key=lambda cell: cell.column))


def lay_out(sample: Sample, code: str) -> LaidTable:
    """The table as this filing prints it."""
    table = sample.table(code)
    layer = {"T2": _lay_out_disclosure, "T3": _lay_out_applications, "T4": _lay_out_disputes}[code]
    laid = layer(sample, table)
    if sample.format in ("html", "dump"):  # both come from systems that print half-width punctuation
        cells = tuple(replace(cell, text=cell.text and cell.text.translate(_HALF_WIDTH)) for cell in laid.cells)
        return replace(laid, cells=cells)
    return laid


def label(sample: Sample, table: str, code: str, text: str, number: str | None = None) -> str:
    """A label as this filing prints it: list number, the agency's edits, the province's instructions."""
    for old, new in sample.label_edits.get(f"{table}.{code}", {}).items():
        if old not in text:
            raise ValueError(f"{sample.file}: label {table}.{code} {text!r} does not contain {old!r}")
        text = text.replace(old, new)
    gap = " " if number and sample.format == "dump" and not number.endswith("、") else ""
    return f"{number or ''}{gap}{text}{sample.label_notes.get(f'{table}.{code}', '')}"


def rows_of(sample: Sample, table: Table) -> tuple[Row, ...]:
    return tuple(row for row in table.rows if row.form_variant in (None, sample.form_variant))


def _lay_out_disclosure(sample: Sample, table: Table) -> LaidTable:
    rows = rows_of(sample, table)
    width = 1 + max(len(row.columns) for row in rows)
    cells: list[Laid] = []
    line = 0
    for group in table.groups:
        members = [row for row in rows if row.group == group.code]
        columns = [table.column(code) for code in members[0].columns]
        headers = [(column.code, label(sample, table.code, column.code, column.chinese)) for column in columns]
        cells.append(Laid(line, 0, group.chinese, group.code, column_span=width))
        cells += _spread(line + 1, [("", ITEM_HEADER), *headers], width)
        line += 2
        for row in members:
            name = label(sample, table.code, row.code, row.chinese)
            figures = [(row.code, sample.printed(table.code, row.code, column)) for column in row.columns]
            name_cell, *figure_cells = _spread(line, [(row.code, name), *figures], width)
            cells += [name_cell, *(replace(cell, figure=True) for cell in figure_cells)]
            line += 1
    return LaidTable(table.code, width, tuple(cells))


def _spread(line: int, texts: list[tuple[str, str | None]], width: int) -> list[Laid]:
    """One cell per text; the last one takes the columns that are left."""
    cells = [Laid(line, column, text, code) for column, (code, text) in enumerate(texts)]
    cells[-1] = replace(cells[-1], column_span=width - len(cells) + 1)
    return cells


def _lay_out_applications(sample: Sample, table: Table) -> LaidTable:
    cells = _applicant_header(sample, table)
    groups = {group.code: group for group in table.groups}
    rows = rows_of(sample, table)
    opened: set[str] = set()
    for line, row in enumerate(rows, start=3):
        path = _group_path(groups, row)
        for depth, group in enumerate(path):
            if group.code not in opened:
                opened.add(group.code)
                span = sum(group in _group_path(groups, other) for other in rows)
                name = label(sample, table.code, group.code, group.chinese, group.number)
                cells.append(Laid(line, depth, name, group.code, row_span=span))
        name = label(sample, table.code, row.code, row.chinese, row.number)
        cells.append(Laid(line, len(path), name, row.code, column_span=LABEL_COLUMNS - len(path)))
        for place, column in enumerate(row.columns, start=LABEL_COLUMNS):
            cells.append(Laid(line, place, sample.printed(table.code, row.code, column), row.code, figure=True))
    return LaidTable(table.code, LABEL_COLUMNS + len(table.columns), tuple(cells))


def _group_path(groups: dict[str, GroupRow], row: Row) -> list[GroupRow]:
    """The group rows a line item stands under, outermost first."""
    path: list[GroupRow] = []
    code = row.group
    while code is not None:
        path.insert(0, groups[code])
        code = groups[code].parent
    return path


def _applicant_header(sample: Sample, table: Table) -> list[Laid]:
    """Three header rows: 申请人情况, then 自然人 | 法人或其他组织 | 总计, then the five kinds of organisation."""
    cells = [
        Laid(0, 0, CORNER_NOTE, row_span=3, column_span=LABEL_COLUMNS),
        Laid(0, LABEL_COLUMNS, APPLICANT_HEADER, column_span=len(table.columns)),
    ]
    spanned = [column for column in table.columns if column.spanning]
    for place, column in enumerate(table.columns, start=LABEL_COLUMNS):
        if column.spanning is None:
            cells.append(Laid(1, place, column.chinese, column.code, row_span=2))
            continue
        if column is spanned[0]:
            name = label(sample, table.code, "organisations", column.spanning)
            cells.append(Laid(1, place, name, column_span=len(spanned)))
        cells.append(Laid(2, place, column.chinese, column.code))
    return cells


def _lay_out_disputes(sample: Sample, table: Table) -> LaidTable:
    """One line of figures under a header of three rows; a row under a group has its name one row lower."""
    groups = {group.code: group for group in table.groups}
    size = len(table.columns)
    cells: list[Laid] = []
    for index, row in enumerate(table.rows):
        start = index * size
        if row.group is None:
            cells.append(Laid(0, start, row.chinese, row.code, column_span=size))
        else:
            if row.group != table.rows[index - 1].group:
                members = sum(other.group == row.group for other in table.rows)
                cells.append(Laid(0, start, groups[row.group].chinese, row.group, column_span=members * size))
            cells.append(Laid(1, start, row.chinese, row.code, column_span=size))
        for place, column in enumerate(table.columns, start=start):
            top = 2 if row.group else 1
            cells.append(Laid(top, place, column.chinese, column.code, row_span=3 - top))
            cells.append(Laid(3, place, sample.printed(table.code, row.code, column.code), row.code, figure=True))
    return LaidTable(table.code, size * len(table.rows), tuple(cells))
