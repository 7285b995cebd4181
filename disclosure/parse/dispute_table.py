"""The table of reconsideration and litigation (T4): fifteen values in one line under headers that rarely survive.

Its rows have no labels of their own, so the values are bound by position. A line with more than fifteen values, as some
extractions give, is reduced only where the three totals of the table leave no choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, groupby

from catalogue.model import IdentityInstance, Row, Table
from disclosure.document import Layout
from disclosure.findings import FindingCode, Where, finding
from disclosure.parse.align import drop_ghosts
from disclosure.parse.cell_text import read_cell_text
from disclosure.parse.glued import split_line, ties_of_rows
from disclosure.parse.labels import squeeze
from disclosure.parse.rows import RowCollection, RowRecord
from disclosure.parse.tokens import BLANK, LABEL, VALUE, Token, runs_of

_FEWEST_VALUES = 5  # fewer numbers in a row are a page number or a list, not the table's line of values
_MOST_SURPLUS = 3
_HEADING = re.compile("[一二三四五六]、")


def collect_dispute_values(
    tokens: tuple[Token, ...],
    table: Table,
    equalities: tuple[IdentityInstance, ...] = (),
    other_orders: tuple[tuple[str, ...], ...] = (),
) -> RowCollection:
    """The values of the table's only line, as one record per row of the catalogue. `equalities` are the table's: they tell
    apart values that ran together. Lines that differ come one after the other. `other_orders` are those of its rows that may be
    meant as well as the one that its words tell."""
    wanted = sum(len(row.columns) for row in table.rows)
    tokens = tuple(_unglue(tokens, table, equalities))
    runs = [drop_ghosts(run, wanted) for run in _runs_of_values(tokens)]
    whole = [run for run in runs if len(run) == wanted]
    lines = [run for run in whole if any(token.kind is VALUE for token in run)] or whole[:1]
    if not lines and (parts := _join_parts(tokens, table)):
        lines = [parts]
    order = _printed_order(tokens, table)
    if lines:
        single = _order_of_single_words(tokens, table) if order == table.rows else order
        others = dict.fromkeys((single, *(tuple(map(table.row, codes)) for codes in other_orders)))
        records, *otherwise = (
            tuple(record for line in lines for record in _cut_into_rows(line, rows))
            for rows in (order, *(other for other in others if other != order))
        )
        return RowCollection(records, (), (), tuple(otherwise))
    runs = [run for run in runs if sum(token.kind is VALUE for token in run) >= _FEWEST_VALUES]
    if not runs:
        return RowCollection((), (), ())
    return _fit_line(min(runs, key=lambda run: abs(len(run) - wanted)), table, order)


def _printed_order(tokens: tuple[Token, ...], table: Table) -> tuple[Row, ...]:
    """The rows in the order in which their words stand side by side in a grid, or in a line or row of words; the form's where
    they do not. Words on lines of their own tell no order: a page's text may have mixed them up."""
    columns: dict[str, int] = {}
    for token in tokens:
        row = _row_named(token.plain, table) if token.layout is Layout.GRID else None
        if row is not None and token.column is not None:
            columns.setdefault(row.code, token.column)
    if len(set(columns.values())) == len(table.rows):
        return tuple(sorted(table.rows, key=lambda row: columns[row.code]))
    upper, lower = _side_by_side(tokens, table)
    return tuple(sorted(table.rows, key=lambda row: (upper.index(row.group or row.code), lower.index(row.code))))


def _order_of_single_words(tokens: tuple[Token, ...], table: Table) -> tuple[Row, ...]:
    """The order of the rows that words on lines of their own seem to state."""
    words = [token.plain for token in tokens if token.kind is LABEL and token.layout in (None, Layout.STREAM)]
    first = {word: place for place, word in reversed(list(enumerate(words)))}
    groups = {group.code: first.get(squeeze(group.chinese)) for group in table.groups}
    rows = {row.code: first.get(squeeze(row.chinese)) for row in table.rows}
    if None in groups.values() or None in rows.values():
        return table.rows
    return tuple(
        sorted(table.rows, key=lambda row: (groups[row.group] if row.group else rows[row.code], rows[row.code]))
    )


def _row_named(words: str, table: Table) -> Row | None:
    return _rows_by_words(table).get(words)


@lru_cache(maxsize=64)
def _rows_by_words(table: Table) -> dict[str, Row]:
    """The words of each row; those of several rows are the first one's."""
    rows: dict[str, Row] = {}
    for row in table.rows:
        for words in (row.chinese, *row.variants):
            rows.setdefault(squeeze(words), row)
    return rows


def _side_by_side(tokens: tuple[Token, ...], table: Table) -> tuple[list[str], list[str]]:
    """The order of the upper words, groups and rows outside of them, and that of the rows; the form's where no row or line
    has all of them."""
    names = {group.code: squeeze(group.chinese) for group in table.groups}
    names |= {row.code: squeeze(row.chinese) for row in table.rows}
    upper = list(dict.fromkeys(row.group or row.code for row in table.rows))
    lower = [row.code for row in table.rows]
    told = {}
    for line in _lines_of_words(tokens):
        for codes in (upper, [row.code for row in table.rows if row.group]):
            places = {code: line.find(names[code]) for code in codes}
            if min(places.values()) >= 0:
                told[tuple(codes)] = sorted(codes, key=places.__getitem__)
    inner = tuple(row.code for row in table.rows if row.group)
    lower = [code for code in lower if code not in inner] + told.get(inner, list(inner))
    return told.get(tuple(upper), upper), lower


