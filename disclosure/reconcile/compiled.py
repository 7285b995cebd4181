"""The identities of one statutory table as index arrays over its cells.

Every table of a report is held against some fifty instances, so the look-up of codes happens once per edition, table
and provincial variant. No value of a report belongs here, and no rule: the rules come from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Comparison, Identity, IdentityInstance, Table, ValueKind
from disclosure.report import CellKey

SUMS = frozenset({Comparison.EQUAL, Comparison.AT_MOST, Comparison.AT_LEAST})
EACH = frozenset({Comparison.EACH_NOT_NEGATIVE, Comparison.EACH_INTEGER, Comparison.EACH_WITHIN_MAXIMUM})


@dataclass(frozen=True, slots=True)
class Rule:
    """An identity instance over cell positions. `weights` is the sign of each cell in left - right."""

    place: int  # in CompiledTable.rules
    identity: Identity
    instance: IdentityInstance
    left: tuple[tuple[int, int], ...]  # (cell, sign)
    right: tuple[tuple[int, int], ...]
    weights: dict[int, int]
    direction: str  # row, column or table
    must_hold: bool
    is_sum: bool  # compares two sums, else judges every value by itself


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """The cells of a form's table in print order, and everything the identities say about them."""

    table: Table
    keys: tuple[CellKey, ...]
    position: dict[tuple[str, str], int]  # (row_code, column_code) -> index into `keys`
    kinds: tuple[ValueKind, ...]
    not_negative: tuple[bool, ...]  # G-01 holds the cell to be at least 0
    maximum: tuple[Decimal, ...]  # G-04
    rules: tuple[Rule, ...]  # those of the ledger, in the catalogue's order
    sums_of: tuple[tuple[Rule, ...], ...]  # per cell: the must-hold sums that contain it
    each_of: tuple[tuple[Rule, ...], ...]  # per cell: the must-hold rules about the single value


_compiled: dict[int, tuple[Catalogue, dict[tuple[str, str, str | None], CompiledTable | None]]] = {}


def compiled_table(catalogue: Catalogue, edition: str, table: str, form_variant: str | None) -> CompiledTable | None:
    """The compiled form of a table, made once per catalogue object; None when the edition has no such table."""
    _, tables = _compiled.setdefault(id(catalogue), (catalogue, {}))
    key = (edition, table, form_variant)
    if key not in tables:
        tables[key] = _compile(catalogue, *key)
    return tables[key]


def _compile(catalogue: Catalogue, edition: str, table_code: str, form_variant: str | None) -> CompiledTable | None:
    table = catalogue.edition(edition).table(table_code)
    if table is None:
        return None
    cells = table.cells(form_variant)
    position = {cell: index for index, cell in enumerate(cells)}
    instances = [
        instance
        for instance in catalogue.instances_of(edition, table_code, form_variant)
        if instance.comparison in SUMS | EACH
    ]
    rules = tuple(
        _compile_rule(place, instance, _identity_of(catalogue, instance), position)
        for place, instance in enumerate(instances)
    )
    kinds = tuple(table.kind_of(*cell) for cell in cells)
    signed_only = _cells_of(rules, Comparison.EACH_NOT_NEGATIVE)
    containing = [[rule for rule in rules if rule.must_hold and index in rule.weights] for index in range(len(cells))]
    return CompiledTable(
        table=table,
        keys=tuple((table_code, row, column) for row, column in cells),
        position=position,
        kinds=kinds,
        not_negative=tuple(i in signed_only and kind is not ValueKind.SIGNED_COUNT for i, kind in enumerate(kinds)),
        maximum=tuple(table.maximum_of(*cell) for cell in cells),
        rules=rules,
        sums_of=tuple(tuple(rule for rule in of_cell if rule.is_sum) for of_cell in containing),
        each_of=tuple(tuple(rule for rule in of_cell if not rule.is_sum) for of_cell in containing),
    )


def _compile_rule(
    place: int, instance: IdentityInstance, identity: Identity, position: dict[tuple[str, str], int]
) -> Rule:
    left = tuple((position[term.row_code, term.column_code], term.sign) for term in instance.left)
    right = tuple((position[term.row_code, term.column_code], term.sign) for term in instance.right)
    weights: dict[int, int] = {}
    for cell, sign in left:
        weights[cell] = weights.get(cell, 0) + sign
    for cell, sign in right:
        weights[cell] = weights.get(cell, 0) - sign
    return Rule(
        place,
        identity,
        instance,
        left,
        right,
        weights,
        direction=instance.scope.partition(":")[0],
        must_hold=instance.severity.must_hold,
        is_sum=instance.comparison in SUMS,
    )


def _identity_of(catalogue: Catalogue, instance: IdentityInstance) -> Identity:
    return next(
        identity
        for identity in catalogue.identities
        if identity.rule_id == instance.rule_id and instance.edition in identity.editions
    )


def _cells_of(rules: tuple[Rule, ...], comparison: Comparison) -> frozenset[int]:
    return frozenset(
        cell for rule in rules if rule.must_hold and rule.instance.comparison is comparison for cell in rule.weights
    )
