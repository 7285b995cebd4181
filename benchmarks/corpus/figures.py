"""The numbers of one agency and year, drawn so that every identity of the form holds, and the text they are printed as.

Here belong the draw and the wordings of a cell (减6, 251000元). The labels, codes and editions come from the catalogue. What does
not belong here: how a cell looks on a page.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.corpus.continuity import Career
from catalogue.load import load_catalogue
from catalogue.model import Edition, Table, ValueKind

CellKey = tuple[str, str, str]  # table, row_code, column_code

# Shares of the outcomes of requests, roughly as large cities print them; the rest of the leaves share what is left.
OUTCOME_WEIGHTS = {
    "granted_full": 45.0,
    "granted_partial": 8.0,
    "unable_not_held": 22.0,
    "unable_requires_creation": 3.0,
    "unable_unclear_after_correction": 2.0,
    "not_processed_petition": 3.0,
    "other_misc": 3.0,
    "other_handling": 4.0,
}
OTHER_OUTCOME = 0.7
APPLICANT_WEIGHTS = {"natural_person": 80.0, "org_business": 12.0, "org_other": 3.0}
OTHER_APPLICANT = 1.5
_ZERO_REQUEST_SHARE = 0.55
_UPWARDS = ("{}", "+{}", "增{}", "增加{}")
_DOWNWARDS = ("-{}", "减{}", "减 {}", "减少{}")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as the filing prints it: `text` is None where the source has no such cell, `value` what a careful reader reads."""

    text: str | None
    value: Decimal | None


Figures = dict[CellKey, Printed]


def draw_figures(
    random_source: random.Random,
    edition: Edition,
    form_variant: str | None = None,
    busy: bool | None = None,
    career: Career | None = None,
) -> Figures:
    """All cells of the edition's tables. `busy` decides whether there were requests at all; None leaves it to the draw.
    With a career, what the years of the agency owe each other holds, unless `busy` says otherwise than the career."""
    if busy is None:
        busy = career.is_busy if career else random_source.random() >= _ZERO_REQUEST_SHARE
    drawers = {"T2": _draw_disclosure, "T3": _draw_applications, "T4": _draw_disputes}
    figures: Figures = {}
    for table in edition.tables:
        if table.code in drawers:
            values = drawers[table.code](random_source, table, busy, career)
            on_form = set(table.cells(form_variant))
            thousands = random_source.random() < 0.04
            for (row_code, column_code), value in values.items():
                if (row_code, column_code) in on_form:
                    kind = table.kind_of(row_code, column_code)
                    header_unit = "万元" in table.column(column_code).chinese
                    text, value = _print(random_source, value, kind, header_unit, thousands)
                    figures[(table.code, row_code, column_code)] = Printed(text, value)
    return figures


def _draw_applications(
    random_source: random.Random, table: Table, busy: bool, career: Career | None
) -> dict[tuple[str, str], Decimal]:
    applicants = table.column_sets["applicants"]
    leaves = [row.code for row in table.rows if row.leaf]
    counts = {(row.code, column.code): 0 for row in table.rows for column in table.columns}
    if busy:
        received = _spread(random_source, _draw_size(random_source), applicants, APPLICANT_WEIGHTS, OTHER_APPLICANT)
        for column, count in received.items():
            carried_in, carried_out = career.carried(column) if career else _draw_carried(random_source, count)
            count = max(count, carried_out)
            finished = count + carried_in - carried_out
            outcomes = _spread(random_source, finished, leaves, OUTCOME_WEIGHTS, OTHER_OUTCOME)
            counts["requests_received", column] = count
            counts["requests_carried_in", column] = carried_in
            counts["requests_carried_out", column] = carried_out
            counts["outcomes_total", column] = finished
            for leaf, number in outcomes.items():
                counts[leaf, column] = number
    for row in table.rows:
        counts[row.code, "total"] = sum(counts[row.code, column] for column in applicants)
    return {key: Decimal(count) for key, count in counts.items()}


