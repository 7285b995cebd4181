"""What the words of a table say when its values are set aside: headers cut short, labels whose values are lost.

Nothing here places a value; columns are bound by position, in the order of the form unless a header row states another
(S-03, `header_rows`).
"""

from __future__ import annotations

from functools import lru_cache

from catalogue.model import Column, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.labels import WORDS, match_label, normalise_label, squeeze
from disclosure.parse.spans import TableSpan
from disclosure.parse.tokens import LABEL
from disclosure.report import Cell, CellState

_SHORTEST_WORDING = 4  # characters; a shorter wording such as 本年新 is what a cut leaves of several headers
_FEWEST_LABELS = 5  # labels of rows that show a table was there


def find_cut_headers(span: TableSpan, cells: tuple[Cell, ...]) -> tuple[Finding, ...]:
    """S-03: one finding that names the columns with values whose header words are not whole in the text."""
    absent = CellState.ABSENT
    printed = "".join([token.plain for token in span.tokens if token.kind is LABEL])
    used = {cell.column_code for cell in cells if cell.state is not absent}
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
    matches = (match_label(token.text, table, -1) for token in span.tokens if token.kind is LABEL)
    return {match.target.code for match in matches if match and match.score >= WORDS and not match.target.is_group}
