"""The walk over a table's tokens: which row of the form each run of values belongs to.

Label-anchored: a row is its last label cell, then its own value cells in order. Where the source keeps row boundaries
they are trusted; where it keeps only the order, the values after a label run until the next label. Which column a value
belongs to is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from catalogue.model import IdentityInstance, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.glued import are_certain, split_digits
from disclosure.parse.labels import CUT, EXACT, LabelMatch, list_number, match_label, normalise_label
from disclosure.parse.tokens import BLANK, LABEL, PROSE, VALUE, Token, runs_of

_GLUED = re.compile(r"(?P<label>.*[^\d.])(?P<digits>\d[\d.]*)")
_SURE = 95.0  # how well the label before glued cells has to fit
_LABEL_PIECES = 10  # a vertical label such as 三、本年度办理结果 comes as up to ten one-character tokens


class RowRecord(NamedTuple):
    """A row of the form with the value and blank tokens found for it, in source order."""

    row_code: str
    values: tuple[Token, ...]
    label: str
    bounded: bool  # the source says where the row ends
    damaged: bool = False  # found by its place, not by its label
    sure: bool = True  # the label holds a wording of the row in full, or is only cut short
    by_order_alone: bool = False  # one of several rows without labels
    glued: bool = False  # its cells ran together, and a lost blank would part them otherwise
    followed_by: tuple[Token, ...] = ()  # the labels without values between its values and the next row's label


@dataclass(frozen=True, slots=True)
class RowCollection:
    """All rows found in a table's tokens. `headers` are the label tokens that matched no row."""

    records: tuple[RowRecord, ...]
    headers: tuple[Token, ...]
    findings: tuple[Finding, ...]
    otherwise: tuple[
        tuple[RowRecord, ...], ...
    ] = ()  # the rows in other orders that may be meant, which nobody can tell


@dataclass
class _Walk:
    """The state of the walk: the last row matched and what waits for a label or for values."""

    table: Table
    within: Mapping[str, tuple[IdentityInstance, ...]]
    records: list[RowRecord] = field(default_factory=list)
    headers: list[Token] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    orphans: list[tuple[tuple[Token, ...], Finding | None]] = field(default_factory=list)
    doubted: set[str] = field(default_factory=set)  # rows whose cells ran together and may be parted otherwise
    last_order: int = -1
    pending: tuple[Token, ...] = ()  # labels of the last row that had no values: its label may go on in the next row

    def order_of(self, code: str) -> int:
        return next(index for index, row in enumerate(self.table.rows) if row.code == code)


def collect_rows(
    tokens: tuple[Token, ...], table: Table, within: Mapping[str, tuple[IdentityInstance, ...]] | None = None
) -> RowCollection:
    """The rows of `table` among `tokens`, each with its values, and what was odd about them.

    `within` holds, by row code, the equalities that concern one row alone; cells that ran together are told apart by them.
    """
    walk = _Walk(table, within or {})
    units = _unit_cells(table)
    kept = [token for token in tokens if token.plain not in units] if units else tokens
    for is_row, run in runs_of(kept):
        if is_row:
            _take_bounded_row(walk, run)
        else:
            _take_stream(walk, run)
    return RowCollection(tuple(walk.records), tuple(walk.headers), tuple(walk.findings))


def _unit_cells(table: Table) -> frozenset[str]:
    """What a column of units prints between label and value; only the annex with one value column has such a column."""
    if len(table.columns) > 1:
        return frozenset()
    return frozenset(row.unit for row in table.rows if row.unit)


def _take_bounded_row(walk: _Walk, row: tuple[Token, ...]) -> None:
    row = _without_serial_number(walk, _unglue(row, walk))
    kinds = [token.kind for token in row]
    first_value = kinds.index(VALUE) if VALUE in kinds else len(kinds)
    label_places = [place for place in range(first_value) if kinds[place] is LABEL]
    labels = tuple([row[place] for place in label_places])
    values = row[label_places[-1] + 1 :] if label_places else row
    if not labels:
        _take_unlabelled(walk, values)
        return
    if _is_header(walk, labels):
        walk.headers.extend(labels)
        return
    matched = _match_last(walk, labels)
    joined = _match_last(walk, walk.pending + labels) if walk.pending else None
    if joined and (matched is None or (joined.score > matched.score and not joined.target.is_group)):
        matched, labels = joined, walk.pending + labels
    walk.pending = () if first_value < len(row) else labels
    if matched is None and walk.pending:
        walk.headers.extend(labels)
        return
    _record(walk, matched, labels, values, bounded=True)


