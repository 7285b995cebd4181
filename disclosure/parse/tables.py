"""From the tokens of a document to the cells of its statutory tables.

Read the functions top down: find the tables, collect their rows, place the values in columns, read the text of each cell.
Every cell of the form comes out, absent ones as absent. A number is never repaired here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from catalogue.model import Catalogue, Comparison, IdentityInstance, Table, ValueKind
from disclosure.document import Document
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.align import AlignedRow, align_rows, drop_ghosts
from disclosure.parse.candidates import is_recognised, settle_recognised
from disclosure.parse.cell_text import CellText, read_cell_text
from disclosure.parse.dispute_table import collect_dispute_values
from disclosure.parse.doubtful import choose_edition, doubt_rows
from disclosure.parse.header_pieces import join_pieces
from disclosure.parse.header_rows import Header, Headers, Orders, Places, find_doubtful_orders, read_headers
from disclosure.parse.headers import find_cut_headers, find_lost_cells
from disclosure.parse.labels import normalise_label, squeeze
from disclosure.parse.narrowing import Placement, RowValues, terms_by_row
from disclosure.parse.recognised_labels import mend_labels
from disclosure.parse.repeated import part_printings, settle_orders, settle_printings, settle_repeated
from disclosure.parse.rows import RowCollection, RowRecord, collect_rows
from disclosure.parse.spans import Printing, TableSpan, find_printings, find_second_report, find_tables
from disclosure.parse.tokens import BLANK, LABEL, VALUE, Token, tokens_of
from disclosure.report import Cell, CellState, TableReading, ValueSource

DISPUTES = "T4"  # the one table whose rows have no labels: fifteen values in one line

# An amount of 采购总金额 without a unit that is this large is almost surely in yuan (forms of 2019 print no unit).
SUSPICIOUS_AMOUNT = Decimal(100_000)


_FEWEST_ANNEX_ROWS = 3
_NO_SOURCE = ValueSource.NULL
_SEVERAL = -1  # header words over one grid column
_YUAN_ALONE = re.compile(r"(?:^|[^\w]|单位|金额)元")


@dataclass(frozen=True, slots=True)
class _Amounts:
    """What the header words say about the unit of amounts: its factor to 万元, or None when they say nothing."""

    factor: Decimal | None


def read_tables(document: Document, catalogue: Catalogue) -> tuple[TableReading, ...]:
    """The statutory tables of a document, cell by cell, with what was odd about them. Never raises on odd input."""
    tokens = tokens_of(document)
    printings = find_printings(tokens, catalogue)
    second = find_second_report(printings, catalogue)
    if second is None:
        return _read_printings(printings, catalogue)
    first, later = (find_printings(part, catalogue) for part in (tokens[:second], tokens[second:]))
    return tuple(settle_printings(_read_printings(first, catalogue), _read_printings(later, catalogue), catalogue))


def _read_printings(printings: Sequence[Printing], catalogue: Catalogue) -> tuple[TableReading, ...]:
    readings: list[TableReading] = []
    for spans in find_tables(printings, catalogue):
        read = [reading for span in spans if (reading := read_table(span, catalogue)) is not None]
        if read:
            readings.append(choose_edition(read))
    return _follow_applications(readings)


def _follow_applications(readings: list[TableReading]) -> tuple[TableReading, ...]:
    """T4 is the same in both editions of the form: it takes the edition of the table of applications before it."""
    edition = next((reading.edition for reading in readings if reading.table == "T3"), None)
    return tuple(
        replace(reading, edition=edition) if edition and reading.table == DISPUTES else reading for reading in readings
    )


def read_table(span: TableSpan, catalogue: Catalogue) -> TableReading | None:
    """One statutory table; one without a value when its labels stand in the text and its cells are lost; None when
    hardly a word of it does."""
    equalities = _equalities_of(span, catalogue)
    span, mended = mend_labels(span)
    pieced = join_pieces(span, side_by_side=span.table.code == DISPUTES)
    span = pieced.span
    collection = _collect(span, equalities, pieced.other_rows)
    printings = part_printings(collection.records, span.table, span.form_variant)
    if not any(record.values for record in printings.first) or len(printings.first) < _fewest_rows(span.table):
        return _without_cells(span)
    noted = (*mended, *collection.findings, *printings.findings)
    reading = _read_records(printings.first, span, equalities, noted, catalogue, pieced.others)
    if collection.otherwise:
        others = [part_printings(records, span.table, span.form_variant).first for records in collection.otherwise]
        readings = [_read_records(each, span, equalities, (), catalogue, pieced.others) for each in others]
        return settle_orders(reading, readings, span.table)
    if printings.last is None:
        return reading
    last = _read_records(printings.last, span, equalities, (), catalogue, pieced.others)
    return settle_repeated(reading, last, printings.whole_table, catalogue)


def _read_records(
    rows: Sequence[RowRecord],
    span: TableSpan,
    equalities: tuple[IdentityInstance, ...],
    noted: Iterable[Finding],
    catalogue: Catalogue,
    other_orders: tuple[Orders, ...] = (),
) -> TableReading:
    """The cells of a table from one record for each of its rows; `noted` is what was odd before, `other_orders` what may be the
    order of the columns as well."""
    headers = read_headers(span)
    fits = _fits_whole_rows(rows, span.table, headers)
    reading = _read_under(rows, headers if fits else headers.without_places(), span, equalities, noted, catalogue)
    doubtful = {} if headers.state_orders() else find_doubtful_orders(span)
    others = [
        _read_under(rows, headers.with_orders(orders), span, equalities, (), catalogue)
        for orders in (doubtful, *other_orders)
        if orders
    ]
    return settle_orders(reading, others, span.table) if others else reading


def _read_under(
    rows: Sequence[RowRecord],
    headers: Headers,
    span: TableSpan,
    equalities: tuple[IdentityInstance, ...],
    noted: Iterable[Finding],
    catalogue: Catalogue,
) -> TableReading:
    """The cells of a table whose columns stand where and in the order that `headers` say."""
    findings = list(noted)
    aligned = align_rows([_row_values(record, span.table, headers.over(record.values)) for record in rows], equalities)
    findings.extend(_count_findings(aligned, span.table))
    aligned, doubts = doubt_rows(aligned, rows, span.table, equalities)
    findings.extend(doubts)
    amounts = _amount_unit(span)
    cells: dict[tuple[str, str], Cell] = {}
    for row in aligned:
        for cell, trouble in _cells_of_row(row, span.table, amounts):
            cells[cell.row_code, cell.column_code] = cell
            findings.extend(trouble)
    complete = tuple([cells.get(key) or _absent(span.table.code, *key) for key in span.table.cells(span.form_variant)])
    findings.extend(_missing_rows(aligned, span))
    findings.extend(find_cut_headers(span, complete))
    reading = TableReading(span.table.code, span.edition.code, span.form_variant, complete, tuple(findings))
    if not is_recognised(span.tokens):
        return reading
    return settle_recognised(reading, _tokens_of_cells(aligned), catalogue)


def _equalities_of(span: TableSpan, catalogue: Catalogue) -> tuple[IdentityInstance, ...]:
    return _equalities(catalogue, span.edition.code, span.table.code, span.form_variant)


@lru_cache(maxsize=128)
def _equalities(
    catalogue: Catalogue, edition: str, table: str, form_variant: str | None
) -> tuple[IdentityInstance, ...]:
    instances = catalogue.instances_of(edition, table, form_variant)
    return tuple(instance for instance in instances if instance.comparison is Comparison.EQUAL)


def _tokens_of_cells(aligned: Iterable[AlignedRow]) -> dict[tuple[str, str], Token]:
    return {
        (row.row.row_code, column): row.row.tokens[index]
        for row in aligned
        for column, index in zip(row.row.columns, row.placement, strict=True)
        if index is not None
    }


def _without_cells(span: TableSpan) -> TableReading | None:
    lost = find_lost_cells(span)
    if lost is None:
        return None
    absent = tuple(_absent(span.table.code, *key) for key in span.table.cells(span.form_variant))
    return TableReading(span.table.code, span.edition.code, span.form_variant, absent, (lost,))


def _fewest_rows(table: Table) -> int:
    """Prose repeats the annex's labels with their counts; a single such line is no table."""
    return _FEWEST_ANNEX_ROWS if len(table.columns) == 1 else 1