def _draw_carried(random_source: random.Random, count: int) -> tuple[int, int]:
    """Requests carried in and out by a year that knows of no other."""
    carried_in = random_source.randint(0, 1 + count // 12) if random_source.random() < 0.35 else 0
    carried_out = (
        random_source.randint(0, min(count + carried_in, 1 + count // 10)) if random_source.random() < 0.4 else 0
    )
    return carried_in, carried_out


def _draw_size(random_source: random.Random) -> int:
    """Requests of a year: mostly some tens, a few thousand at the largest agencies."""
    return min(9000, 1 + int(random_source.lognormvariate(2.6, 1.5)))


def _spread(
    random_source: random.Random,
    total: int,
    codes: tuple[str, ...] | list[str],
    weights: dict[str, float],
    otherwise: float,
) -> dict[str, int]:
    """`total` items dropped into the codes; large totals by share with the rounding left to the first code."""
    shares = [weights.get(code, otherwise) * random_source.uniform(0.3, 1.7) for code in codes]
    counts = dict.fromkeys(codes, 0)
    if total <= 400:
        for code in random_source.choices(codes, shares, k=total):
            counts[code] += 1
        return counts
    whole = sum(shares)
    for code, share in zip(codes, shares, strict=True):
        counts[code] = int(total * share / whole)
    counts[codes[0]] += total - sum(counts.values())
    return counts


def _draw_disputes(
    random_source: random.Random, table: Table, busy: bool, career: Career | None
) -> dict[tuple[str, str], Decimal]:
    del career
    values: dict[tuple[str, str], Decimal] = {}
    for row in table.rows:
        some = busy and random_source.random() < 0.5
        parts = {
            code: Decimal(
                min(400, int(random_source.lognormvariate(0.2, 1.3))) if some and random_source.random() < 0.6 else 0
            )
            for code in table.column_sets["outcomes"]
        }
        values |= {(row.code, code): value for code, value in parts.items()}
        values[row.code, "total"] = sum(parts.values(), Decimal(0))
    return values


def _draw_disclosure(
    random_source: random.Random, table: Table, busy: bool, career: Career | None
) -> dict[tuple[str, str], Decimal]:
    del busy
    values = {
        (row.code, column): _draw_disclosed(random_source, row.code, column, table.kind_of(row.code, column))
        for row in table.rows
        for column in row.columns
    }
    for (row_code, column), value in values.items():
        if table.kind_of(row_code, column) is ValueKind.SIGNED_COUNT:
            shrinks = value <= values[row_code, "items_prior_year"] and random_source.random() < 0.5
            values[row_code, column] = -value if shrinks else value
    return career.follow(values) if career else values


def _draw_disclosed(random_source: random.Random, row_code: str, column_code: str, kind: ValueKind) -> Decimal:
    if random_source.random() < (0.9 if row_code == "rules" else 0.45):
        return Decimal(0)
    if kind is ValueKind.AMOUNT:
        return Decimal(int(random_source.lognormvariate(9.0, 2.2))) / Decimal(
            random_source.choice((1, 10, 100, 100, 10_000))
        )
    if kind is ValueKind.SIGNED_COUNT:
        return Decimal(random_source.choice((1, 2, 3, 5, 8, 13, 19, 26)))
    size = {"decisions": 5.0, "procurement_projects": 2.0, "disclosed_total": 3.0}.get(column_code, 1.5)
    return Decimal(min(90_000, 1 + int(random_source.lognormvariate(size, 1.8))))


def _print(
    random_source: random.Random, value: Decimal, kind: ValueKind, header_unit: bool, thousands: bool
) -> tuple[str, Decimal]:
    if kind is ValueKind.AMOUNT:
        return _print_amount(random_source, value, header_unit)
    if kind is ValueKind.SIGNED_COUNT:
        return _print_change(random_source, value)
    return (f"{value:,}" if thousands else f"{value}"), value


def _print_amount(random_source: random.Random, value: Decimal, header_unit: bool) -> tuple[str, Decimal]:
    """Amounts are drawn in 万元; without a unit above the column the agencies write their own, or none."""
    value = value.quantize(Decimal("0.0001")).normalize() if value else Decimal(0)
    plain = f"{value:f}"
    if header_unit or not value:
        return plain, value
    wording = random_source.choice(("万元", "万", " 万元", "元", ""))
    if wording == "元":
        return f"{(value * 10_000).quantize(Decimal(1))}元", value
    return f"{plain}{wording}", value


def _print_change(random_source: random.Random, value: Decimal) -> tuple[str, Decimal]:
    """本年增/减, printed as one of the ways agencies write a change."""
    if not value:
        return random_source.choice(("0", "0", "0", "持平")), value
    wording = random_source.choice(_UPWARDS if value > 0 else _DOWNWARDS)
    return wording.format(abs(value)), value


def edition_for(report_year: int, random_source: random.Random) -> tuple[Edition, str | None]:
    """The edition that is in force, seldom another, and the provincial variant of 2020."""
    catalogue = load_catalogue()
    if report_year == 2020 and random_source.random() < 0.15:
        return catalogue.edition("table_2019"), "hubei_2020"
    code = "table_2019" if report_year <= 2020 else "table_2021"
    if report_year > 2020 and random_source.random() < 0.06:
        code = "table_2019"
    return catalogue.edition(code), None
