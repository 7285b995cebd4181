"""Scanned cells: the identities choose among the readings that recognition thinks possible.

A cell read surely stands. An unsure one is taken for unknown, and of its possible readings the one is kept with which every
identity through it holds, if there is exactly one; otherwise the cell is illegible. Nothing is chosen that recognition did not
see in the picture. What does not belong here: cells of digital documents, and values computed for cells (`reconcile`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from catalogue.model import Catalogue, Comparison, ValueKind
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.cell_text import CellText, read_cell_text
from disclosure.parse.tokens import Token
from disclosure.reconcile.compiled import CompiledTable, Rule, compiled_table
from disclosure.report import Cell, CellState, TableReading

CONFIDENCE_BAR = 0.97  # a cell read less surely needs the identities to confirm it
_NEARLY_SURE = 0.9  # for cells that identities check in one direction only
_LEAST_CHANCE = 0.004  # readings less likely than this are no candidates
_MOST_STEPS = 5_000  # of one search; cells that need more stay illegible
_MOST_SOLUTIONS = 60

CellPlace = tuple[str, str]  # row_code, column_code
Domains = dict[int, tuple[CellText, ...]]  # by cell position: the readings still possible


def is_recognised(tokens: Iterable[Token]) -> bool:
    """Whether cells of a table come from recognition."""
    return any(token.confidence is not None for token in tokens)


def settle_recognised(reading: TableReading, tokens: Mapping[CellPlace, Token], catalogue: Catalogue) -> TableReading:
    """The table with its unsure cells confirmed, chosen or made illegible, and findings about all that were not confirmed."""
    compiled = compiled_table(catalogue, reading.edition, reading.table, reading.form_variant)
    if compiled is None:
        return reading
    unsure = {place for place, token in tokens.items() if not _is_sure(token)}
    chosen = _choose(compiled, reading.cells, tokens, unsure) if unsure else {}
    cells, findings = [], list(reading.findings)
    for cell in reading.cells:
        place = (cell.row_code, cell.column_code)
        if place in unsure:
            cell, trouble = _settle(cell, tokens[place], chosen.get(place))
            findings.extend(trouble)
        cells.append(cell)
    findings.extend(_review(reading, compiled, tokens, unsure))
    return replace(reading, cells=tuple(cells), findings=tuple(findings))


def _is_sure(token: Token) -> bool:
    return token.confidence is None or (token.confidence >= CONFIDENCE_BAR and token.agreed is not False)


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
    reading: TableReading, compiled: CompiledTable, tokens: Mapping[CellPlace, Token], unsure: set[CellPlace]
) -> Iterator[Finding]:
    """One finding for the cells that no identity checks and that were not read twice alike."""
    unchecked = [
        cell
        for cell in reading.cells
        if (place := (cell.row_code, cell.column_code)) in tokens
        and place not in unsure
        and cell.value is not None
        and tokens[place].confidence is not None
        and tokens[place].agreed is not True
        and not compiled.sums_of[compiled.position[place]]
    ]
    if unchecked:
        names = [
            f"{compiled.table.row(cell.row_code).chinese}·{compiled.table.column(cell.column_code).chinese}={cell.printed}"
            for cell in unchecked
        ]
        yield finding(FindingCode.OCR_REVIEW, "；".join(names), Where(unchecked[0].page, reading.table))


def _choose(
    compiled: CompiledTable, cells: tuple[Cell, ...], tokens: Mapping[CellPlace, Token], unsure: set[CellPlace]
) -> dict[CellPlace, CellText]:
    """For each unsure cell the one reading with which the identities hold, where they leave one."""
    values: list[Decimal | None] = [None] * len(compiled.keys)
    for cell in cells:
        place = (cell.row_code, cell.column_code)
        if place in compiled.position and place not in unsure:
            values[compiled.position[place]] = cell.value
    domains = {
        position: readings
        for place in unsure
        if (position := compiled.position[place]) is not None
        and (readings := _readings(tokens[place], compiled.kinds[position]))
    }
    rules = [
        rule
        for rule in compiled.rules
        if rule.must_hold
        and rule.instance.comparison is Comparison.EQUAL
        and all(values[cell] is not None or cell in domains for cell in rule.weights)
    ]
    chosen: dict[CellPlace, CellText] = {}
    for group in _groups(domains, rules):
        for position, text in _solve_group(group, rules, values).items():
            _, row_code, column_code = compiled.keys[position]
            if _is_confirmed(compiled, position, rules, tokens[row_code, column_code], text):
                chosen[row_code, column_code] = text
    return chosen


def _readings(token: Token, kind: ValueKind) -> tuple[CellText, ...]:
    """The possible readings that are numbers, one per value, as read first."""
    by_value: dict[Decimal, CellText] = {}
    for text, chance in ((token.text, 1.0), *token.alternatives):
        read = read_cell_text(text, kind)
        if read.value is not None and chance >= _LEAST_CHANCE:
            by_value.setdefault(read.value, read)
    return tuple(by_value.values())


def _is_confirmed(compiled: CompiledTable, position: int, rules: list[Rule], token: Token, text: CellText) -> bool:
    """Whether an identity was there to check the cell in each direction in which the form has one.

    表四 has none along its columns, and a line of it is often one figure and the same figure as total, misread alike: there
    a reading has to be nearly sure of itself too.
    """
    wanted = {rule.direction for rule in compiled.sums_of[position]} & {"row", "column"}
    found = {rule.direction for rule in rules if position in rule.weights}
    if not wanted or not wanted <= found:
        return False
    as_read = read_cell_text(token.text, compiled.kinds[position]).value == text.value
    return len(wanted) == 2 or text.value == 0 or (as_read and (token.confidence or 0.0) >= _NEARLY_SURE)


def _groups(domains: Domains, rules: list[Rule]) -> Iterator[Domains]:
    """Unsure cells that share identities, directly or over others."""
    waiting = dict(domains)
    while waiting:
        reached = {next(iter(waiting))}
        frontier = set(reached)
        while frontier:
            near = {
                cell for rule in rules if frontier & rule.weights.keys() for cell in rule.weights if cell in waiting
            }
            frontier = near - reached
            reached |= near
        yield {cell: waiting.pop(cell) for cell in list(waiting) if cell in reached}


def _solve_group(group: Domains, rules: list[Rule], values: list[Decimal | None]) -> dict[int, CellText]:
    """The readings common to all assignments of the group that keep every identity.

    Where there is none, the true reading of one cell may be missing from its candidates: if leaving out exactly one cell
    helps, the others are settled without it.
    """
    touching = [rule for rule in rules if group.keys() & rule.weights.keys()]
    settled = _common(group, touching, values)
    if settled is not None:
        return settled
    without = []
    for left_out in group:
        rest = {cell: readings for cell, readings in group.items() if cell != left_out}
        remaining = [rule for rule in touching if left_out not in rule.weights]
        settled = _common(rest, remaining, values)
        if settled is not None:
            without.append({cell: text for cell, text in settled.items() if any(cell in r.weights for r in remaining)})
    return without[0] if len(without) == 1 else {}


def _common(group: Domains, rules: list[Rule], values: list[Decimal | None]) -> dict[int, CellText] | None:
    """The readings on which all solutions agree; None when there is no solution, nothing when there are too many."""
    budget = [_MOST_STEPS]
    solutions = list(islice(_search(group, rules, values, budget), _MOST_SOLUTIONS))
    if budget[0] <= 0 or len(solutions) >= _MOST_SOLUTIONS:
        return {}
    if not solutions:
        return None
    first = solutions[0]
    return {cell: text for cell, text in first.items() if all(other[cell].value == text.value for other in solutions)}


def _search(
    domains: Domains, rules: list[Rule], values: list[Decimal | None], budget: list[int]
) -> Iterator[dict[int, CellText]]:
    """Every assignment of readings that keeps the rules."""
    budget[0] -= 1
    narrowed = _narrow(domains, rules, values) if budget[0] > 0 else None
    if narrowed is None:
        return
    undecided = [cell for cell, readings in narrowed.items() if len(readings) > 1]
    if not undecided:
        yield {cell: readings[0] for cell, readings in narrowed.items()}
        return
    cell = min(undecided, key=lambda one: len(narrowed[one]))
    for text in narrowed[cell]:
        yield from _search({**narrowed, cell: (text,)}, rules, values, budget)


def _narrow(domains: Domains, rules: list[Rule], values: list[Decimal | None]) -> Domains | None:
    """The readings that a rule with one undecided cell leaves; None when a rule cannot hold."""
    narrowed = dict(domains)
    progress = True
    while progress:
        progress = False
        for rule in rules:
            balance, undecided = _balance(rule, narrowed, values)
            if not undecided:
                if balance != 0:
                    return None
                continue
            if len(undecided) > 1:
                continue
            (cell,) = undecided
            fitting = tuple(text for text in narrowed[cell] if rule.weights[cell] * (text.value or 0) == -balance)
            if not fitting:
                return None
            narrowed[cell] = fitting
            progress = True
    return narrowed


def _balance(rule: Rule, domains: Domains, values: list[Decimal | None]) -> tuple[Decimal, list[int]]:
    """Left side minus right side over the decided cells, and the cells still undecided."""
    balance, undecided = Decimal(0), []
    for cell, weight in rule.weights.items():
        readings = domains.get(cell)
        if readings is not None and len(readings) > 1:
            undecided.append(cell)
        else:
            value = readings[0].value if readings else values[cell]
            balance += weight * (value or Decimal(0))
    return balance, undecided
