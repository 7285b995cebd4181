"""Readings that could as well be another: of which edition a table without header words is, and rows beside lost text.

Such cells are suspect, so that only identities in both directions publish them. What does not belong here: which column a
value belongs to (`align`), and tables printed twice (`repeated`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from catalogue.model import IdentityInstance, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.align import AlignedRow, breaks
from disclosure.parse.labels import normalise_label, targets_of
from disclosure.parse.narrowing import terms_by_row
from disclosure.parse.rows import RowRecord
from disclosure.parse.tokens import BLANK, VALUE, Token
from disclosure.report import Cell, CellState, TableReading

_MISFITS = frozenset({FindingCode.ROW_VALUE_COUNT, FindingCode.ROW_UNKNOWN, FindingCode.GROUP_ROW_VALUES})
_NUMBERS = re.compile(r"\d\s*\n\s*\d")


def choose_edition(readings: Sequence[TableReading]) -> TableReading:
    """The reading of a table whose words prove no edition: the one that has a place for most of what is printed.

    Where two editions have one, the cells that the other does not have or fills otherwise are suspect.
    """
    if len(readings) == 1:
        return readings[0]
    best = max(readings, key=_fit)
    for rival in readings:
        if rival is not best and _fit(rival) == _fit(best):
            best = _doubt_differences(best, rival)
    return best


def _fit(reading: TableReading) -> tuple[int, int]:
    filled = sum(cell.state is not CellState.ABSENT for cell in reading.cells)
    return filled, -sum(found.code in _MISFITS for found in reading.findings)


def _doubt_differences(best: TableReading, rival: TableReading) -> TableReading:
    printed = {cell.key: cell.printed for cell in rival.cells}
    doubted = {
        cell.key for cell in best.cells if cell.state is not CellState.ABSENT and printed.get(cell.key) != cell.printed
    }
    cells = tuple(cell._replace(suspect=True) if cell.key in doubted else cell for cell in best.cells)
    rows = dict.fromkeys(cell.row_code for cell in best.cells if cell.key in doubted)
    findings = tuple(
        finding(
            FindingCode.ALIGNMENT_AMBIGUOUS,
            f"没有表头，{best.edition} 与 {rival.edition} 两种格式都可对应",
            Where(_page_of(best.cells, code), best.table, code),
        )
        for code in rows
    )
    return replace(best, cells=cells, findings=(*best.findings, *findings))


def _page_of(cells: Sequence[Cell], row_code: str) -> int | None:
    return next((cell.page for cell in cells if cell.row_code == row_code and cell.page), None)


def doubt_rows(
    aligned: Sequence[AlignedRow],
    records: Sequence[RowRecord],
    table: Table,
    equalities: Sequence[IdentityInstance],
) -> tuple[tuple[AlignedRow, ...], tuple[Finding, ...]]:
    """The rows with those suspect whose values may be another row's, and a finding for each not noted before.

    Where only the order of the cells is known and rows are missing in the middle, the values of the row above them may be
    those of the last missing row, with everything between lost, unless the label of the first missing row follows them. Several rows without labels are told by order alone. And
    where cells of the table are lost, or blanks of the row were left out as no cells of the form, a row with just as many
    figures as columns may lack one and hold another too many: that it does not add up may be no mistake of the filer. So may one in
    which a cell holds several numbers.
    """
    order = {row.code: index for index, row in enumerate(table.rows)}
    unbounded = {record.row_code for record in records if not record.bounded and not record.damaged}
    filled = sorted(order[row.row.row_code] for row in aligned if row.printed_count)
    followed_by = {record.row_code: record.followed_by for record in records}
    before_gap = set()
    for place, following in pairwise(filled):
        missing = [row for row in table.rows[place + 1 : following] if row.form_variant is None]
        code = table.rows[place].code
        if missing and not _is_named(missing[0].code, followed_by[code], table):
            before_gap.add(code)
    noted = {record.row_code for record in records if record.by_order_alone or record.glued}
    lost = before_gap & unbounded
    values = {record.row_code: record.values for record in records}
    padded = {
        len(values[row.row.row_code])
        for row in aligned
        if _ends_in_blanks(values[row.row.row_code], row) and not _is_untied(row, equalities)
    }
    lossy = any(0 < row.printed_count < len(row.row.columns) and row.row.by_column is None for row in aligned)
    untied = {
        row.row.row_code
        for row in aligned
        if (lossy or _has_blank_to_spare(values[row.row.row_code], row, padded)) and _is_untied(row, equalities)
    }
    joined = {
        row.row.row_code for row in aligned if row.row.row_code in unbounded and any(map(_is_joined, row.row.tokens))
    }
    rows = tuple(
        row._replace(suspects=frozenset(row.row.columns)) if row.row.row_code in lost | noted | untied | joined else row
        for row in aligned
    )
    findings = [
        _doubt(table, row, FindingCode.LABEL_DAMAGED, "其后有行缺失，数值可能属于缺失的行")
        for row in rows
        if row.row.row_code in lost
    ]
    findings += [
        _doubt(table, row, FindingCode.ALIGNMENT_AMBIGUOUS, "表中有单元格缺失，且该行各栏相加不等于总计")
        for row in rows
        if row.row.row_code in untied
    ]
    findings += [
        _doubt(table, row, FindingCode.ALIGNMENT_AMBIGUOUS, "一个单元格中有几个数字")
        for row in rows
        if row.row.row_code in joined and not row.count_differs
    ]
    return rows, tuple(findings)


def _is_joined(token: Token) -> bool:
    """Whether a value holds several numbers that are not one: what follows it may stand a cell too far to the left."""
    return token.kind is VALUE and "\n" in token.text and bool(_NUMBERS.search(token.text))


def _is_named(row_code: str, labels: Sequence[Token], table: Table) -> bool:
    text = normalise_label("".join(token.text for token in labels))
    target = next(target for target in targets_of(table) if target.code == row_code and not target.is_group)
    return any(words in text for words in target.wordings)


def _ends_in_blanks(values: Sequence[Token], row: AlignedRow) -> bool:
    """Whether what was left out of a row are blanks after its figures."""
    left_out = values[len(row.row.tokens) :]
    return bool(left_out) and all(token.kind is BLANK for token in left_out)


def _has_blank_to_spare(values: Sequence[Token], row: AlignedRow, padded: set[int]) -> bool:
    """Whether a blank that was left out of a row may be one of its cells."""
    if _ends_in_blanks(values, row) and len(values) in padded:
        return False
    return len(values) > len(row.row.tokens)


def _is_untied(row: AlignedRow, equalities: Sequence[IdentityInstance]) -> bool:
    """Whether a row whose cells are all there breaks an identity of its own."""
    if row.count_differs or None in row.placement:
        return False
    own = [each for each in equalities if set(terms_by_row(each)) == {row.row.row_code}]
    return any(breaks(instance, row.row)(row.placement) for instance in own)


def _doubt(table: Table, row: AlignedRow, code: FindingCode, why: str) -> Finding:
    where = Where(row.row.tokens[0].page, table.code, row.row.row_code)
    return finding(code, f"{table.row(row.row.row_code).chinese}（{why}）", where)