def _without_serial_number(walk: _Walk, row: tuple[Token, ...]) -> tuple[Token, ...]:
    """`row` without a number that stands before its label (序号)."""
    if row[0].kind is LABEL:
        return row
    first = next((place for place, token in enumerate(row) if token.kind is not BLANK), None)
    if first is None or row[first].kind is not VALUE:
        return row
    rest = row[first + 1 :]
    label = next((token for token in rest if token.kind is LABEL), None)
    if label is None or match_label(label.text, walk.table, walk.last_order) is None:
        return row
    return rest


def _is_header(walk: _Walk, labels: tuple[Token, ...]) -> bool:
    """Two or more column words in a row make it a header, wherever it comes (repeated after a page break too)."""
    if len(labels) < 2:
        return False
    words = _column_words(walk.table)
    return sum(1 for token in labels if normalise_label(token.text) in words) >= 2


@lru_cache(maxsize=64)
def _column_words(table: Table) -> frozenset[str]:
    words: set[str] = set()
    for column in table.columns:
        words.update(normalise_label(text) for text in (column.chinese, *column.variants))
        if column.spanning:
            words.add(normalise_label(column.spanning))
    return frozenset(words)


def _match_last(walk: _Walk, labels: tuple[Token, ...]) -> LabelMatch | None:
    """The best match of the last label token, or of the last few joined, because labels break over cells and lines."""
    best = match_label(labels[-1].text, walk.table, walk.last_order)
    if best is not None and best.score == EXACT:
        return best
    for count in range(2, min(len(labels), _LABEL_PIECES) + 1):
        joined = "".join(token.text for token in labels[-count:])
        matched = match_label(joined, walk.table, walk.last_order)
        if matched and (best is None or matched.score > best.score + 0.5):
            best = matched
    return best


def _record(
    walk: _Walk, matched: LabelMatch | None, labels: tuple[Token, ...], values: tuple[Token, ...], bounded: bool
) -> None:
    printed = [token for token in values if token.kind is not BLANK]
    label = "".join([token.plain for token in labels[-2:]])[:60]
    if matched is None:
        walk.headers.extend(labels)
        if printed:
            unknown = finding(FindingCode.ROW_UNKNOWN, label, Where(labels[-1].page, walk.table.code, text=label))
            walk.orphans.append((values, unknown))
            walk.findings.append(unknown)
        return
    if matched.target.is_group:
        if any(character.isdigit() for token in printed for character in token.plain):
            where = Where(labels[-1].page, walk.table.code, matched.target.code, text=" ".join(t.text for t in printed))
            walk.findings.append(finding(FindingCode.GROUP_ROW_VALUES, label, where))
        return
    _settle_orphans(walk, matched.target.order)
    sure = matched.score >= CUT or any(words in normalise_label(label) for words in matched.target.wordings)
    if not sure and printed:
        row = walk.table.rows[matched.target.order]
        where = Where(labels[-1].page, walk.table.code, row.code, text=label)
        walk.findings.append(finding(FindingCode.LABEL_DAMAGED, f"“{label}”按“{row.chinese}”读取", where))
    glued = matched.target.code in walk.doubted
    walk.records.append(RowRecord(matched.target.code, values, label, bounded, sure=sure, glued=glued))
    walk.last_order = max(walk.last_order, matched.target.order)


def _take_unlabelled(walk: _Walk, values: tuple[Token, ...]) -> None:
    """Values without a label: those of a row whose label stood alone above, else orphans that wait for their place."""
    if not any(token.kind is VALUE for token in values):
        return
    last = walk.records[-1] if walk.records else None
    wanted = len(walk.table.row(last.row_code).columns) if last else 0
    if last and len(last.values) < wanted and not walk.orphans:
        if not any(token.kind is VALUE for token in last.values):
            walk.records[-1] = last._replace(values=values)
            return
        # A line that broke off, or a page number between label and row: identities may tell which is the surplus one.
        if not last.bounded and wanted <= len(last.values) + len(values) <= wanted + 1:
            walk.records[-1] = last._replace(values=last.values + values)
            return
    walk.orphans.append((values, None))


