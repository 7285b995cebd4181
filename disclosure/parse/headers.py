"""What the words of a table say when its values are set aside: headers cut short or in another order, labels whose values
are lost.

Nothing here places a value; columns are bound by position, in the order of the form unless a header states another (S-03).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from catalogue.model import Column, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.labels import WORDS, match_label, normalise_label, squeeze
from disclosure.parse.spans import TableSpan
from disclosure.parse.tokens import Token, TokenKind, runs_of
from disclosure.report import Cell, CellState

Orders = dict[tuple[str, ...], tuple[str, ...]]  # the columns of a row in the order of the form -> as printed
_SHORTEST_WORDING = 4  # characters; a shorter wording such as 本年新 is what a cut leaves of several headers
_FEWEST_LABELS = 5  # labels of rows that show a table was there


def find_cut_headers(span: TableSpan, cells: tuple[Cell, ...]) -> tuple[Finding, ...]:
    """S-03: one finding that names the columns with values whose header words are not whole in the text."""
    printed = "".join(token.plain for token in span.tokens if token.kind is TokenKind.LABEL)
    used = {cell.column_code for cell in cells if cell.state is not CellState.ABSENT}
    cut = [
        column.chinese
        for column, wordings in zip(span.table.columns, _whole_wordings(span.table), strict=True)
        if column.code in used and not any(words in printed for words in wordings)
    ]
    if not cut:
        return ()
    return (finding(FindingCode.HEADER_UNRESOLVED, "、".join(cut), Where(table=span.table.code)),)


@lru_cache(maxsize=64)
def _whole_wordings(table: Table) -> tuple[tuple[str, ...], ...]:
    """Per column, the header words one of which has to stand in the text."""
    return tuple(
        tuple(
            normalise_label(words)
            for words in map(squeeze, (column.chinese, *column.variants))
            if _counts(words, column)
        )
        for column in table.columns
    )


def _counts(words: str, column: Column) -> bool:
    return len(words) >= _SHORTEST_WORDING or words == squeeze(column.chinese)


def find_printed_orders(span: TableSpan) -> Orders:
    """For the columns of rows whose header prints them in another order than the form: that order.

    Only header words that stand in one row of the source tell an order; lines of a page's text come in any.
    """
    orders: dict[tuple[str, ...], tuple[str, ...]] = {}
    headers = [_columns_named(row, span.table) for row in _rows_of_labels(span)]
    for columns in dict.fromkeys(row.columns for row in span.table.rows if len(row.columns) > 1):
        movable = [code for code in columns if span.table.column(code).spanning] or list(columns)
        for named in headers:
            found = {tuple(run) for run in _runs_of(named, movable)}
            if len(found) == 1 and (run := found.pop()) != tuple(movable):
                moved = iter(run)
                orders[columns] = tuple(next(moved) if code in movable else code for code in columns)
    return orders


def _rows_of_labels(span: TableSpan) -> Iterator[tuple[Token, ...]]:
    for is_row, run in runs_of(span.tokens):
        kinds = [token.kind for token in run]
        if is_row and TokenKind.VALUE not in kinds:
            yield tuple(token for token in run if token.kind is TokenKind.LABEL)


def _columns_named(row: tuple[Token, ...], table: Table) -> list[str | None]:
    """The column each label of a header row names; None where it names none or more than one."""
    named = columns_by_words(table)
    codes = [named.get(normalise_label(token.text), ()) for token in row]
    return [each[0] if len(each) == 1 else None for each in codes]


def _runs_of(named: list[str | None], wanted: list[str]) -> Iterator[list[str]]:
    """The runs of neighbours that name each of the wanted columns once."""
    size = len(wanted)
    for start in range(len(named) - size + 1):
        run = [code for code in named[start : start + size] if code is not None]
        if sorted(run) == sorted(wanted):
            yield run


@lru_cache(maxsize=64)
def columns_by_words(table: Table) -> dict[str, tuple[str, ...]]:
    """The words of a header -> the columns that may be headed so."""
    named: dict[str, tuple[str, ...]] = {}
    for column in table.columns:
        for words in {normalise_label(text) for text in (column.chinese, *column.variants)}:
            named[words] = (*named.get(words, ()), column.code)
    return named


def find_lost_cells(span: TableSpan) -> Finding | None:
    """The finding for a table of which only the labels are left; None when too few of them stand there to tell."""
    labels = _row_labels(span)
    if len(labels) < _FEWEST_LABELS:
        return None
    page = next((token.page for token in span.tokens if token.page), None)
    return finding(FindingCode.TABLE_CELLS_LOST, span.table.chinese, Where(page, span.table.code))


def _row_labels(span: TableSpan) -> set[str]:
    table: Table = span.table
    matches = (match_label(token.text, table, -1) for token in span.tokens if token.kind is TokenKind.LABEL)
    return {match.target.code for match in matches if match and match.score >= WORDS and not match.target.is_group}
