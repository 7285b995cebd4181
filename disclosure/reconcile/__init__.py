"""Hold the cells of a report to the identities of their tables, and decide what each cell publishes.

In order: every identity is evaluated on the figures as printed (`evaluate`), the cells in doubt of a broken table are
found (`repair`), unknown cells are imputed where row and column agree (`impute`), and each cell gets its published
value and its source here. Decisions of people come in before the judgement (`decide`), explanations after it (`explain`). What does not belong here: reading cells, and rules across years or between tables and
prose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue
from disclosure.decisions import Action, Decision
from disclosure.findings import Finding
from disclosure.reconcile.compiled import CompiledTable, compiled_table
from disclosure.reconcile.decide import in_force, publish_decided, take_decisions
from disclosure.reconcile.evaluate import Evaluation, evaluate
from disclosure.reconcile.explain import DoubtedTable
from disclosure.reconcile.impute import holding_rules, holds_both_ways, impute, leave_secure
from disclosure.reconcile.repair import Doubt, find_doubtful
from disclosure.reconcile.wording import describe_broken, describe_withheld
from disclosure.report import Cell, CellKey, CellState, IdentityOutcome, Outcome, TableReading, ValueSource

__all__ = ["Reconciled", "reconcile"]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The cells with what they publish, the ledger of the report, what a clerk should look at, the tables left to
    explain, and the cells whose print a person has confirmed."""

    cells: tuple[Cell, ...] = ()
    identities: tuple[IdentityOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    doubted: tuple[DoubtedTable, ...] = ()
    confirmed: frozenset[CellKey] = frozenset()


def reconcile(
    readings: tuple[TableReading, ...], catalogue: Catalogue, decisions: Sequence[Decision] = ()
) -> Reconciled:
    """Reconcile every table of a report.

    `printed` and `value` come out as they went in; only the imputed, suggested and published values are filled
    (docs/methodology.md). The ledger judges the values as printed; what is published is judged with the decisions in force.
    """
    taken = [in_force(reading, decisions) if decisions else {} for reading in readings]
    parts = [_reconcile_table(reading, catalogue, each) for reading, each in zip(readings, taken, strict=True)]
    return Reconciled(
        cells=tuple(cell for part in parts for cell in part.cells),
        identities=tuple(outcome for part in parts for outcome in part.identities),
        findings=tuple(found for part in parts for found in part.findings),
        doubted=tuple(table for part in parts for table in part.doubted),
        confirmed=frozenset(
            each.key for about in taken for each in about.values() if each.action is Action.CONFIRM_PRINTED
        ),
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """Per cell position: what was determined from other cells and which of it no doubt touches, what is in doubt, which
    doubtful readings hold, and the figures without doubtful readings."""

    determined: dict[int, Decimal]
    secure: dict[int, Decimal]
    doubt: Doubt
    confirmed: frozenset[int]
    trusted: tuple[Decimal | None, ...]


def _reconcile_table(reading: TableReading, catalogue: Catalogue, decisions: Mapping[CellKey, Decision]) -> Reconciled:
    compiled = compiled_table(catalogue, reading.edition, reading.table, reading.form_variant)
    judged = take_decisions(reading, decisions)
    if compiled is None:
        return Reconciled(cells=_decided(reading, [_publish_printed(cell) for cell in judged.cells], decisions))
    places = [compiled.position.get((cell.row_code, cell.column_code)) for cell in judged.cells]
    ledger = evaluate(compiled, _place_values(compiled, reading.cells, places))
    identities = tuple(_outcome(compiled, evaluation) for evaluation in ledger)
    values = _place_values(compiled, judged.cells, places)
    evaluations = evaluate(compiled, values) if decisions else ledger
    if _is_clean(judged, evaluations):
        cells = _decided(reading, [_publish_printed(cell) for cell in judged.cells], decisions)
        return Reconciled(cells, identities, _describe(compiled, cells, ledger))
    settled = _settle(compiled, judged, places, values, evaluations)
    published = [_publish(cell, place, settled) for cell, place in zip(judged.cells, places, strict=True)]
    cells = _decided(reading, published, decisions)
    doubted = (DoubtedTable(judged, compiled, settled.trusted, settled.doubt),) if settled.doubt.faults else ()
    return Reconciled(cells, identities, _describe(compiled, cells, ledger), doubted)


def _place_values(compiled: CompiledTable, cells: Iterable[Cell], places: Iterable[int | None]) -> list[Decimal | None]:
    """The figures in the order of the form; cells that no edition's form has are left out."""
    values: list[Decimal | None] = [None] * len(compiled.keys)
    for cell, place in zip(cells, places, strict=True):
        if place is not None:
            values[place] = cell.value
    return values


def _decided(
    reading: TableReading, published: Sequence[Cell], decisions: Mapping[CellKey, Decision]
) -> tuple[Cell, ...]:
    if not decisions:
        return tuple(published)
    return tuple(
        publish_decided(original, cell, decisions.get(cell.key))
        for original, cell in zip(reading.cells, published, strict=True)
    )


def _is_clean(reading: TableReading, ledger: Sequence[Evaluation]) -> bool:
    return all(each.outcome is Outcome.HOLDS for each in ledger) and not any(
        cell.suspect or cell.value is None for cell in reading.cells
    )


def _settle(
    compiled: CompiledTable,
    reading: TableReading,
    places: Sequence[int | None],
    printed: Sequence[Decimal | None],
    ledger: Sequence[Evaluation],
) -> _Settled:
    """Judge the trusted figures without the doubtful readings, withhold, then fill what is left unknown."""
    by_place = {place: cell for cell, place in zip(reading.cells, places, strict=True) if place is not None}
    doubtful_readings = {place for place, cell in by_place.items() if cell.suspect and cell.value is not None}
    trusted = [None if place in doubtful_readings else value for place, value in enumerate(printed)]
    evaluations = evaluate(compiled, trusted) if doubtful_readings else ledger
    doubt = find_doubtful(compiled, trusted, evaluations)
    failing = {each.rule.place for each in evaluations if each.outcome is Outcome.BROKEN and each.rule.is_sum}
    known = [None if place in doubt.cells else value for place, value in enumerate(trusted)]
    never_filled = doubt.cells | {place for place, cell in by_place.items() if cell.state is CellState.NOT_APPLICABLE}
    fillable = {place for place, value in enumerate(known) if value is None and place not in never_filled}
    determined = impute(compiled, known, fillable, failing) if fillable else {}
    confirmed = _confirm(compiled, printed, doubtful_readings, determined, ledger) if doubtful_readings else frozenset()
    secure = leave_secure(compiled, determined, known, (doubtful_readings - confirmed) | doubt.cells)
    return _Settled(determined, secure, doubt, confirmed, tuple(trusted))


def _confirm(
    compiled: CompiledTable,
    printed: Sequence[Decimal | None],
    doubtful_readings: set[int],
    determined: dict[int, Decimal],
    ledger: Sequence[Evaluation],
) -> frozenset[int]:
    """The doubtful readings that equal what the other cells determine, or that tie by row and by column as printed."""
    offenders = {place for each in ledger if each.rule.must_hold for place in each.offenders}
    holding = holding_rules(compiled, printed)
    return frozenset(
        place
        for place in doubtful_readings
        if determined.get(place) == printed[place]
        or (place not in determined and place not in offenders and holds_both_ways(compiled, place, holding))
    )


def _publish_printed(cell: Cell) -> Cell:
    """What a cell publishes when no identity has anything to say about it."""
    if cell.value is None:
        return _publishing(cell, ValueSource.NULL)
    if cell.suspect:
        return _publishing(cell, ValueSource.WITHHELD)
    return _publishing(cell, ValueSource.PRINTED, published=cell.value)


def _publish(cell: Cell, place: int | None, settled: _Settled) -> Cell:
    """What a cell publishes: as printed, imputed, withheld, or nothing."""
    if place is None:
        return _publish_printed(cell)
    if cell.value is None:
        imputed = settled.secure.get(place)
        if imputed is None:
            return _publish_printed(cell)
        return _publishing(cell, ValueSource.IMPUTED, imputed=imputed, published=imputed)
    if place in settled.doubt.cells:
        return _publishing(cell, ValueSource.WITHHELD, suggested=settled.doubt.suggestions.get(place))
    if cell.suspect and place not in settled.confirmed:
        return _publishing(cell, ValueSource.WITHHELD, suggested=settled.determined.get(place))
    return _publishing(cell, ValueSource.PRINTED, published=cell.value)


def _publishing(
    cell: Cell,
    source: ValueSource,
    imputed: Decimal | None = None,
    suggested: Decimal | None = None,
    published: Decimal | None = None,
) -> Cell:
    """The cell as read with what was decided about it. Every cell of a report comes through here: `replace` takes three
    times as long, fields by name twice as long."""
    return Cell(
        cell.table,
        cell.row_code,
        cell.column_code,
        cell.printed,
        cell.state,
        cell.value,
        cell.note,
        cell.approximate,
        cell.suspect,
        imputed,
        suggested,
        published,
        source,
        cell.page,
        cell.box,
        cell.grid,
        cell.grid_row,
        cell.grid_column,
        cell.confidence,
    )


def _outcome(compiled: CompiledTable, evaluation: Evaluation) -> IdentityOutcome:
    instance = evaluation.rule.instance
    missing = tuple([compiled.keys[cell] for cell in evaluation.missing])
    return IdentityOutcome(
        instance.rule_id,
        instance.table,
        instance.scope,
        evaluation.outcome,
        evaluation.left,
        evaluation.right,
        missing,
    )


def _describe(compiled: CompiledTable, cells: Sequence[Cell], ledger: Sequence[Evaluation]) -> tuple[Finding, ...]:
    breaks = [each for each in ledger if each.outcome is Outcome.BROKEN]
    by_key = {cell.key: cell for cell in cells} if breaks else {}
    broken = [found for each in breaks for found in describe_broken(compiled, each, by_key)]
    source = ValueSource.WITHHELD
    withheld = [
        describe_withheld(compiled.table, cell)
        for cell in cells
        if cell.value_source is source and (cell.row_code, cell.column_code) in compiled.position
    ]
    return tuple(broken + withheld)