def _lines_of_words(tokens: tuple[Token, ...]) -> Iterator[str]:
    """The words of each row without values; of what has no rows, each line but headings and sentences."""
    for is_row, run in runs_of(tokens):
        words = [token.plain for token in run if token.kind is LABEL]
        if not is_row:
            yield from (text for text in words if not _HEADING.match(text))
        elif all(token.kind is not VALUE for token in run):
            yield "".join(words)


def _cut_into_rows(line: tuple[Token, ...], order: Iterable[Row]) -> Iterator[RowRecord]:
    start = 0
    for row in order:
        end = start + len(row.columns)
        yield RowRecord(row.code, line[start:end], row.chinese, bounded=True)
        start = end


def _fit_line(line: tuple[Token, ...], table: Table, order: Sequence[Row]) -> RowCollection:
    """A line of another length than the form's, with the finding that it is."""
    wanted = sum(len(row.columns) for row in table.rows)
    text = " ".join(token.plain or "□" for token in line)
    detail = f"{table.chinese}：印有 {len(line)} 个，表格 {wanted} 栏"
    where = Where(line[0].page, table.code, text=text)
    odd = finding(FindingCode.ROW_VALUE_COUNT, detail, where)
    fitted = _fit(line, table, wanted)
    if fitted is None:
        return RowCollection((), (), (odd, finding(FindingCode.ALIGNMENT_AMBIGUOUS, table.chinese, where)))
    return RowCollection(tuple(_cut_into_rows(fitted, order)), (), (odd,))


def _join_parts(tokens: tuple[Token, ...], table: Table) -> tuple[Token, ...] | None:
    """The line of a table that is printed as one small table for each of its rows, each under the row's words; the first
    row's words may stand before the table."""
    parts: list[tuple[Token, ...]] = []
    words = ""
    for is_value, group in groupby(tokens, key=_is_cell):
        run = tuple(group)
        if not is_value:
            words += "".join(token.plain for token in run)
        elif any(token.kind is VALUE for token in run):
            row = table.rows[len(parts)] if len(parts) < len(table.rows) else None
            if row is None or len(run) != len(row.columns):
                return None
            if parts and not any(keyword in words for keyword in row.keywords):
                return None
            parts.append(run)
            words = ""
    return tuple(token for part in parts for token in part) if len(parts) == len(table.rows) else None


def _unglue(tokens: tuple[Token, ...], table: Table, equalities: tuple[IdentityInstance, ...]) -> Iterator[Token]:
    """A line of digits without a gap, taken apart where one way is possible."""
    wanted = sum(len(row.columns) for row in table.rows)
    if all(len(token.plain) < wanted for token in tokens):
        yield from tokens
        return
    rows = ties_of_rows(((row.code, row.columns) for row in table.rows), equalities)
    for token in tokens:
        cells = split_line(token.plain, rows)
        if cells is None:
            yield token
        else:
            yield from (token._replace(text=cell, plain=cell, kind=VALUE) for cell in cells)


def _runs_of_values(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Unbroken runs of value and blank cells: whole grid rows without words, or what follows the last header word."""
    runs: list[tuple[Token, ...]] = []
    for is_row, run in runs_of(tokens):
        parts = groupby(run, key=_is_cell)
        if not is_row:
            runs.extend(tuple(part) for is_cell, part in parts if is_cell)
        elif all(is_cell for is_cell, _ in parts):
            runs.append(run)
    return runs


def _is_cell(token: Token) -> bool:
    return token.kind is VALUE or token.kind is BLANK


def _fit(line: tuple[Token, ...], table: Table, wanted: int) -> tuple[Token, ...] | None:
    """The line cut to fifteen values, if all cuts that keep the three totals give the same values; else None."""
    if not wanted < len(line) <= wanted + _MOST_SURPLUS:
        return None
    fitting: dict[tuple[str, ...], tuple[Token, ...]] = {}
    for chosen in combinations(range(len(line)), wanted):
        cut = tuple(line[index] for index in chosen)
        if _totals_hold(cut, table):
            fitting.setdefault(tuple(token.plain for token in cut), cut)
            if len(fitting) > 1:
                return None
    return next(iter(fitting.values()), None)


def _totals_hold(line: tuple[Token, ...], table: Table) -> bool:
    start = 0
    for row in table.rows:
        numbers = []
        for token, column in zip(line[start : start + len(row.columns)], row.columns, strict=True):
            numbers.append(read_cell_text(token.text, table.kind_of(row.code, column)).value)
        start += len(row.columns)
        if any(number is None for number in numbers):
            return False
        known = [number for number in numbers if number is not None]
        if sum(known[:-1]) != known[-1]:
            return False
    return True