def _collect(
    span: TableSpan, equalities: tuple[IdentityInstance, ...], other_rows: tuple[tuple[str, ...], ...]
) -> RowCollection:
    if span.table.code == DISPUTES:
        return collect_dispute_values(span.tokens, span.table, equalities, other_rows)
    within: dict[str, tuple[IdentityInstance, ...]] = {}
    for instance in equalities:
        if len(codes := terms_by_row(instance)) == 1:
            (code,) = codes
            within[code] = (*within.get(code, ()), instance)
    return collect_rows(span.tokens, span.table, within)


def _fits_whole_rows(rows: Sequence[RowRecord], table: Table, headers: Headers) -> bool:
    """Whether the header stands over the cells of every row that has all its cells. Where it does not (a span that
    overshoots, a label cell more in the rows than in the header), it tells nothing about short rows either."""
    owners: dict[tuple[int, tuple[str, ...]], dict[int, int] | None] = {}  # by header and columns: rows share a few
    for record in rows:
        header = headers.over(record.values)
        columns = table.row(record.row_code).columns
        columns = header.orders.get(columns, columns)
        if len(record.values) != len(columns):
            continue
        key = (id(header), columns)
        if key not in owners:
            headed = [header.places[column] for column in columns if column in header.places]
            owners[key] = _owners_of_places(headed) if len(headed) == len(columns) else None
        of_places = owners[key]
        if of_places is not None and not _stand_under(record.values, of_places):
            return False
    return True