def _settle_orphans(walk: _Walk, next_order: int) -> None:
    """Give values whose labels were lost to the rows that are missing just there, if as many are missing and all numbers
    fit exactly. Of several rows the order alone speaks, so the identities have to confirm them."""
    orphans, walk.orphans = walk.orphans, []
    between = walk.table.rows[walk.last_order + 1 : next_order]
    unlabelled = [tuple(t for t in values if t.kind is VALUE) for values, _ in orphans]
    if not between or [len(values) for values in unlabelled] != [len(row.columns) for row in between]:
        return
    for row, values, (_, unknown) in zip(between, unlabelled, orphans, strict=True):
        walk.records.append(
            RowRecord(row.code, values, "", bounded=False, damaged=True, by_order_alone=len(between) > 1)
        )
        if unknown in walk.findings:
            walk.findings.remove(unknown)
        where = Where(values[0].page, walk.table.code, row.code)
        walk.findings.append(finding(FindingCode.LABEL_DAMAGED, row.chinese, where))
    walk.last_order = next_order - 1


def _take_stream(walk: _Walk, tokens: tuple[Token, ...]) -> None:
    """Tokens of which only the order is known: labels gather until values begin, values until labels begin again."""
    labels: list[Token] = []
    values: list[Token] = []
    for token in _each_unglued(tokens, walk):
        if token.kind in (LABEL, PROSE):
            if values:
                _close_stream_row(walk, tuple(labels), tuple(values))
                labels, values = [], []
            if token.kind is PROSE:
                labels = []
            else:
                labels.append(token)
        elif token.kind is VALUE or labels:
            values.append(token)
    _close_stream_row(walk, tuple(labels), tuple(values))


def _close_stream_row(walk: _Walk, labels: tuple[Token, ...], values: tuple[Token, ...]) -> None:
    if not values or not labels:
        _pass_labels(walk, labels)
        return
    matched = _match_last(walk, labels)
    only_blanks = all(token.kind is BLANK for token in values)
    if _ends_in_header(walk, labels) and (matched is None or only_blanks or _is_header(walk, labels)):
        walk.headers.extend(labels)
        _take_unlabelled(walk, values)
        return
    _pass_labels(walk, labels[:-1])
    _record(walk, matched, labels, values, bounded=False)


def _pass_labels(walk: _Walk, labels: tuple[Token, ...]) -> None:
    """Labels that have no values: headers, groups, and rows whose cells are lost."""
    walk.headers.extend(labels)
    if walk.records and labels:
        last = walk.records[-1]
        walk.records[-1] = last._replace(followed_by=last.followed_by + labels)


def _ends_in_header(walk: _Walk, labels: tuple[Token, ...]) -> bool:
    """Whether the values stand right behind a column word: 其他 is the name of a row too, but that has a list number."""
    last = labels[-1].text
    return normalise_label(last) in _column_words(walk.table) and not list_number(last)


def _unglue(tokens: tuple[Token, ...], walk: _Walk) -> tuple[Token, ...]:
    """The tokens of a row with its glued cells taken apart."""
    for token in tokens:
        if token.kind is LABEL and _ends_in_number(token.plain):
            return tuple(_each_unglued(tokens, walk))
    return tokens


def _ends_in_number(text: str) -> bool:
    return text[-1:].isdecimal() or text.endswith(".")


def _each_unglued(tokens: Iterable[Token], walk: _Walk) -> Iterator[Token]:
    """规章000: labels whose cells ran together, taken apart only where one way is possible."""
    for token in tokens:
        glued = token.kind is LABEL and _ends_in_number(token.plain)
        yield from _take_apart(token, walk) if glued else (token,)


def _take_apart(token: Token, walk: _Walk) -> tuple[Token, ...]:
    glued = _GLUED.fullmatch(token.plain)
    matched = match_label(glued["label"], walk.table, walk.last_order) if glued else None
    if glued is None or matched is None or matched.target.is_group or matched.score < _SURE:
        return (token,)
    row = walk.table.rows[matched.target.order]
    cells = split_digits(glued["digits"], row.columns, walk.within.get(row.code, ()))
    if cells is None:
        return (token,)
    if not are_certain(cells, row.columns, walk.within.get(row.code, ())) and row.code not in walk.doubted:
        walk.doubted.add(row.code)
        where = Where(token.page, walk.table.code, row.code, text=token.plain)
        walk.findings.append(finding(FindingCode.ALIGNMENT_AMBIGUOUS, f"{row.chinese}（各栏数字连在一起）", where))
    label = token._replace(text=glued["label"], plain=glued["label"])
    return (label, *(token._replace(text=cell, plain=cell, kind=VALUE) for cell in cells))
