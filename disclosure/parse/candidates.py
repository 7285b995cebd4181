"""Scanned cells: the identities choose among the readings that recognition thinks possible.

A cell read surely stands. An unsure one is taken for unknown, and of its possible readings the one is kept with which every
identity through it holds, if no other that does is nearly as likely (`likeliest`); otherwise the cell is illegible. Nothing is
chosen that recognition did not see in the picture. What does not belong here: cells of digital documents, and values computed
for cells (`reconcile`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from math import log

from catalogue.model import Catalogue, Comparison, ValueKind
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.cell_text import CellText, read_cell_text
from disclosure.parse.likeliest import Choice, Choices, choose_likeliest
from disclosure.parse.tokens import Token
from disclosure.reconcile.compiled import CompiledTable, Rule, compiled_table
from disclosure.report import Cell, CellState, TableReading

CONFIDENCE_BAR = 0.97  # a cell read less surely needs the identities to confirm it
_NEARLY_SURE = 0.9  # for cells that identities check in one direction only
_LEAST_CHANCE = 0.004  # readings less likely than this are no candidates
_POINTS = ".,，。·"

CellPlace = tuple[str, str]  # row_code, column_code


def is_recognised(tokens: Iterable[Token]) -> bool:
    """Whether cells of a table come from recognition."""
    return any(token.confidence is not None for token in tokens)


def settle_recognised(reading: TableReading, tokens: Mapping[CellPlace, Token], catalogue: Catalogue) -> TableReading:
    """The table with its unsure cells confirmed, chosen or made illegible, and findings about all that were not confirmed."""
    compiled = compiled_table(catalogue, reading.edition, reading.table, reading.form_variant)
    if compiled is None:
        return reading
    unchecked = {place for place in tokens if not _equalities(compiled, compiled.position[place])}
    unsure = {place for place, token in tokens.items() if not _is_sure(token, place in unchecked)}
    chosen = _choose(compiled, reading.cells, tokens, unsure) if unsure else {}
    cells, findings = [], list(reading.findings)
    for cell in reading.cells:
        place = (cell.row_code, cell.column_code)
        if place in unsure:
            cell, trouble = _settle(cell, tokens[place], chosen.get(place))
            findings.extend(trouble)
        cells.append(cell)
    findings.extend(_review(reading, compiled, tokens, unchecked - unsure))
    pages = sorted({token.page for token in tokens.values() if _is_from_a_line(token) and token.page is not None})
    if pages:
        words = f"第 {'、'.join(map(str, pages))} 页，{compiled.table.chinese}"
        findings.append(finding(FindingCode.OCR_UNRULED, words, Where(pages[0], reading.table)))
    return replace(reading, cells=tuple(cells), findings=tuple(findings))


def _equalities(compiled: CompiledTable, position: int) -> list[Rule]:
    """The identities that can confirm the reading of a cell."""
    return [rule for rule in compiled.sums_of[position] if rule.instance.comparison is Comparison.EQUAL]


def _is_sure(token: Token, unchecked: bool) -> bool:
    """Whether a reading stands without an identity. Where the form has none for the cell, nearly sure and read alike each time
    is enough to show it to a person."""
    if token.confidence is None:
        return True
    if _is_from_a_line(token):
        return unchecked and token.confidence >= _NEARLY_SURE
    if token.confidence >= CONFIDENCE_BAR and token.agreed is not False:
        return True
    return unchecked and token.confidence >= _NEARLY_SURE and token.agreed is True


def _is_from_a_line(token: Token) -> bool:
    """Whether a figure was not recognised by itself, but within a line of text: how sure it is, nobody knows."""
    return token.confidence is not None and token.layout is None


def _settle(cell: Cell, token: Token, chosen: CellText | None) -> tuple[Cell, list[Finding]]:
    """The cell as the identities leave it: confirmed as read, another reading in its place, or illegible."""
    where = Where(cell.page, cell.table, cell.row_code, cell.column_code, cell.printed)
    if chosen is None:
        illegible = cell._replace(state=CellState.ILLEGIBLE, value=None, suspect=False)
        return illegible, [finding(FindingCode.OCR_ILLEGIBLE, _words_for(token), where)]
    if chosen.value == cell.value:
        return cell, []
    other = cell._replace(printed=chosen.printed, state=chosen.state, value=chosen.value, note=chosen.note)
    return other, [finding(FindingCode.OCR_CHOSEN, f"{_words_for(token)}，取“{chosen.printed}”", where)]


def _words_for(token: Token) -> str:
    """All that was read in the cell."""
    readings = [token.text, *(text for text, _ in token.alternatives)]
    return " 或 ".join(f"“{text}”" for text in dict.fromkeys(readings))


def _review(
    reading: TableReading, compiled: CompiledTable, tokens: Mapping[CellPlace, Token], unchecked: set[CellPlace]
) -> Iterator[Finding]:
    """A finding for each row with cells that no identity checks and that were not surely read twice alike."""
    rows: dict[str, list[Cell]] = {}
    for cell in reading.cells:
        place = (cell.row_code, cell.column_code)
        if place in unchecked and cell.value is not None and not _is_read_twice(tokens[place]):
            rows.setdefault(cell.row_code, []).append(cell)
    for row_code, cells in rows.items():
        row = compiled.table.row(row_code).chinese
        names = [f"{row}·{compiled.table.column(cell.column_code).chinese}={cell.printed}" for cell in cells]
        column = cells[0].column_code if len(cells) == 1 else None
        yield finding(FindingCode.OCR_REVIEW, "；".join(names), Where(cells[0].page, reading.table, row_code, column))


def _is_read_twice(token: Token) -> bool:
    return token.confidence is None or (token.agreed is True and token.confidence >= CONFIDENCE_BAR)


def _choose(
    compiled: CompiledTable, cells: tuple[Cell, ...], tokens: Mapping[CellPlace, Token], unsure: set[CellPlace]
) -> dict[CellPlace, CellText]:
    """For each unsure cell the one reading with which the identities hold, where they leave one."""
    values = {
        compiled.position[place]: cell.value
        for cell in cells
        if (place := (cell.row_code, cell.column_code)) in compiled.position
        and place not in unsure
        and cell.value is not None
    }
    places = [compiled.position[place] for place in unsure if place in compiled.position]
    choices = {cell: _choices(tokens[compiled.keys[cell][1:]], compiled.kinds[cell]) for cell in places}
    domains = {cell: each for cell, each in choices.items() if each}
    rules = [
        rule
        for rule in compiled.rules
        if rule.must_hold
        and rule.instance.comparison is Comparison.EQUAL
        and all(cell in values or cell in choices for cell in rule.weights)
    ]
    chosen: dict[CellPlace, CellText] = {}
    for group in _groups(choices.keys(), rules):
        read = {cell: domains[cell] for cell in group if cell in domains}
        unread = group - read.keys()
        checking = _checking(rules, unread)
        found = choose_likeliest(read, unread, [rule.weights for rule in rules], values)
        for cell, choice in found.items():
            _, row_code, column_code = compiled.keys[cell]
            if _is_confirmed(compiled, cell, checking, tokens[row_code, column_code], choice.text):
                chosen[row_code, column_code] = choice.text
    return chosen


def _checking(rules: list[Rule], unread: set[int]) -> list[Rule]:
    """The identities that check something: one with a cell nobody read does only where another holds the same cell."""
    count = {cell: sum(cell in rule.weights for rule in rules) for cell in unread}
    return [rule for rule in rules if all(count[cell] > 1 for cell in unread & rule.weights.keys())]


def _choices(token: Token, kind: ValueKind) -> Choices:
    """The possible readings that are numbers, one per value, the likeliest first. A point at either end is a speck."""
    by_value: dict[Decimal, tuple[float, CellText]] = {}
    for text, chance in ((token.text, token.confidence or 0.0), *token.alternatives):
        for form in dict.fromkeys((text, text.strip(_POINTS))):
            read = read_cell_text(form, kind)
            if read.value is not None:
                before = by_value.get(read.value, (0.0, read))
                by_value[read.value] = (before[0] + chance, before[1])
                break
    ranked = sorted(((chance, read) for chance, read in by_value.values() if chance >= _LEAST_CHANCE), key=_by_chance)
    return tuple(Choice(read, log(ranked[0][0] / chance)) for chance, read in ranked)


def _by_chance(one: tuple[float, CellText]) -> float:
    return -one[0]


def _is_confirmed(compiled: CompiledTable, position: int, rules: list[Rule], token: Token, text: CellText) -> bool:
    """Whether an identity was there to check the cell in each direction in which the form has one.

    表四 has none along its columns, and a line of it is often one figure and the same figure as total, misread alike: there
    a reading has to be nearly sure of itself too.
    """
    wanted = {rule.direction for rule in _equalities(compiled, position)} & {"row", "column"}
    found = {rule.direction for rule in rules if position in rule.weights}
    if not wanted or not wanted <= found:
        return False
    as_read = read_cell_text(token.text, compiled.kinds[position]).value == text.value
    return len(wanted) == 2 or text.value == 0 or (as_read and (token.confidence or 0.0) >= _NEARLY_SURE)


def _groups(unsure: Iterable[int], rules: list[Rule]) -> Iterator[set[int]]:
    """Unsure cells that share identities, directly or over others."""
    waiting = set(unsure)
    while waiting:
        reached = {min(waiting)}
        frontier = set(reached)
        while frontier:
            near = {
                cell for rule in rules if frontier & rule.weights.keys() for cell in rule.weights if cell in waiting
            }
            frontier = near - reached
            reached |= near
        waiting -= reached
        yield reached