def _owners_of_places(headed: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Grid column -> which of the header words, given by their first and last grid column, stands over it alone."""
    owners: dict[int, int] = {}
    for index, (first, last) in enumerate(headed):
        for place in range(first, last + 1):
            owners[place] = _SEVERAL if place in owners else index
    return owners


def _stand_under(tokens: tuple[Token, ...], owners: dict[int, int]) -> bool:
    """Whether each token stands under the header word of its own column and of no other."""
    for index, token in enumerate(tokens):
        if token.column is None or owners.get(token.column) != index:
            return False
        if token.column_span > 1 and token.kind is not BLANK:
            last = token.column + token.column_span - 1
            if any(owners.get(place) != index for place in range(token.column, last + 1)):
                return False
    return True


def _row_values(record: RowRecord, table: Table, header: Header) -> RowValues:
    """The row's cells with their numbers, the columns in the order in which they are printed. Where their number differs from the form's, the places under the header words
    decide which of them are cells, before blanks are taken for padding."""
    row = table.row(record.row_code)
    columns = header.orders.get(row.columns, row.columns)
    wanted = len(columns)
    under = _under_header(record.values, columns, header.places) if len(record.values) != wanted else None
    by_column: Placement | None = None
    if under is None:
        tokens = drop_ghosts(record.values, wanted)
    else:
        tokens = tuple(token for token in under if token is not None)
        places = iter(range(len(tokens)))
        by_column = tuple(None if token is None else next(places) for token in under)
    kind = _general_kinds(table)[row.code]
    numbers = tuple([read_cell_text(token.text, kind).value if token.kind is VALUE else None for token in tokens])
    return RowValues(row.code, columns, tokens, numbers, by_column)


@lru_cache(maxsize=64)
def _kinds(table: Table) -> dict[tuple[str, str], ValueKind]:
    return {(row.code, column): table.kind_of(row.code, column) for row in table.rows for column in row.columns}


@lru_cache(maxsize=64)
def _general_kinds(table: Table) -> dict[str, ValueKind]:
    """By row, the kind as which each of its values can be read before its column is known."""
    kinds = {row.code: {_kinds(table)[row.code, column] for column in row.columns} for row in table.rows}
    return {code: ValueKind.COUNT if of == {ValueKind.COUNT} else ValueKind.AMOUNT for code, of in kinds.items()}


def _under_header(tokens: tuple[Token, ...], columns: tuple[str, ...], header: Places) -> list[Token | None] | None:
    """For each column the one token under its header word, if every value stands under exactly one; blanks elsewhere are
    what merged label cells leave."""
    if not all(column in header for column in columns):
        return None
    place: list[Token | None] = [None] * len(columns)
    for token in sorted(tokens, key=lambda one: one.kind is BLANK):
        filled = token.kind is not BLANK
        if token.column is None or (token.column_span > 1 and filled):
            return None
        under = [i for i, code in enumerate(columns) if header[code][0] <= token.column <= header[code][1]]
        if len(under) == 1 and place[under[0]] is None:
            place[under[0]] = token
        elif filled:
            return None
    return place


def _count_findings(aligned: Iterable[AlignedRow], table: Table) -> list[Finding]:
    """S-01, and the columns that no identity could tell apart."""
    findings = []
    for row in aligned:
        if row.printed_count and row.count_differs:
            label = table.row(row.row.row_code).chinese
            detail = f"{label}：印有 {row.printed_count} 个，表格 {len(row.row.columns)} 栏"
            text = " ".join(token.plain or "□" for token in row.row.tokens)
            where = Where(row.row.tokens[0].page, table.code, row.row.row_code, text=text)
            findings.append(finding(FindingCode.ROW_VALUE_COUNT, detail, where))
        if row.suspects:
            where = Where(row.row.tokens[0].page, table.code, row.row.row_code)
            detail = "、".join(table.column(code).chinese for code in row.row.columns if code in row.suspects)
            findings.append(finding(FindingCode.ALIGNMENT_AMBIGUOUS, detail, where))
    return findings


def _amount_unit(span: TableSpan) -> _Amounts:
    """The unit printed in the header of an amount column: 万元 on the form of 2021, sometimes 元 in real reports."""
    if ValueKind.AMOUNT not in _kinds(span.table).values():
        return _Amounts(None)
    columns = [column for column in span.table.columns if column.kind is ValueKind.AMOUNT]
    for token in span.tokens:
        if token.kind is not LABEL or "元" not in token.plain:
            continue
        is_header = any(normalise_label(column.chinese)[:4] in token.plain for column in columns)
        if is_header or "单位" in token.plain or token.plain in ("万元", "元"):
            return _Amounts(_factor_of(token))
    return _Amounts(None)


def _factor_of(header: Token) -> Decimal | None:
    """What the unit in a header makes of an amount. None where what stands before 元 is neither 万 nor the end of a word, and
    where recognition read 元 alone, as it does when it drops the 万."""
    if "万元" in header.plain:
        return Decimal(1)
    is_alone = _YUAN_ALONE.search(header.plain) and header.confidence is None
    return Decimal("0.0001") if is_alone else None


def _cells_of_row(row: AlignedRow, table: Table, amounts: _Amounts) -> Iterator[tuple[Cell, Sequence[Finding]]]:
    row_code, kinds = row.row.row_code, _kinds(table)
    for column, index in zip(row.row.columns, row.placement, strict=True):
        suspect = column in row.suspects
        if index is None:
            yield _absent(table.code, row_code, column, suspect), ()
            continue
        token = row.row.tokens[index]
        kind = kinds[row_code, column]
        reading = read_cell_text(token.text, kind)
        cell = _cell(table.code, row_code, column, token, reading, suspect)
        if reading.trouble is None and not reading.unit_missing:
            yield cell, ()
            continue
        findings = []
        if reading.trouble:
            where = Where(token.page, table.code, row_code, column, reading.printed[:200])
            findings.append(finding(reading.trouble, reading.printed[:60], where))
        if kind is ValueKind.AMOUNT and reading.unit_missing:
            cell, trouble = _with_header_unit(cell, amounts)
            findings.extend(trouble)
        yield cell, findings


def _with_header_unit(cell: Cell, amounts: _Amounts) -> tuple[Cell, list[Finding]]:
    if cell.value is None:
        return cell, []
    if amounts.factor is not None:
        return cell._replace(value=cell.value * amounts.factor), []
    where = Where(cell.page, cell.table, cell.row_code, cell.column_code, cell.printed)
    assumed = finding(FindingCode.UNIT_ASSUMED, cell.printed or "", where)
    return cell._replace(suspect=cell.suspect or cell.value >= SUSPICIOUS_AMOUNT), [assumed]


def _cell(table: str, row_code: str, column_code: str, token: Token, reading: CellText, suspect: bool) -> Cell:
    """A cell of which nothing is decided yet; its fields in their order, as by name they take twice as long."""
    undecided = None
    return Cell(
        table,
        row_code,
        column_code,
        reading.printed,
        reading.state,
        reading.value,
        reading.note,
        reading.approximate,
        suspect,
        undecided,
        undecided,
        undecided,
        _NO_SOURCE,
        token.page,
        token.box,
        token.grid,
        token.row,
        token.column,
        token.confidence,
    )


def _absent(table: str, row_code: str, column_code: str, suspect: bool = False) -> Cell:
    return Cell(table, row_code, column_code, printed=None, state=CellState.ABSENT, value=None, suspect=suspect)


def _missing_rows(aligned: Iterable[AlignedRow], span: TableSpan) -> list[Finding]:
    found = {row.row.row_code for row in aligned if row.printed_count}
    rows = [row for row in span.table.rows if row.form_variant in (None, span.form_variant)]
    return [
        finding(FindingCode.ROW_MISSING, squeeze(row.chinese), Where(table=span.table.code, row_code=row.code))
        for row in rows
        if row.code not in found
    ]
